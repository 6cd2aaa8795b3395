"""What serves: one generation at a time, replaced whole when the configuration or the supergraph changes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from router.followed_files import follow, stamps_of
from router.prepared import off_loop
from router.resources import Lease, Resources
from router.settings import Settings
from router.settings_file import InvalidSettings, SettingsSource
from router.snapshot import Snapshot
from router.supergraph_source import read_supergraph
from schema.supergraph import InvalidSupergraph

log = logging.getLogger(__name__)

Build = Callable[[Settings, Snapshot, Lease], ASGIApp]
"""Makes the app of a generation. A ValueError refuses the generation."""


@dataclass(frozen=True, slots=True, eq=False)
class Generation:
    """All that was made of one configuration and one supergraph. A request ends in the generation it began in."""

    settings: Settings
    sdl: str
    app: ASGIApp
    lease: Lease


class Serving:
    """One ASGI app: hands each request to the generation that is current, and follows the files that one is made of."""

    def __init__(self, build: Build, settings: Settings, source: SettingsSource | None = None) -> None:
        """Make the first generation; settings without a source never change. Raises: ValueError, as `build` does."""
        self._build = build
        self._source = source
        self._resources = Resources()
        self._read = stamps_of(_files(settings, source))
        sdl = read_supergraph(settings.supergraph.file)
        snapshot = Snapshot.load(sdl, settings.supergraph.query_planning)
        lease = self._resources.lease()
        self._current = Generation(settings, sdl, build(settings, snapshot, lease), lease)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await serve_lifespan(self, receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        generation = self._current
        generation.lease.enter()
        try:
            await generation.app(scope, receive, send)
        finally:
            await generation.lease.leave()

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Follow the files; at the end leave nothing open."""
        following = asyncio.create_task(follow(self._paths, self._read, self._interval, self._reload))
        try:
            yield
        finally:
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following
            await self._current.lease.leave()

    def _paths(self) -> Iterator[Path]:
        return _files(self._current.settings, self._source)

    def _interval(self) -> timedelta:
        return self._current.settings.supergraph.poll_interval

    async def _reload(self) -> None:
        """Serve the newest configuration and supergraph that work together; what does not is refused, and logged."""
        current = self._current
        settings = self._read_settings()
        sdl = self._read_sdl(settings)
        tried = [(current.settings, current.sdl)]
        for pair in ((settings, sdl), (current.settings, sdl), (settings, current.sdl)):
            if pair in tried[:1]:
                return
            if pair not in tried and await self._replace(*pair):
                return
            tried.append(pair)

    def _read_settings(self) -> Settings:
        if self._source is None:
            return self._current.settings
        try:
            return self._source.read()
        except InvalidSettings as error:
            _refuse(error)
            return self._current.settings

    def _read_sdl(self, settings: Settings) -> str:
        try:
            return read_supergraph(settings.supergraph.file)
        except InvalidSupergraph as error:
            _refuse(error)
            return self._current.sdl

    async def _replace(self, settings: Settings, sdl: str) -> bool:
        """Swap the generation as one; requests under way end with the one they began with. False: it is refused."""
        lease = self._resources.lease()
        try:
            snapshot = await off_loop(Snapshot.load, sdl, settings.supergraph.query_planning)
            generation = Generation(settings, sdl, self._build(settings, snapshot, lease), lease)
        except Exception as error:  # noqa: BLE001  # whatever it is, it is logged, and the last one serves on
            _refuse(error)
            await lease.leave()
            return False
        last, self._current = self._current, generation
        await last.lease.leave()
        return True


def _files(settings: Settings, source: SettingsSource | None) -> Iterator[Path]:
    if source is not None and source.file is not None:
        yield source.file
    if settings.supergraph.file is not None:
        yield settings.supergraph.file


def _refuse(error: Exception) -> None:
    what = "supergraph" if isinstance(error, InvalidSupergraph) else "configuration"
    if isinstance(error, ValueError):
        log.error("%s refused, the last one stays", what, extra={"reason": str(error)})
    else:
        log.error("%s refused, the last one stays", what, exc_info=error)


async def serve_lifespan(serving: Serving, receive: Receive, send: Send) -> None:
    """Speak the lifespan protocol. Source: ASGI, "Lifespan Protocol"."""
    await receive()
    async with serving.lifespan():
        await send({"type": "lifespan.startup.complete"})
        await receive()
    await send({"type": "lifespan.shutdown.complete"})
