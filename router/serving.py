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

from router.configuration.checks import changed_until_restart
from router.configuration.load import Configuration, ConfigurationSource
from router.configuration.mistakes import InvalidSettings
from router.followed_files import Stamps, follow, stamps_of
from router.planning import Basis
from router.prepared import off_loop
from router.resources import Lease, Resources
from router.settings import Settings
from router.settings.marks import Followed, marked
from router.snapshot import Snapshot
from router.supergraph_source import read_supergraph
from schema.supergraph import InvalidSupergraph

log = logging.getLogger(__name__)

Build = Callable[[Settings, Snapshot, Lease], ASGIApp]
"""Makes the app of a generation. A ValueError refuses the generation."""


@dataclass(frozen=True, slots=True, eq=False)
class Generation:
    """All that was made of one configuration and one supergraph. A request ends in the generation it began in."""

    configuration: Configuration
    sdl: str
    files: Stamps
    """Those that the settings name besides, as they were before they were read."""
    app: ASGIApp
    lease: Lease

    @property
    def made_of(self) -> tuple[Settings, str, Stamps]:
        """Tell two generations apart."""
        return self.configuration.settings, self.sdl, self.files


class Serving:
    """One ASGI app: hands each request to the generation that is current, and follows the files that one is made of."""

    def __init__(self, build: Build, configuration: Configuration, source: ConfigurationSource | None = None) -> None:
        """Make the first generation; without a source settings never change. Raises: ValueError, as `build` does."""
        self._build = build
        self._source = source
        self._resources = Resources()
        self._started_with = settings = configuration.settings
        self._read = stamps_of(_files(configuration)) | configuration.files
        sdl = read_supergraph(settings.supergraph.file)
        snapshot = _load(sdl, settings)
        self._current = self._make(configuration, sdl, snapshot, self._resources.lease())

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
        return _files(self._current.configuration)

    def _interval(self) -> timedelta:
        return self._current.configuration.settings.supergraph.poll_interval

    async def _reload(self) -> None:
        """Serve the newest configuration and supergraph that work together; what does not is refused, and logged."""
        current = self._current
        configuration = self._read_configuration()
        sdl = self._read_sdl(configuration.settings)
        tried = [current.made_of]
        for one, text in ((configuration, sdl), (current.configuration, sdl), (configuration, current.sdl)):
            made_of = (one.settings, text, stamps_of(_named(one.settings)))
            if made_of == current.made_of or (made_of not in tried and await self._replace(one, text)):
                return
            tried.append(made_of)

    def _read_configuration(self) -> Configuration:
        try:
            return self._source.read() if self._source else self._current.configuration
        except Exception as error:  # noqa: BLE001  # whatever it is, following goes on
            _refuse(error)
            return self._current.configuration

    def _read_sdl(self, settings: Settings) -> str:
        try:
            return read_supergraph(settings.supergraph.file)
        except InvalidSupergraph as error:
            _refuse(error)
            return self._current.sdl

    async def _replace(self, configuration: Configuration, sdl: str) -> bool:
        """Swap the generation as one; requests under way end with the one they began with. False: it is refused."""
        lease, settings = self._resources.lease(), configuration.settings
        try:
            snapshot = await off_loop(_load, sdl, settings)
            generation = self._make(configuration, sdl, snapshot, lease)
        except Exception as error:  # noqa: BLE001  # whatever it is, it is logged, and the last one serves on
            _refuse(error)
            await lease.leave()
            return False
        last, self._current = self._current, generation
        log.info("configuration and supergraph loaded", extra={"supergraph": snapshot.supergraph.id})
        waiting = changed_until_restart(self._started_with, settings)
        if waiting:
            log.warning("changed settings wait for a restart", extra={"keys": waiting})
        await last.lease.leave()
        return True

    def _make(self, configuration: Configuration, sdl: str, snapshot: Snapshot, lease: Lease) -> Generation:
        files = stamps_of(_named(configuration.settings))
        try:
            app = self._build(configuration.settings, snapshot, lease)
        except InvalidSettings as error:
            raise error.placed(configuration.origins) from error
        return Generation(configuration, sdl, files, app, lease)


def _load(sdl: str, settings: Settings) -> Snapshot:
    return Snapshot.of(Basis.of(sdl, settings))


def _files(configuration: Configuration) -> Iterator[Path]:
    yield from configuration.files
    if configuration.settings.supergraph.file is not None:
        yield configuration.settings.supergraph.file
    yield from _named(configuration.settings)


def _named(settings: Settings) -> Iterator[Path]:
    return (path for _, path in marked(settings, Followed))


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
