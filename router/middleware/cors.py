"""Cross-origin resource sharing: which foreign pages may ask, and read what."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from router.settings.browsers import Cors as Settings
from router.settings.browsers import CorsPolicy

_VARIES = (b"vary", b"Origin")


class Cors:
    """Applies the policy that names the origin of a request; any other origin gets an answer it cannot read.

    Source: Fetch, "CORS protocol".
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._policies = [(_names(one), _apply(app, one)) for one in settings.all_policies()]
        self._otherwise = _open_to_all(app, settings) if settings.allow_any_origin else self._refuse

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        return self._app_for(scope)(scope, receive, send)

    def _app_for(self, scope: Scope) -> ASGIApp:
        for header, value in scope["headers"]:
            if header == b"origin":
                origin = value.decode("latin-1")
                return next((app for names, app in self._policies if names(origin)), self._otherwise)
        return self._otherwise

    def _refuse(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Answer without a word of sharing; what stands between may not keep that for an origin that is let in."""

        def varied(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], _VARIES]
            return send(message)

        return self._app(scope, receive, varied)


def _names(policy: CorsPolicy) -> Callable[[str], bool]:
    origins = frozenset(policy.origins)
    return lambda origin: origin in origins or any(one.fullmatch(origin) for one in policy.match_origins)


def _apply(app: ASGIApp, policy: CorsPolicy) -> ASGIApp:
    """Share with the origins of a policy: each is told its own name, never `*`."""
    return CORSMiddleware(
        app,
        allow_origin_regex=".*",  # it is asked for origins of the policy only
        allow_methods=policy.methods or (),
        allow_headers=policy.allow_headers or ["*"],
        allow_credentials=bool(policy.allow_credentials),
        expose_headers=policy.expose_headers or (),
        max_age=int(policy.max_age.total_seconds()) if policy.max_age else 0,
    )


def _open_to_all(app: ASGIApp, settings: Settings) -> ASGIApp:
    return CORSMiddleware(
        app,
        allow_origins=["*"],
        allow_methods=settings.methods,
        allow_headers=settings.allow_headers or ["*"],
        expose_headers=settings.expose_headers,
        max_age=int(settings.max_age.total_seconds()),
    )
