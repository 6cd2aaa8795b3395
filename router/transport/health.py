"""Whether the router lives, and whether it wants requests: for supervisors and load balancers."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import ASGIApp, Receive, Scope, Send

from router.lifecycle import Lifecycle
from router.settings.health import HealthCheck
from router.transport.write import write_json


def health_checks(settings: HealthCheck, lifecycle: Lifecycle) -> Mapping[str, ASGIApp]:
    """Make the checks, by path."""

    async def live(_scope: Scope, _receive: Receive, send: Send) -> None:
        await write_json(send, 200, {"status": "UP"})

    async def ready(_scope: Scope, _receive: Receive, send: Send) -> None:
        if lifecycle.draining:
            await write_json(send, 503, {"status": "DOWN"})
        else:
            await write_json(send, 200, {"status": "UP"})

    async def health(scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["query_string"].partition(b"=")[0].lower()
        await (ready if asked == b"ready" else live)(scope, receive, send)

    return {settings.ready_path: ready, settings.live_path: live, settings.path: health} if settings.enabled else {}
