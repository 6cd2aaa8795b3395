"""One process that serves: the router by itself, or one of its workers."""

from __future__ import annotations

import gc
import logging
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from starlette.types import ASGIApp

from router.app import create_router_app
from router.configuration.load import Configuration, ConfigurationSource
from router.lifecycle import Lifecycle
from router.server import DrainingServer
from router.settings import Settings
from router.telemetry.logs import configure_logs
from router.workers import sockets, worker
from router.workers.place import Place

SWITCH_SECONDS = 0.0005
"""How long the thread that prepares documents may keep the event loop waiting; Python's own choice is 5 ms."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Process:
    """Everything is made and the address is taken: what can be wrong at start is behind it."""

    settings: Settings
    app: ASGIApp
    lifecycle: Lifecycle
    listener: socket.socket
    tell_ready: Callable[[], None]

    def run(self) -> int:
        """Serve until SIGTERM or SIGINT; requests under way are finished first."""
        _spare_the_collector()
        sys.setswitchinterval(SWITCH_SECONDS)
        for wish in (signal.SIGTERM, signal.SIGINT):
            signal.signal(wish, signal.default_int_handler)  # the server hands on what ended it
        with self.listener, suppress(KeyboardInterrupt):
            server = DrainingServer(self.app, self.settings.drain, self.lifecycle, self.tell_ready)
            server.run(sockets=[self.listener])
        return 0


def alone(configuration: Configuration, source: ConfigurationSource) -> Process:
    """Make the router of one process. Raises: ValueError, OSError: it cannot be served."""
    settings, lifecycle = configuration.settings, Lifecycle()
    app = create_router_app(configuration, source, lifecycle, plan_apart=True)
    listener = sockets.listen(settings.supergraph.listen.host, settings.supergraph.listen.port)
    configure_logs(settings.telemetry.logging.level)
    url = sockets.url_of(listener.getsockname(), settings.supergraph.path)
    return Process(settings, app, lifecycle, listener, lambda: log.info("listening", extra={"url": url}))


def one_of_several(configuration: Configuration, source: ConfigurationSource, place: Place) -> Process:
    """Make one worker, at its place. Raises: ValueError, OSError: it cannot serve."""
    settings, lifecycle = configuration.settings, Lifecycle()
    worker.end_with_supervisor(place, settings.drain.timeout)
    app = create_router_app(configuration, source, lifecycle, plan_apart=True)
    listener = worker.listener(place)
    configure_logs(settings.telemetry.logging.level, worker=place.index)
    return Process(settings, app, lifecycle, listener, lambda: worker.tell_ready(place))


def _spare_the_collector() -> None:
    """Look for garbage seldom, and not in what is there to stay: an answer is thousands of objects without a cycle.

    The second generation is not to grow, though: documents have cycles, and nobody is answered while it is looked at.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 2, 1_000)
