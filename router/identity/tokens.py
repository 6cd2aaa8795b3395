"""Tokens of clients: a JSON Web Token, checked against the keys of trusted issuers, becomes an Identity."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from hashlib import sha256

from cachetools import LRUCache

from router.errors import AuthError, InvalidToken
from router.identity.anonymous import admit_anonymous
from router.identity.claims import read_claims
from router.identity.keys import IssuerKey, KeySet
from router.identity.signatures import Header, read_header, verify
from router.identity.token_sources import find_token, sources_of
from router.request import Identity, Json
from router.settings import Authorization, Jwks, Jwt

MAX_LENGTH = 16_384
"""Of a token: what is longer is not looked at."""
REMEMBERED = timedelta(seconds=30)
"""How long a token that was verified is taken as it is, unless it expires before."""
CAPACITY = 10_000

log = logging.getLogger(__name__)


class Authenticator:
    """Proves who asks."""

    def __init__(
        self,
        settings: Jwt,
        authorization: Authorization,
        clock: Callable[[], float] = time.time,
        key_set: Callable[[Jwks], KeySet] = KeySet,
    ) -> None:
        """`key_set` gives the keys of an issuer, which may be older than this."""
        self._clock = clock
        self._verified: LRUCache[bytes, tuple[Identity, float]] = LRUCache(CAPACITY)
        self._settings = settings
        self._sources = sources_of(settings)
        self._authorization = authorization
        self._key_sets = tuple(key_set(one) for one in settings.jwks)

    async def authenticate(self, headers: Mapping[str, str]) -> Identity | None:
        """Find out who sends a request; None: nobody in particular. Raises: AuthError. Shapes: lower-case names."""
        identity = await self._identify(headers, self._settings)
        if identity is None:
            admit_anonymous(self._authorization)
        return identity

    async def _identify(self, headers: Mapping[str, str], settings: Jwt) -> Identity | None:
        try:
            token = find_token(headers, self._sources, ignore_other_prefixes=settings.ignore_other_prefixes)
            return None if token is None else self._remembered(token) or await self._prove(token, settings)
        except AuthError as error:
            if settings.on_error == "error":
                raise
            log.debug("a token is at fault: its sender stays anonymous", extra={"reason": str(error)})
            return None

    def _remembered(self, token: str) -> Identity | None:
        """Find whom a token has proved before. Raises: InvalidToken for one that is too long to look at."""
        if len(token) > MAX_LENGTH:
            raise InvalidToken(f"The token is longer than {MAX_LENGTH} characters.")
        found = self._verified.get(_digest(token))
        return found[0] if found is not None and self._clock() < found[1] else None

    async def _prove(self, token: str, settings: Jwt) -> Identity:
        claims = await self._verify(token, settings.clock_skew)
        identity = read_claims(claims, settings.default_tenant, self._authorization.default_policies, settings.claims)
        until = min(claims["exp"], self._clock() + REMEMBERED.total_seconds())
        self._verified[_digest(token)] = (identity, until)
        return identity

    async def _verify(self, token: str, clock_skew: timedelta) -> Mapping[str, Json]:
        header = read_header(token)
        refusal = InvalidToken("The token is signed with an unknown key.")
        for issuer, key in await self._keys(header):
            try:
                return verify(token, key, header.algorithm, issuer, clock_skew)
            except InvalidToken as error:
                refusal = error
        raise refusal

    async def _keys(self, header: Header) -> Sequence[tuple[Jwks, IssuerKey]]:
        """List the keys that may have signed; read again those of all issuers, at once, if none is known."""
        accepting = [one for one in self._key_sets if one.accepts(header.algorithm)]
        for missing in (False, True):
            await asyncio.gather(*(one.refresh(missing=missing) for one in accepting))
            found = [(one.settings, key) for one in accepting for key in one.find(header.key_id, header.algorithm)]
            if found:
                return found
        return ()


def _digest(token: str) -> bytes:
    """What is remembered of a token: nobody can use it."""
    return sha256(token.encode()).digest()
