"""From verified claims to who asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from router.errors import InvalidToken
from router.request import Identity, Json, ProjectRole
from router.settings.identity import Claims

MAX_PROJECTS = 200


def read_claims(
    claims: Mapping[str, Json],
    default_tenant: str | None,
    policies: frozenset[str],
    names: Claims = Claims(),  # noqa: B008 (frozen)
) -> Identity:
    """Turn verified claims into an identity. Without a principal there are no projects. Raises: InvalidToken."""
    principal, tenant = claims.get("sub"), claims.get(names.tenant, default_tenant)
    if not isinstance(tenant, str) or not tenant:
        raise InvalidToken("The token names no tenant.")
    if principal is not None and (not isinstance(principal, str) or not principal):
        raise InvalidToken("The token has malformed claims.")
    try:
        scopes = frozenset(claims.get(names.scopes, "").split())
        granted = frozenset(_names(claims.get(names.policies, ())))
        projects = tuple(ProjectRole(str(one["id"]), str(one["role"])) for one in claims.get(names.projects, ()))
    except (TypeError, KeyError, AttributeError) as error:
        raise InvalidToken("The token has malformed claims.") from error
    if len(projects) > MAX_PROJECTS:
        raise InvalidToken(f"The token names more than {MAX_PROJECTS} projects.")
    return Identity(tenant, principal, scopes, projects if principal is not None else (), granted | policies)


def _names(value: Json) -> Sequence[str]:
    if not isinstance(value, list | tuple) or not all(isinstance(name, str) for name in value):
        raise TypeError("expected a list of names")
    return value
