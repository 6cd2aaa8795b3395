"""Cross-origin resource sharing: which foreign pages may ask, and read what."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from router.settings.browsers import Cors as Settings
from router.settings.browsers import CorsPolicy

_VARIES = (b"vary", b"Origin")

Lines = Sequence[tuple[bytes, bytes]]


class Cors:
    """Applies the policy that names the origin of a request; any other origin gets an answer it cannot read.

    Source: Fetch, "CORS protocol".
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._policies = [(_names(one), _Sharing(_apply(app, one))) for one in settings.all_policies()]
        self._otherwise = _Sharing(_open_to_all(app, settings)) if settings.allow_any_origin else None

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        origin = next((value for name, value in scope["headers"] if name == b"origin"), None)
        sharing = self._sharing_with(origin)
        if sharing is None:  # what stands between may not keep the answer for an origin that is let in
            return self._app(scope, receive, _adding((_VARIES,), send))
        if origin is None:
            return self._app(scope, receive, send)
        if scope["method"] == "OPTIONS":
            return sharing.asked_beforehand(scope, receive, send)
        return self._app(scope, receive, _adding(sharing.told(origin), send))

    def _sharing_with(self, origin: bytes | None) -> _Sharing | None:
        if origin is not None and self._policies:
            name = origin.decode("latin-1")
            return next((sharing for names, sharing in self._policies if names(name)), self._otherwise)
        return self._otherwise


class _Sharing:
    """What browsers are told for origins that are let in."""

    def __init__(self, browsers: CORSMiddleware) -> None:
        self.asked_beforehand: ASGIApp = browsers
        self._told = [(name.lower().encode(), value.encode()) for name, value in browsers.simple_headers.items()]
        self._names_origin = not browsers.allow_all_origins

    def told(self, origin: bytes) -> Lines:
        """Say with an answer that its page may read it."""
        named = [(b"access-control-allow-origin", origin)] if self._names_origin else []
        return [*self._told, *named, _VARIES]


def _adding(lines: Lines, send: Send) -> Send:
    def added(message: Message) -> Awaitable[None]:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *lines]
        return send(message)

    return added


def _names(policy: CorsPolicy) -> Callable[[str], bool]:
    origins = frozenset(policy.origins)
    return lambda origin: origin in origins or any(one.fullmatch(origin) for one in policy.match_origins)


def _apply(app: ASGIApp, policy: CorsPolicy) -> CORSMiddleware:
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


def _open_to_all(app: ASGIApp, settings: Settings) -> CORSMiddleware:
    return CORSMiddleware(
        app,
        allow_origins=["*"],
        allow_methods=settings.methods,
        allow_headers=settings.allow_headers or ["*"],
        expose_headers=settings.expose_headers,
        max_age=int(settings.max_age.total_seconds()),
    )
