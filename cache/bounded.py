"""Values by key, the most recently used of them, bounded in number and in bytes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from cachetools import LRUCache

K = TypeVar("K")
V = TypeVar("V")


class BoundedCache(LRUCache[K, V]):
    """Forgets what was not used for longest; a value that is too large for all of it is never kept."""

    def __init__(self, max_entries: int, max_bytes: int, size_of: Callable[[V], int]) -> None:
        """Units: size_of gives bytes, and the same for a value each time."""
        super().__init__(max_bytes, size_of)
        self._max_entries = max_entries

    def __setitem__(self, key: K, value: V) -> None:
        with suppress(ValueError):  # too large
            super().__setitem__(key, value)
        if len(self) > self._max_entries:
            self.popitem()
