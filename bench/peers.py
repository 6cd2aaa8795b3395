"""The routers that are measured: how each is had, started, and told what to share."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from importlib.metadata import version

from bench.fedra_peers import FEDRA, fedra, fedra_door
from bench.graphs.graph import LINK
from bench.peer import ROOT, Command, Order, Peer, written

NPM = ROOT / "bench" / "npm"
INSTALLED = ROOT / ".cache" / "bench" / "npm"
LOCKED = (".npmrc", "package.json", "package-lock.json")
WGC = "wgc@0.112.7"
"""Writes what Cosmo Router reads; had from npm when that router is."""


def install() -> None:
    """Install what the lock names, once for each lock. Raises: OSError, CalledProcessError."""
    INSTALLED.mkdir(parents=True, exist_ok=True)
    stamp, current = INSTALLED / "node_modules" / ".installed", "".join((NPM / name).read_text() for name in LOCKED)
    if not stamp.exists() or stamp.read_text() != current:
        for name in LOCKED:
            shutil.copy(NPM / name, INSTALLED)
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=INSTALLED, check=True)  # noqa: S607
        stamp.write_text(current)
    for program in NPM.glob("*.mjs"):
        shutil.copy(program, INSTALLED)  # a module is looked for beside the one that imports it


def _apollo(order: Order) -> Command:
    arguments = ("node", "apollo.mjs", str(order.supergraph), str(order.port))
    return Command(arguments, {"NODE_ENV": "production"}, INSTALLED)


def _hive(flag: str) -> Callable[[Order], Command]:
    def command(order: Order) -> Command:
        served = ("supergraph", str(order.supergraph), "--host", "127.0.0.1", "--port", str(order.port), flag)
        arguments = ("node_modules/.bin/hive-gateway", *served, "--config-path", "hive.config.mjs", "--polling", "1h")
        environment = {"NODE_ENV": "production", "BENCH_MODE": order.mode, "LOG_LEVEL": "error"}
        return Command(arguments, environment, INSTALLED)

    return command


def _hive_router(order: Order) -> Command:
    shared = {
        "all": {"dedupe_enabled": order.mode != "none"},
        "router": {"dedupe": {"enabled": order.mode == "request"}},
    }
    settings = {
        "supergraph": {"source": "file", "path": str(order.supergraph)},
        "http": {"host": "127.0.0.1", "port": order.port},
        "traffic_shaping": shared,
    }
    written(order, "router.config.yaml", settings)
    return Command((os.environ["HIVE_ROUTER"],), {}, order.folder)


def _apollo_router(order: Order) -> Command:
    settings = {
        "supergraph": {"path": "/graphql", "listen": f"127.0.0.1:{order.port}"},
        "health_check": {"enabled": False},
        "traffic_shaping": {"all": {"deduplicate_query": order.mode == "subgraph"}},
    }
    config = written(order, "router.yaml", settings)
    arguments = (os.environ["APOLLO_ROUTER"], "--supergraph", str(order.supergraph), "--config", str(config))
    return Command(arguments, {"APOLLO_TELEMETRY_DISABLED": "true"}, order.folder)


def _cosmo_router(order: Order) -> Command:
    for name, sdl in order.graph.sdl.items():
        (order.folder / f"{name}.graphql").write_text(LINK + sdl)
    subgraphs = [
        {"name": name, "routing_url": f"{order.subgraphs}/{name}", "schema": {"file": f"{name}.graphql"}}
        for name in order.graph.sdl
    ]
    written(order, "graph.yaml", {"version": 1, "subgraphs": subgraphs})
    compose = ("npx", "--yes", WGC, "router", "compose", "--input", "graph.yaml", "--out", "config.json")
    subprocess.run(compose, cwd=order.folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    off = (
        "TRACING_ENABLED",
        "METRICS_ENABLED",
        "METRICS_OTLP_ENABLED",
        "GRAPHQL_METRICS_ENABLED",
        "PROMETHEUS_ENABLED",
    )
    environment = {
        **dict.fromkeys(off, "false"),
        "LOG_LEVEL": "fatal",
        "LISTEN_ADDR": f"127.0.0.1:{order.port}",
        "ROUTER_CONFIG_PATH": "config.json",
        "ENGINE_ENABLE_SINGLE_FLIGHT": str(order.mode != "none").lower(),
        "ENGINE_ENABLE_INBOUND_REQUEST_DEDUPLICATION": str(order.mode == "request").lower(),
    }
    return Command((os.environ["COSMO_ROUTER"],), environment, order.folder)


def _package(*names: str) -> Callable[[], str]:
    def told() -> str:
        files = {name: INSTALLED / "node_modules" / name / "package.json" for name in names}
        return ", ".join(f"{name} {json.loads(path.read_text())['version']}" for name, path in files.items())

    return told


def _binary(variable: str) -> Callable[[], str]:
    def told() -> str:
        asked = subprocess.run(  # noqa: S603
            [os.environ[variable], "--version"], capture_output=True, text=True, timeout=20, check=False
        )
        return next(iter((asked.stdout + asked.stderr).splitlines()), "version not told")

    return told


ALL = ("none", "subgraph", "request")

PEERS = (
    Peer("fedra", tuple(FEDRA), fedra, lambda: f"fedra {version('fedra')}"),
    Peer(
        "fedra-door",
        tuple(FEDRA),
        fedra_door,
        lambda: "with every protection of the door, metrics and 1 % of the requests traced",
    ),
    Peer("apollo-gateway", ("none",), _apollo, _package("@apollo/gateway", "@apollo/server"), is_of_npm=True),
    Peer("hive-gateway-jit", ALL, _hive("--jit"), _package("@graphql-hive/gateway"), is_of_npm=True),
    Peer(
        "hive-gateway-rust",
        ALL,
        _hive("--hive-router-runtime"),
        _package("@graphql-hive/gateway", "@graphql-hive/router-runtime"),
        is_of_npm=True,
    ),
    Peer("hive-router", ALL, _hive_router, _binary("HIVE_ROUTER"), "HIVE_ROUTER"),
    Peer("apollo-router", ("none", "subgraph"), _apollo_router, _binary("APOLLO_ROUTER"), "APOLLO_ROUTER"),
    Peer("cosmo-router", ALL, _cosmo_router, _binary("COSMO_ROUTER"), "COSMO_ROUTER"),
)
