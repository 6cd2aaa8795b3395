"""Who asks in the tests: two tenants, owners and projects."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from subgraphs.kernel.erasure import OnePrincipal
from subgraphs.kernel.global_id import encode
from subgraphs.kernel.identity import InternalToken, ProjectRole


def _id(number: int) -> UUID:
    return UUID(f"01890000-0000-7000-8000-{number:012x}")


PROJECT, OTHER_PROJECT, FOREIGN_PROJECT = _id(0xA0), _id(0xA1), _id(0xA2)
MEMBER = "member"

SCOPES = frozenset({"models:infer", "models:write", "search:admin", "search:write", "sessions:write", "tasks:run"})

ANN = InternalToken("acme", _id(1), SCOPES, projects=(ProjectRole(PROJECT, MEMBER),))
BEN = InternalToken("acme", _id(2), SCOPES, projects=(ProjectRole(PROJECT, MEMBER),))
CAT = InternalToken("acme", _id(3), SCOPES, projects=(ProjectRole(OTHER_PROJECT, MEMBER),))
DAN = InternalToken("acme", _id(4), SCOPES)
EVE = InternalToken("evil", _id(5), SCOPES, projects=(ProjectRole(FOREIGN_PROJECT, MEMBER),))
NOBODY = InternalToken("acme", scopes=SCOPES)
IMPOSTOR = InternalToken("evil", ANN.principal, SCOPES, projects=ANN.projects)  # another tenant's token with Ann's ids


def principal_id(token: InternalToken) -> str:
    """The global id of who asks."""
    assert token.principal is not None
    return encode("Principal", token.principal)


def all_of(token: InternalToken) -> OnePrincipal:
    """Who asks, as the subject of an erasure."""
    assert token.principal is not None
    return OnePrincipal(token.tenant, token.principal)


def acting(token: InternalToken) -> InternalToken:
    """The same initiator, acted for by the worker."""
    return replace(token, actor="worker")
