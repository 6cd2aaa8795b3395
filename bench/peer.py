"""What a router that is measured is: how it is started, and told what to serve and what to share."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from bench.graphs.graph import Graph

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Order:
    """What a router is to serve, and where. The folder is its own."""

    graph: Graph
    subgraphs: str
    """URL of the subgraphs, without their names."""
    supergraph: Path
    jwks: Path
    """Keys of the token that comes with each request."""
    collector: str
    """Takes what telemetry sends."""
    folder: Path
    port: int
    mode: str


@dataclass(frozen=True, slots=True)
class Command:
    """How a router is started."""

    arguments: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path = ROOT


@dataclass(frozen=True, slots=True)
class Peer:
    """A router."""

    name: str
    modes: tuple[str, ...]
    command: Callable[[Order], Command]
    version: Callable[[], str]
    variable: str | None = None
    """Of the environment, names the binary; none: it comes with the repository or of npm."""
    is_of_npm: bool = False

    @property
    def is_there(self) -> bool:
        """Whether it can be measured here."""
        return self.variable is None or bool(os.environ.get(self.variable))


def free_port() -> int:
    """Find a port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def written(order: Order, name: str, settings: Mapping[str, object]) -> Path:
    """Write settings into the folder of an order."""
    path = order.folder / name
    path.write_text(yaml.safe_dump(dict(settings)))
    return path
