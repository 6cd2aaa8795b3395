"""Who a task is done for: what is kept of them when it is made, and the token that the worker then acts with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from subgraphs.kernel.identity import InternalToken, ProjectRole

Json = Any


def initiator_of(token: InternalToken) -> Json:
    """Keep what the principal may do now: the worker acts within it, and within no policy."""
    return {
        "projects": [{"id": str(project.id), "role": project.role} for project in token.projects],
        "scopes": sorted(token.scopes),
    }


def token_of(tenant: str, principal: UUID, initiator: Mapping[str, Json]) -> InternalToken:
    """Stand for the principal as `initiator_of` kept them."""
    return InternalToken(
        tenant=tenant,
        principal=principal,
        scopes=frozenset(initiator["scopes"]),
        projects=tuple(ProjectRole(UUID(one["id"]), one["role"]) for one in initiator["projects"]),
    )
