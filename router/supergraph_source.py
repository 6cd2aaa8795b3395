"""Where the supergraph comes from: a file, read again when it changes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from schema.supergraph import InvalidSupergraph

log = logging.getLogger(__name__)

Stamp = tuple[int, int, int]


class SupergraphFile:
    """A supergraph in a file. A change counts once the file is left alone for one interval: no half-written graph."""

    def __init__(self, path: Path, interval: timedelta) -> None:
        self._path = path
        self._interval = interval.total_seconds()
        self._loaded: Stamp | None = None

    def read(self) -> str:
        """Read the file. Raises: InvalidSupergraph."""
        try:
            self._loaded = self._stamp()
            return self._path.read_text(encoding="utf-8")
        except OSError as error:
            raise InvalidSupergraph(f"The supergraph '{self._path}' cannot be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise InvalidSupergraph(f"The supergraph '{self._path}' is not UTF-8.") from error

    async def watch(self, use: Callable[[str], Awaitable[None]]) -> None:
        """Hand over the text whenever the file has changed, for ever; one that is refused leaves all as it was."""
        seen = self._loaded
        while True:
            await asyncio.sleep(self._interval)
            last, seen = seen, self._stamp()
            if seen is not None and seen == last and seen != self._loaded:
                await self._hand_over(use)

    async def _hand_over(self, use: Callable[[str], Awaitable[None]]) -> None:
        facts = {"file": str(self._path)}
        try:
            await use(self.read())
            log.info("supergraph loaded", extra=facts)
        except InvalidSupergraph as error:
            log.error("supergraph refused, the last one stays", extra={**facts, "reason": str(error)})
        except Exception:
            log.exception("supergraph refused, the last one stays", extra=facts)

    def _stamp(self) -> Stamp | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return (found.st_mtime_ns, found.st_size, found.st_ino)
