"""Where the router stands between its start and its end."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Lifecycle:
    """Whether the router still wants requests: it listens only once a supergraph is loaded, until it is told to end."""

    draining: bool = False
