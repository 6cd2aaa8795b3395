"""What stands at which path."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import ASGIApp, Receive, Scope, Send

from router.transport.write import not_found


class Paths:
    """Hands an HTTP request to the app at its path; elsewhere stands nothing."""

    def __init__(self, apps: Mapping[str, ASGIApp]) -> None:
        self._apps = apps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._apps.get(scope["path"], not_found)(scope, receive, send)
