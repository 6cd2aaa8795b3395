"""Searches that come back to what is being looked for: there it has no answer yet, and none that may be kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from schema.query_graph.model import FieldEdge, KeyMove


class Circles:
    """Conditions that are being resolved, and how often a search met what was under way.

    `met` counts the answers that hung on something begun earlier, `unsettled` those on any search not at its end.
    """

    def __init__(self) -> None:
        self.met = 0
        self.unsettled = 0
        self._open: set[KeyMove | FieldEdge] = set()

    @contextmanager
    def resolving(self, condition: KeyMove | FieldEdge) -> Iterator[bool]:
        """Mark a condition as being resolved; False if it already is, which would go round for ever."""
        if condition in self._open:
            self.met += 1
            yield False
            return
        self._open.add(condition)
        try:
            yield True
        finally:
            self._open.remove(condition)
