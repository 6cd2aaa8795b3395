"""The programs of the platform: how each is started, and how it is known to be ready."""

from __future__ import annotations

import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from router.dev.folder import DataFolder

SUBGRAPHS = ("sessions", "tasks", "models", "search")


@dataclass(frozen=True, slots=True)
class Program:
    """One child process. It is ready once `health` answers 200, or, without one, once it has printed a line.

    A store ends after everything that uses it, and what it prints is secret.
    """

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    health: str | None = None
    store: bool = False

    def command(self, supervisor: int) -> list[str]:
        """The command line; the child ends when the process `supervisor` does."""
        return [sys.executable, "-m", "fedra", "--with-parent", str(supervisor), *self.arguments]


@dataclass(frozen=True, slots=True)
class Ports:
    """Where each program listens on 127.0.0.1."""

    router: int
    postgres: int
    subgraphs: Mapping[str, int]

    @classmethod
    def choose(cls, router: int) -> Ports:
        """Take free ports for everything but the router. All are held until all are chosen, so they differ."""
        probes = [socket.socket() for _ in range(1 + len(SUBGRAPHS))]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        postgres, *rest = (int(probe.getsockname()[1]) for probe in probes)
        for probe in probes:
            probe.close()
        return cls(router, postgres, dict(zip(SUBGRAPHS, rest, strict=True)))

    def url(self, subgraph: str) -> str:
        """Where a subgraph answers GraphQL."""
        return f"http://127.0.0.1:{self.subgraphs[subgraph]}/graphql"


def postgres(folder: DataFolder, ports: Ports) -> Program:
    """The embedded store. It prints the URLs of its database, by role, once it answers."""
    arguments = ("postgres", "--data", str(folder.postgres), "--port", str(ports.postgres))
    return Program("postgres", arguments, store=True)


def services(folder: DataFolder, ports: Ports, databases: Mapping[str, str], documents: Path) -> tuple[Program, ...]:
    """The four subgraphs and the worker, each with the same environment."""
    environment = {
        "FEDRA_DATABASE_URL": databases["app"],
        "FEDRA_DATABASE_OWNER_URL": databases["owner"],
        "FEDRA_DATABASE_SYSTEM_URL": databases["system"],
        "FEDRA_INTERNAL_JWKS": str(folder.internal_jwks),
        "FEDRA_SERVICE_KEY": str(folder.service_key),
        "FEDRA_MILVUS_URI": str(folder.milvus),
        "FEDRA_OIP_URL": ports.url("models").removesuffix("/graphql"),
        "FEDRA_INGEST_ROOTS": str(documents),
        "FEDRA_DEMO": "1",
        "FEDRA_DEBUG": "1",
        **{f"FEDRA_{name.upper()}_URL": ports.url(name) for name in SUBGRAPHS},
    }
    subgraphs = tuple(
        Program(name, ("subgraph", name, "--port", str(port)), environment, f"http://127.0.0.1:{port}/health")
        for name, port in ports.subgraphs.items()
    )
    return (*subgraphs, Program("worker", ("worker",), environment))


def compose(folder: DataFolder) -> Program:
    """Read the schema of every running subgraph and write the supergraph; ends when done."""
    return Program("compose", ("compose", "--config", str(folder.composition), "--output", str(folder.supergraph)))


def router(folder: DataFolder, ports: Ports) -> Program:
    """The router over the composed supergraph."""
    arguments = ("router", "--supergraph", str(folder.supergraph), "--config", str(folder.router_config))
    health = f"http://127.0.0.1:{ports.router}/health"
    return Program("router", (*arguments, "--port", str(ports.router)), health=health)
