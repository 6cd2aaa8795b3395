"""Entities of other subgraphs, named by their key."""

from __future__ import annotations

from typing import Self
from uuid import UUID

import strawberry

from subgraphs.kernel.federation import NAMED_ONLY
from subgraphs.kernel.global_id import encode


@strawberry.federation.type(keys=[NAMED_ONLY])
class ModelVersion:
    """A model that answers. The models subgraph knows more."""

    id: strawberry.ID

    @classmethod
    def by_key(cls, id: UUID | None) -> Self | None:
        return None if id is None else cls(id=strawberry.ID(encode("ModelVersion", id)))


@strawberry.federation.type(keys=[NAMED_ONLY])
class Document:
    """A source that is cited. The search subgraph knows more."""

    id: strawberry.ID

    @classmethod
    def by_key(cls, id: UUID) -> Self:
        return cls(id=strawberry.ID(encode("Document", id)))
