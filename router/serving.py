"""What serves: one generation at a time, replaced whole when the configuration or the supergraph changes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from router.configuration.checks import changed_until_restart
from router.configuration.load import Configuration, ConfigurationSource
from router.configuration.mistakes import InvalidSettings
from router.followed_files import Stamps, follow, stamps_of
from router.planning import Basis, OnThread, Planner, Planning
from router.prepared import off_loop
from router.resources import Keep, Lease, Resources
from router.settings import Settings
from router.settings.marks import Followed, marked
from router.snapshot import Snapshot
from router.supergraph_source import read_supergraph
from router.warm_up import warm_up
from schema.supergraph import InvalidSupergraph

log = logging.getLogger(__name__)

Build = Callable[[Settings, Snapshot, Lease], "Built"]
"""Makes what serves a generation. A ValueError refuses the generation."""
PlanningOf = Callable[[Settings, Keep], Callable[[Planner], Planning]]
"""Says where the operations of a generation are planned."""


@dataclass(frozen=True, slots=True, eq=False)
class Built:
    """What serves a generation, and the documents that are registered with it."""

    app: ASGIApp
    registered: Sequence[str] = ()


def on_thread(_settings: Settings, _keep: Keep) -> Callable[[Planner], Planning]:
    """Plan in this process."""
    return OnThread


@dataclass(frozen=True, slots=True, eq=False)
class Generation:
    """All that was made of one configuration and one supergraph. A request ends in the generation it began in."""

    configuration: Configuration
    sdl: str
    files: Stamps
    """Those that the settings name besides, as they were before they were read."""
    snapshot: Snapshot
    built: Built
    lease: Lease

    @property
    def made_of(self) -> tuple[Settings, str, Stamps]:
        """Tell two generations apart."""
        return self.configuration.settings, self.sdl, self.files

    @property
    def plans_elsewhere(self) -> bool:
        return self.configuration.settings.supergraph.query_planning.process


class Serving:
    """One ASGI app: hands each request to the generation that is current, and follows the files that one is made of."""

    def __init__(
        self,
        build: Build,
        configuration: Configuration,
        source: ConfigurationSource | None = None,
        planning_of: PlanningOf = on_thread,
    ) -> None:
        """Make the first generation; without a source settings never change. Raises: ValueError, as `build` does."""
        self._build = build
        self._source = source
        self._planning_of = planning_of
        self._resources = Resources()
        self._started_with = settings = configuration.settings
        self._read = stamps_of(_files(configuration)) | configuration.files
        sdl = read_supergraph(settings.supergraph.file)
        lease = self._resources.lease()
        snapshot = Snapshot.of(Basis.of(sdl, settings), planning_of(settings, lease.keep))
        self._current = self._make(configuration, sdl, snapshot, lease)

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
            await generation.built.app(scope, receive, send)
        finally:
            await generation.lease.leave()

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Warm up, and follow the files; at the end leave nothing open."""
        await self._warm_up(self._current, None)
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
            snapshot = await self._snapshot(sdl, settings, lease)
            generation = self._make(configuration, sdl, snapshot, lease)
            await self._warm_up(generation, self._current.snapshot)
        except asyncio.CancelledError:
            await lease.leave()
            raise
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
            built = self._build(configuration.settings, snapshot, lease)
        except InvalidSettings as error:
            raise error.placed(configuration.origins) from error
        return Generation(configuration, sdl, files, snapshot, built, lease)

    async def _snapshot(self, sdl: str, settings: Settings, lease: Lease) -> Snapshot:
        """Take over the last snapshot, if nothing that it is made of has changed, or make one."""
        basis, planning = Basis.of(sdl, settings), self._planning_of(settings, lease.keep)
        last = self._current
        planned_elsewhere = settings.supergraph.query_planning.process
        if (basis, planned_elsewhere) == (last.snapshot.basis, last.plans_elsewhere):
            return last.snapshot
        return await off_loop(Snapshot.of, basis, planning)

    @staticmethod
    async def _warm_up(generation: Generation, last: Snapshot | None) -> None:
        count = generation.configuration.settings.supergraph.query_planning.warmed_up_queries
        await warm_up(generation.snapshot, last, generation.built.registered, count)


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
