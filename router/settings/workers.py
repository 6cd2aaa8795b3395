"""Processes that serve together."""

from __future__ import annotations

from router.settings.values import Branch, Count


class Workers(Branch):
    """Processes that serve at one address, below one that starts them and answers nothing."""

    count: Count = 1
    """How many, each with memory of its own; `--workers` overrides it. One: the router is one process."""
