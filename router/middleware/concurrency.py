"""A bound on how many requests are answered at a time."""

from __future__ import annotations

import logging
import math

from starlette.types import ASGIApp, Receive, Scope, Send

from router.errors import RequestError
from router.settings import Concurrency, Mode
from router.telemetry.instruments import EXCEEDED
from router.telemetry.watch import count
from router.transport.write import write_response

log = logging.getLogger(__name__)


class UnderWay:
    """How many requests are under way in this process, whatever the settings were when they began."""

    def __init__(self) -> None:
        self.requests = 0


class ConcurrencyLimit:
    """Sends requests away while too many are under way: soon enough that those go on as fast as ever.

    Source: RFC 9110, "503 Service Unavailable".
    """

    def __init__(self, app: ASGIApp, settings: Concurrency, under_way: UnderWay) -> None:
        self._app = app
        self._settings = settings
        self._under_way = under_way

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._under_way.requests >= self._settings.limit:
            enforced = self._settings.mode is Mode.ENFORCE
            count(EXCEEDED, "concurrency", str(enforced).lower())
            log.warning("too many requests at a time", extra={"limit": self._settings.limit, "enforced": enforced})
            if enforced:
                await write_response(send, self._refusal().to_response())
                return
        self._under_way.requests += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._under_way.requests -= 1

    def _refusal(self) -> RequestError:
        wait = str(math.ceil(self._settings.retry_after.total_seconds()))
        message = f"The router is busy: ask again in {wait} s."
        return RequestError(message, "REQUEST_CONCURRENCY_LIMITED", 503, retry_after=wait)
