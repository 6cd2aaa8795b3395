"""What a worker holds once it serves: as it comes, with each thing that needs a library, and with the whole door.

usage: python -m bench.memory

Each line is a router of its own over the supergraph of the gateways benchmark, before the first operation of a client.
Units: megabytes that are resident, those of the planner process not counted.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from bench.fedra_peers import fedra_door, fedra_with
from bench.identity import issue
from bench.peer import Command, Order, Peer, free_port
from bench.processes import usage
from bench.rounds import Stand
from bench.workloads import WORKLOADS

NOWHERE = "127.0.0.1:1"

Settings = Callable[[Order], Mapping[str, object]]

PARTS: Mapping[str, Settings] = {
    "as it comes": lambda _: {},
    "tokens": lambda order: {"authentication": {"router": {"jwt": {"jwks": [{"url": str(order.jwks)}]}}}},
    "Prometheus": lambda _: _exporting("metrics", {"prometheus": {"enabled": True, "listen": _address()}}),
    "traces": lambda _: _exporting("tracing", {"otlp": {"enabled": True, "endpoint": f"http://{NOWHERE}"}}),
    "Redis": lambda _: {"apq": {"redis": {"url": f"redis://{NOWHERE}"}}},
    "TLS": lambda order: {"override_subgraph_url": dict.fromkeys(order.graph.sdl, f"https://{NOWHERE}")},
}


def main() -> None:
    """Start one after the other, and print a line for each."""
    commands: dict[str, Callable[[Order], Command]] = {
        name: partial(_started_with, settings) for name, settings in PARTS.items()
    }
    for name, command in (commands | {"door": fedra_door}).items():
        print(f"{name:12} {_resident(Peer(name, ('none',), command, str)):6.1f}")


def _started_with(settings: Settings, order: Order) -> Command:
    return fedra_with(order, settings(order))


def _resident(peer: Peer) -> float:
    graph, url = WORKLOADS[0].graph, f"http://{NOWHERE}"
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        stand = Stand(graph, url, graph.supergraph(url), Path(folder))
        issue(stand.jwks)
        running = stand.start(stack, peer, "none")
        stand.await_all([running])
        return usage(running.process.pid).memory_mb


def _exporting(kind: str, to: Mapping[str, object]) -> Mapping[str, object]:
    return {"telemetry": {"exporters": {kind: dict(to)}}}


def _address() -> str:
    return f"127.0.0.1:{free_port()}"


if __name__ == "__main__":
    main()
