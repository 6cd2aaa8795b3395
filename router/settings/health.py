"""How supervisors and load balancers learn of the router, and how it ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from router.settings.values import Branch, Duration

HttpPath = Annotated[str, Field(pattern=r"^/[\w./-]*$")]


class HealthCheck(Branch):
    """Whether the router lives, and whether it wants requests: `200` with `{"status": "UP"}`, or `503` with `DOWN`."""

    enabled: bool = True
    """Whether the checks are there."""
    path: HttpPath = "/health"
    """Where both are asked: as it stands or with `?live` the one, with `?ready` the other."""
    live_path: HttpPath = "/live"
    """Whether the router lives: it answers."""
    ready_path: HttpPath = "/ready"
    """Whether it wants requests: a supergraph is loaded, and it was not told to end."""


class Drain(Branch):
    """How the router ends when it is told to, by SIGTERM or SIGINT."""

    delay: Duration | None = None
    """How long it goes on listening after SIGTERM, not ready, until every load balancer knows; none: not at all."""
    timeout: Duration = timedelta(seconds=30)
    """Time for requests under way, from then on; what is not finished is cut off."""
