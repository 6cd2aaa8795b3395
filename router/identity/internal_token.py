"""The token by which a subgraph learns who asks: it trusts no header but this one.

Source: JSON Web Token (RFC 7519), EdDSA for JOSE (RFC 8037).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import jwt
from cachetools import TTLCache
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from router.request import Identity, Json, RequestContext

LIFETIME = timedelta(seconds=60)
REUSE = timedelta(seconds=30)
ISSUER = "fedra-router"
KEY_ID = "router"
CAPACITY = 10_000


class InvalidSigningKey(ValueError):
    """The private key of the internal token cannot be used."""


class InternalTokens:
    """Mints internal tokens; one serves an identity and a subgraph for a while."""

    def __init__(self, key: Ed25519PrivateKey, clock: Callable[[], float] = time.time) -> None:
        self._key = key
        self._clock = clock
        self._minted: TTLCache[tuple[Identity, str], str] = TTLCache(CAPACITY, REUSE.total_seconds(), clock)

    @classmethod
    def read(cls, path: Path) -> InternalTokens:
        """Read the key. Raises: InvalidSigningKey."""
        try:
            key = load_pem_private_key(path.read_bytes(), password=None)
        except (OSError, ValueError, TypeError) as error:
            raise InvalidSigningKey(f"internal_token.key: '{path}' is no readable private key in PEM.") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise InvalidSigningKey(f"internal_token.key: '{path}' is not an Ed25519 key.")
        return cls(key)

    def __call__(self, subgraph: str, context: RequestContext) -> str | None:
        """Give the token for a request to the subgraph; none for a caller who has not proved who he is."""
        if context.identity is None:
            return None
        key = (context.identity, subgraph)
        token = self._minted.get(key)
        if token is None:
            token = self._minted[key] = self._mint(context.identity, subgraph)
        return token

    def _mint(self, identity: Identity, subgraph: str) -> str:
        now = int(self._clock())
        times = {"iat": now, "exp": now + int(LIFETIME.total_seconds())}
        claims = {"iss": ISSUER, "aud": subgraph, **times, **to_claims(identity)}
        return jwt.encode(claims, self._key, algorithm="EdDSA", headers={"kid": KEY_ID})


def to_claims(identity: Identity) -> dict[str, Json]:
    """Write who asks as claims."""
    claims: dict[str, Json] = {
        "tenant": identity.tenant,
        "scope": " ".join(sorted(identity.scopes)),
        "projects": [{"id": project.id, "role": project.role} for project in identity.projects],
        "policies": sorted(identity.policies),
    }
    if identity.principal is not None:
        claims["sub"] = identity.principal
    return claims
