"""Tokens of clients: a JSON Web Token, checked against the keys of trusted issuers, becomes an Identity."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

import jwt
from cachetools import LRUCache

from router.errors import AuthError
from router.identity.keys import IssuerKey, KeySet
from router.request import Identity, Json, ProjectRole
from router.settings import Authorization, Jwks, Jwt

LEEWAY = timedelta(seconds=5)
MAX_PROJECTS = 200
REMEMBERED = timedelta(seconds=30)
"""How long a token that was verified is taken as it is, unless it expires before."""
CAPACITY = 10_000

_REASONS: tuple[tuple[type[jwt.InvalidTokenError], str], ...] = (
    (jwt.ExpiredSignatureError, "The token has expired."),
    (jwt.ImmatureSignatureError, "The token is not valid yet."),
    (jwt.InvalidAudienceError, "The token is for another audience."),
    (jwt.InvalidIssuerError, "The token is from an issuer that is not trusted."),
    (jwt.InvalidSignatureError, "The token has a bad signature."),
)


class Authenticator:
    """Proves who asks. Without trusted issuers everybody is anonymous."""

    def __init__(
        self,
        settings: Jwt | None,
        authorization: Authorization,
        clock: Callable[[], float] = time.time,
        key_set: Callable[[Jwks], KeySet] = KeySet,
    ) -> None:
        """`key_set` gives the keys of an issuer, which may be older than this."""
        self._clock = clock
        self._verified: LRUCache[str, tuple[Identity, float]] = LRUCache(CAPACITY)
        self._settings = settings
        self._authorization = authorization
        self._key_sets = tuple(key_set(one) for one in settings.jwks) if settings else ()

    async def identify(self, header: str | None) -> Identity | None:
        """Read the header `Authorization`; None: nobody in particular. Raises: AuthError."""
        if self._settings is None or header is None:
            if self._authorization.require_authentication:
                raise AuthError("A token is required: send the header 'Authorization: Bearer …'.")
            return None
        identity, until = self._verified.get(header, (None, 0.0))
        return identity if self._clock() < until else await self._prove(header, self._settings)

    async def _prove(self, header: str, settings: Jwt) -> Identity:
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise AuthError("The header 'Authorization' must be 'Bearer' and a token.")
        claims = await self._verify(token.strip())
        identity = read_claims(claims, settings.default_tenant, self._authorization.default_policies)
        until = min(float(claims["exp"]), self._clock() + REMEMBERED.total_seconds())
        self._verified[header] = (identity, until)
        return identity

    async def _verify(self, token: str) -> Mapping[str, Json]:
        id, algorithm = _read_header(token)
        for key_set in self._key_sets:
            await key_set.refresh(missing=False)
        candidates = self._candidates(id, algorithm)
        if not candidates:
            for key_set in self._key_sets:
                await key_set.refresh(missing=True)
            candidates = self._candidates(id, algorithm)
        refusal = AuthError("The token is signed with an unknown key.")
        for issuer, key in candidates:
            try:
                return check(token, key, algorithm, issuer)
            except AuthError as error:
                refusal = error
        raise refusal

    def _candidates(self, id: str | None, algorithm: str) -> Sequence[tuple[Jwks, IssuerKey]]:
        return [(one.settings, key) for one in self._key_sets for key in one.find(id, algorithm)]


def check(token: str, key: IssuerKey, algorithm: str, issuer: Jwks) -> Mapping[str, Json]:
    """Verify signature, times, issuer and audience. Raises: AuthError, which says what is wrong and no more.

    Source: RFC 7519, "Validating a JWT"; RFC 8725, "Perform Algorithm Verification".
    """
    try:
        return jwt.decode(
            token,
            key.public.key,
            algorithms=[algorithm],
            issuer=list(issuer.issuers) or None,
            audience=list(issuer.audiences) or None,
            leeway=LEEWAY,
            options={"require": ["exp"], "verify_aud": bool(issuer.audiences), "verify_iat": False},
        )
    except jwt.InvalidTokenError as error:
        raise AuthError(_reason(error)) from error


def read_claims(claims: Mapping[str, Json], default_tenant: str | None, policies: frozenset[str]) -> Identity:
    """Turn verified claims into an identity. Without a principal there are no projects. Raises: AuthError."""
    principal, tenant = claims.get("sub"), claims.get("tenant", default_tenant)
    if not isinstance(tenant, str) or not tenant:
        raise AuthError("The token names no tenant.")
    if principal is not None and not isinstance(principal, str):
        raise AuthError("The token has malformed claims.")
    try:
        scopes = frozenset(claims.get("scope", "").split())
        granted = frozenset(_names(claims.get("policies", ())))
        projects = tuple(ProjectRole(str(one["id"]), str(one["role"])) for one in claims.get("projects", ()))
    except (TypeError, KeyError, AttributeError) as error:
        raise AuthError("The token has malformed claims.") from error
    if len(projects) > MAX_PROJECTS:
        raise AuthError(f"The token names more than {MAX_PROJECTS} projects.")
    return Identity(tenant, principal, scopes, projects if principal is not None else (), granted | policies)


def _names(value: Json) -> Sequence[str]:
    if not isinstance(value, list | tuple) or not all(isinstance(name, str) for name in value):
        raise TypeError("expected a list of names")
    return value


def _read_header(token: str) -> tuple[str | None, str]:
    try:
        header = jwt.get_unverified_header(token)
    except jwt.InvalidTokenError as error:
        raise AuthError("The token is malformed.") from error
    return header.get("kid"), str(header.get("alg"))


def _reason(error: jwt.InvalidTokenError) -> str:
    if isinstance(error, jwt.MissingRequiredClaimError):
        return f"The token has no claim '{error.claim}'."
    return next((text for kind, text in _REASONS if isinstance(error, kind)), "The token is malformed.")
