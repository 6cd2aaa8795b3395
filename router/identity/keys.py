"""The public keys of an issuer: read from a JSON Web Key Set, and again when one is missing or they have aged."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import jwt
import orjson
from jwt.types import JWKDict

from router.settings import Jwks

COOL_DOWN = timedelta(seconds=10)
"""Least time between two readings that unknown key ids ask for: a flood of forged ids costs one."""
MAX_TRIED = 16
"""Keys tried for a token that names none."""
ALGORITHMS = {
    "RSA": frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}),
    "EC": frozenset({"ES256", "ES384", "ES512"}),
    "OKP": frozenset({"EdDSA"}),
}
"""What a key may verify, by its type: asymmetric only, so that no public key is ever taken for a shared secret."""
EVERY_ALGORITHM = frozenset[str]().union(*ALGORITHMS.values())

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
        """A file is read at once. Raises: InvalidKeys."""
        self.settings = settings
        self.keys: tuple[IssuerKey, ...] = ()
        self._clock = clock
        self._read_at = -float("inf")
        self._reading: asyncio.Task[None] | None = None
        self._path = _path(settings.url)
        if self._path is None:
            from router.identity.fetched_keys import fetch  # noqa: PLC0415  # memory that keys of a file do without

            self._fetch = fetch
        else:
            self.keys = read_keys(_read_file(self._path))
            self._read_at = clock()

    def accepts(self, algorithm: str) -> bool:
        """Whether tokens of this issuer may be signed so."""
        return algorithm in (self.settings.algorithms or EVERY_ALGORITHM)

    def find(self, id: str | None, algorithm: str) -> Sequence[IssuerKey]:
        """List the keys that a token with this header may have been signed with."""
        if not self.accepts(algorithm):
            return ()
        return [key for key in self.keys if (id is None or key.id == id) and algorithm in key.algorithms][:MAX_TRIED]

    async def refresh(self, *, missing: bool) -> None:
        """Read the keys again if they have aged, or if one is missing and the last reading is not too recent.

        Who needs a missing key waits for the reading; whose key is known goes on with it, unless it is twice too old.
        """
        age, poll_interval = self._clock() - self._read_at, self.settings.poll_interval.total_seconds()
        if self._reading is None and age >= (COOL_DOWN.total_seconds() if missing else poll_interval):
            self._reading = asyncio.create_task(self._read())
            self._reading.add_done_callback(self._end)
        waits = missing or not self.keys or self._path is not None or age >= 2 * poll_interval
        if self._reading is not None and waits:
            await asyncio.shield(self._reading)

    def close(self) -> None:
        """Give up a reading that is under way."""
        if self._reading is not None:
            self._reading.cancel()

    async def _read(self) -> None:
        try:
            text = _read_file(self._path) if self._path is not None else await self._fetch(self.settings.url)
            self.keys = read_keys(text)
        except InvalidKeys as error:
            log.warning("keys cannot be read", extra={"url": self.settings.url, "reason": str(error)})

    def _end(self, _reading: asyncio.Task[None]) -> None:
        self._read_at = self._clock()
        self._reading = None


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
