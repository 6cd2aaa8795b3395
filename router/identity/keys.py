"""The public keys of an issuer: read from a JSON Web Key Set, and again when one is missing or they have aged."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import httpx
import jwt
import orjson
from jwt.types import JWKDict

from cache.single_flight import SingleFlight
from router.settings import Jwks

COOL_DOWN = timedelta(seconds=10)
"""Least time between two readings that unknown key ids ask for: a flood of forged ids costs one."""
FETCH_TIMEOUT = timedelta(seconds=5)
ALGORITHMS = {
    "RSA": frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}),
    "EC": frozenset({"ES256", "ES384", "ES512"}),
    "OKP": frozenset({"EdDSA"}),
}
"""What a key may verify, by its type: asymmetric only, so that no public key is ever taken for a shared secret."""

log = logging.getLogger(__name__)


class InvalidKeys(ValueError):
    """The key set cannot be read."""


@dataclass(frozen=True, slots=True)
class IssuerKey:
    """One public key, and the algorithms it may be used with."""

    id: str | None
    algorithms: frozenset[str]
    public: jwt.PyJWK


class KeySet:
    """The keys of one issuer. Keys once read are kept while they cannot be read again."""

    def __init__(self, settings: Jwks, clock: Callable[[], float] = time.monotonic) -> None:
        self.settings = settings
        self.keys: tuple[IssuerKey, ...] = ()
        self._clock = clock
        self._read_at = -float("inf")
        self._reading: SingleFlight[str, None] = SingleFlight()
        path = _path(settings.url)
        if path is not None:
            self.keys = read_keys(_read_file(path))
            self._read_at = clock()

    def find(self, id: str | None, algorithm: str) -> Sequence[IssuerKey]:
        """List the keys that a token with this header may have been signed with."""
        return [key for key in self.keys if (id is None or key.id == id) and algorithm in key.algorithms]

    async def refresh(self, *, missing: bool) -> None:
        """Read the keys again if they have aged, or if one is missing and the last reading is not too recent."""
        age = self._clock() - self._read_at
        if age >= (COOL_DOWN if missing else self.settings.poll_interval).total_seconds():
            await self._reading(self.settings.url, self._read)

    async def _read(self) -> None:
        self._read_at = self._clock()
        try:
            path = _path(self.settings.url)
            self.keys = read_keys(_read_file(path) if path is not None else await _fetch(self.settings.url))
        except InvalidKeys as error:
            log.warning("keys cannot be read", extra={"url": self.settings.url, "reason": str(error)})


def read_keys(text: bytes) -> tuple[IssuerKey, ...]:
    """Read a key set; keys of a kind that we do not use are left out. Source: RFC 7517, "JWK Set Format"."""
    try:
        keys = orjson.loads(text)["keys"]
        read = [_read_key(key) for key in keys]
    except (ValueError, KeyError, TypeError, AttributeError, jwt.PyJWTError) as error:
        raise InvalidKeys("not a JSON Web Key Set") from error
    return tuple(key for key in read if key is not None)


def _read_key(key: JWKDict) -> IssuerKey | None:
    allowed = ALGORITHMS.get(key["kty"], frozenset())
    if not allowed or key.get("use", "sig") != "sig" or key.get("alg", next(iter(allowed))) not in allowed:
        return None
    public = jwt.PyJWK(key)
    exact = key["kty"] != "RSA" or "alg" in key
    algorithms = frozenset({public.algorithm_name}) & allowed if exact else allowed
    return IssuerKey(key.get("kid"), algorithms, public)


def _path(url: str) -> Path | None:
    """Take the path from a path or a `file:` URL; None for what has to be fetched."""
    parts = urlsplit(url)
    if parts.scheme in {"http", "https"}:
        return None
    return Path(unquote(parts.path)) if parts.scheme == "file" else Path(url)


def _read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidKeys(f"{path}: {error.strerror}") from error


async def _fetch(url: str) -> bytes:
    try:
        async with httpx.AsyncClient(timeout=FETCH_TIMEOUT.total_seconds(), trust_env=False) as client:
            response = await client.get(url, headers={"accept": "application/json"})
            return response.raise_for_status().content
    except httpx.HTTPError as error:
        raise InvalidKeys(str(error)) from error
