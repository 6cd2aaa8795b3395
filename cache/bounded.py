"""Values by key, the most recently used of them, bounded in number and in bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, ItemsView, Iterator, MutableMapping, ValuesView
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class BoundedCache(MutableMapping[K, V]):
    """Forgets what was not used for longest; a value that is too large for all of it is never kept.

    It is looked into several times a request: a look-up takes less than half of what it takes in cachetools.
    """

    def __init__(self, max_entries: int, max_bytes: int, size_of: Callable[[V], int]) -> None:
        """Units: size_of gives bytes, and the same for a value each time."""
        self._kept: OrderedDict[K, V] = OrderedDict()
        self._max_entries = max_entries
        self._max_bytes = max_bytes
        self._size_of = size_of
        self._bytes = 0

    def __getitem__(self, key: K) -> V:
        value = self._kept[key]
        self._kept.move_to_end(key)
        return value

    def get(self, key: K, default: V | None = None) -> V | None:  # type: ignore[override]
        """Find a value; it is then the one that was used last."""
        value = self._kept.get(key, default)
        if value is not default:
            self._kept.move_to_end(key)
        return value

    def __setitem__(self, key: K, value: V) -> None:
        self.pop(key, None)
        size = self._size_of(value)
        if size > self._max_bytes:
            return
        self._kept[key] = value
        self._bytes += size
        while self._bytes > self._max_bytes or len(self._kept) > self._max_entries:
            del self[next(iter(self._kept))]

    def __delitem__(self, key: K) -> None:
        self._bytes -= self._size_of(self._kept.pop(key))

    def __iter__(self) -> Iterator[K]:
        return iter(self._kept)

    def items(self) -> ItemsView[K, V]:
        """List all, which is no use of any."""
        return self._kept.items()

    def values(self) -> ValuesView[V]:
        """List all, which is no use of any."""
        return self._kept.values()

    def __len__(self) -> int:
        return len(self._kept)
