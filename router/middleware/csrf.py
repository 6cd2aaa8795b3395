"""Protection from cross-site request forgery."""

from __future__ import annotations

import logging
from collections.abc import Awaitable

from starlette.types import ASGIApp, Receive, Scope, Send

from router.errors import RequestError
from router.settings import Csrf, Mode
from router.transport.write import write_response

_SIMPLE = frozenset({b"application/x-www-form-urlencoded", b"multipart/form-data", b"text/plain", b""})

log = logging.getLogger(__name__)


class CsrfProtection:
    """Refuses what a foreign page may make a browser send without asking us first.

    Source: Fetch, "CORS-safelisted request-header".
    """

    def __init__(self, app: ASGIApp, settings: Csrf) -> None:
        self._app = app
        self._enforced = settings.mode is Mode.ENFORCE
        self._required = frozenset(name.lower().encode("latin-1") for name in settings.required_headers)
        names = ", ".join(f"'{name}'" for name in settings.required_headers)
        self._message = (
            f"This request may be forged: send 'content-type: application/json', or one of the headers {names}."
        )

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        may_be_forged = scope["method"] != "OPTIONS" and not self._was_preflighted(scope)
        if may_be_forged:
            log.warning("a request may be forged", extra={"enforced": self._enforced})
        if may_be_forged and self._enforced:
            return write_response(send, RequestError(self._message, "CSRF_ERROR").to_response())
        return self._app(scope, receive, send)

    def _was_preflighted(self, scope: Scope) -> bool:
        content_types = set()
        for name, value in scope["headers"]:
            if name in self._required and value:
                return True
            if name == b"content-type":
                content_types.add(value.partition(b";")[0].strip().lower())
        return bool(content_types) and not content_types & _SIMPLE
