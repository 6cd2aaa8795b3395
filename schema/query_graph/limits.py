"""How a search is kept within limits: it tells each step it takes, and whoever is told may end it."""

from __future__ import annotations

from collections.abc import Callable

Spend = Callable[[], None]


def without_limit() -> None:
    """Let every step be taken."""
