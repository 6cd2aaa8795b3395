"""Files that are looked at again and again, and told about when they have changed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from pathlib import Path

Stamp = tuple[int, int, int]
Stamps = dict[Path, Stamp | None]


def stamps_of(paths: Iterable[Path], before: Stamps | None = None) -> Stamps:
    """Tell the state of files, to be taken before they are read; one that is gone is as it was before."""
    return {path: _stamp(path) or (before or {}).get(path) for path in paths}


async def follow(
    paths: Callable[[], Iterable[Path]],
    read: Stamps,
    interval: Callable[[], timedelta],
    changed: Callable[[], Awaitable[None]],
) -> None:
    """Call `changed` whenever files are not as they were `read`, for ever.

    A change counts once all files are left alone for one interval, so that none is read half-written, and one that is
    gone once it is back. Which files, and how often they are looked at, may change with what they say.
    """
    seen = read
    while True:
        await asyncio.sleep(interval().total_seconds())
        last, seen = seen, stamps_of(paths(), read)
        if seen == last and seen != read:
            await changed()
            seen = read = {path: seen.get(path, stamp) for path, stamp in stamps_of(paths()).items()}


def _stamp(path: Path) -> Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino)
