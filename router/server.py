"""The HTTP server of `fedra router`, and how it ends."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Callable
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from router.lifecycle import Lifecycle
from router.settings.health import Drain
from router.transport.bounded_http import BoundedHttp


class DrainingServer(uvicorn.Server):
    """Tells when it serves. Ends by steps: not ready any more, no new connections, no requests under way."""

    def __init__(self, app: ASGIApp, drain: Drain, lifecycle: Lifecycle, tell_ready: Callable[[], None]) -> None:
        config = uvicorn.Config(
            app,
            loop="uvloop",
            http=BoundedHttp,
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,  # whose word counts is for the settings to say
            timeout_graceful_shutdown=drain.timeout.total_seconds(),  # type: ignore[arg-type]  # a time to wait
        )
        super().__init__(config)
        self._drain = drain
        self._lifecycle = lifecycle
        self._tell_ready = tell_ready
        self._listens_until = float("inf")

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve."""
        await super().startup(sockets)
        self._tell_ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take a signal: after SIGTERM listening goes on for a while, any other and any further one ends that."""
        is_first, self._lifecycle.draining = not self._lifecycle.draining, True
        if is_first and sig == signal.SIGTERM and self._drain.delay is not None:
            self._listens_until = time.monotonic() + self._drain.delay.total_seconds()
        else:
            super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        """Look whether it is time to end."""
        self.should_exit = self.should_exit or time.monotonic() >= self._listens_until
        return await super().on_tick(counter)
