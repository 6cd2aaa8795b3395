"""What stands at which path."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping

from starlette.types import ASGIApp, Receive, Scope, Send

from router.transport.write import not_found


class Paths:
    """Hands an HTTP request to the app at its path; elsewhere stands nothing."""

    def __init__(self, apps: Mapping[str, ASGIApp], endpoint: str) -> None:
        """`endpoint` is the GraphQL one of the paths: the documents that it knows stand beneath it, by id, at `/d/`."""
        self._apps = apps
        self._endpoint = apps[endpoint]
        self._documents = f"{endpoint}/d/"

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        path: str = scope["path"]
        app = self._apps.get(path, not_found)
        if path.startswith(self._documents):
            app = self._endpoint
            scope = {**scope, "path_params": {"document_id": path.removeprefix(self._documents)}}
        return app(scope, receive, send)
