"""The graph that is served."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from router.settings.marks import NeedsRestart, Written
from router.settings.values import Branch, Count, Duration


class Listen(Branch):
    """Where the router listens. Port 0 takes a free one."""

    host: str = "127.0.0.1"
    """A name or an address of this machine."""
    port: int = Field(default=4000, ge=0, le=65535)
    """A port."""

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def _read_address(value: object) -> object:
    if not isinstance(value, str):
        return value
    host, colon, port = value.rpartition(":")
    if not colon or not host or not port.isdecimal():
        raise ValueError("expected an address such as '127.0.0.1:4000'")
    return {"host": host.strip("[]"), "port": int(port)}


Address = Annotated[Listen, BeforeValidator(_read_address), Written("`HOST:PORT`")]


class QueryPlanning(Branch):
    """What planning one operation may cost, past which it is refused; and where and when operations are planned."""

    timeout: Duration = timedelta(milliseconds=250)
    """CPU time."""
    max_steps: Count = 100_000
    """Ways through the graph that are looked at."""
    process: bool = True
    """Whether a process of its own, one for all workers, prepares and plans operations that are new; else a thread of \
the router's does."""
    warmed_up_queries: int = Field(default=100, ge=0)
    """Operations that are prepared and planned before a new supergraph, or new settings, are served: those that were \
asked for most, then registered documents."""


class QueryCompilation(Branch):
    """Plans that are used often become code of their own; the answers are the same."""

    enabled: bool = True
    """Else every plan is interpreted."""
    after: Count = 3
    """Uses of a plan for which it becomes code; 1: before it first runs."""


class SupergraphSettings(Branch):
    """The graph that is served, and how."""

    file: Path | None = None
    """The supergraph; `--supergraph` overrides it."""
    poll_interval: Duration = timedelta(seconds=1)
    """How often the file is looked at for a change."""
    listen: Annotated[Address, NeedsRestart()] = Listen()
    """Address of the GraphQL endpoint and of the checks of health."""
    path: str = Field(default="/graphql", pattern=r"^/[\w./-]*$")
    """Path of the GraphQL endpoint."""
    introspection: bool = False
    """Whether clients may ask `__schema` and `__type`."""
    query_planning: QueryPlanning = QueryPlanning()
    query_compilation: QueryCompilation = QueryCompilation()
    expose_query_plan: bool = False
    """Whether the header `fedra-expose-query-plan: true` brings the query plan with the answer."""
