"""Internal tokens: who asks, signed by the router or by a service on behalf of an initiator.

Source: JSON Web Token (RFC 7519), EdDSA for JOSE (RFC 8037).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from subgraphs.kernel.errors import Unauthenticated
from subgraphs.kernel.settings import content

LIFETIME_SECONDS = 60
LEEWAY_SECONDS = 5
ISSUERS = {"router": "fedra-router", "service": "fedra-service"}  # by key id: no key speaks for another's issuer


class InvalidToken(Unauthenticated):
    """A token that is expired, forged, for another subgraph, or not one of ours."""

    status = 401


@dataclass(frozen=True, slots=True)
class ProjectRole:
    """Membership of the principal in one project."""

    id: UUID
    role: str


@dataclass(frozen=True, slots=True)
class InternalToken:
    """Who asks. Without a principal it names a tenant only, and so no projects. `actor` is a service acting for it."""

    tenant: str
    principal: UUID | None = None
    scopes: frozenset[str] = frozenset()
    projects: tuple[ProjectRole, ...] = ()
    policies: frozenset[str] = frozenset()
    actor: str | None = None

    def __post_init__(self) -> None:
        if not self.tenant:
            raise InvalidToken("The token names no tenant.")
        if self.principal is None and self.projects:
            raise InvalidToken("The token names projects, but no principal.")

    @property
    def project_ids(self) -> tuple[UUID, ...]:
        """The projects the principal is a member of."""
        return tuple(project.id for project in self.projects)

    def to_claims(self) -> dict[str, Any]:
        """Write the identity as JWT claims, without the times and the audience."""
        claims: dict[str, Any] = {
            "tenant": self.tenant,
            "scope": " ".join(sorted(self.scopes)),
            "projects": [{"id": str(project.id), "role": project.role} for project in self.projects],
            "policies": sorted(self.policies),
        }
        if self.principal is not None:
            claims["sub"] = str(self.principal)
        if self.actor is not None:
            claims["actor"] = {"kind": "service", "name": self.actor}
        return claims

    @classmethod
    def from_claims(cls, claims: Mapping[str, Any]) -> InternalToken:
        """Read what `to_claims` wrote. Raises: InvalidToken."""
        try:
            return cls(
                tenant=str(claims["tenant"]),
                principal=UUID(claims["sub"]) if "sub" in claims else None,
                scopes=frozenset(str(claims.get("scope", "")).split()),
                projects=tuple(ProjectRole(UUID(one["id"]), str(one["role"])) for one in claims.get("projects", ())),
                policies=frozenset(map(str, claims.get("policies", ()))),
                actor=str(claims["actor"]["name"]) if "actor" in claims else None,
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InvalidToken("The token's claims are not those of an internal token.") from error


class Verifier:
    """Checks internal tokens against the public keys of router and services."""

    def __init__(self, jwks: str) -> None:
        keys = jwt.PyJWKSet.from_json(content(jwks)).keys
        self._keys = {key.key_id: key for key in keys if key.key_id in ISSUERS}

    def verify(self, text: str, audience: str) -> InternalToken:
        """Prove who asks. Raises: InvalidToken."""
        try:
            key_id = str(jwt.get_unverified_header(text).get("kid"))
            claims = jwt.decode(
                text,
                self._keys[key_id],
                algorithms=["EdDSA"],
                audience=audience,
                issuer=ISSUERS[key_id],
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iat", "iss", "aud"]},
            )
        except (jwt.InvalidTokenError, KeyError) as error:
            raise InvalidToken("The internal token is expired or not genuine.") from error
        token = InternalToken.from_claims(claims)
        if (token.actor is None) != (key_id == "router"):
            raise InvalidToken("Only a service, and always a service, acts for another.")
        return token


class ServiceSigner:
    """Signs tokens of a service that acts for an initiator."""

    def __init__(self, key: str) -> None:
        private = load_pem_private_key(content(key).encode(), password=None)
        if not isinstance(private, Ed25519PrivateKey):
            raise TypeError("The service key must be an Ed25519 private key in PEM.")
        self._key = private

    def sign(self, token: InternalToken, audience: str, actor: str) -> str:
        """Mint a token of `LIFETIME_SECONDS` for one subgraph: the initiator's identity, acted for by `actor`."""
        now = int(time.time())
        claims = {
            **token.to_claims(),
            "actor": {"kind": "service", "name": actor},
            "iss": ISSUERS["service"],
            "aud": audience,
            "iat": now,
            "exp": now + LIFETIME_SECONDS,
        }
        return jwt.encode(claims, self._key, algorithm="EdDSA", headers={"kid": "service"})
