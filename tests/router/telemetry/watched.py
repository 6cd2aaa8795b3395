"""A request as telemetry sees it, without the router's door."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from router.telemetry.watch import Watch, watching


@contextmanager
def watched(watch: Watch) -> Iterator[Watch]:
    """Be within a request."""
    token = watching.set(watch)
    try:
        yield watch
    finally:
        watching.reset(token)
