"""What belongs to other subgraphs, as search names it."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Self
from uuid import UUID

import strawberry
from strawberry.federation.schema_directives import External, Key
from strawberry.federation.types import FieldSet

from subgraphs.kernel import global_id


@strawberry.enum
class MessageRole(Enum):
    """Who speaks."""

    USER = "USER"
    ASSISTANT = "ASSISTANT"
    SYSTEM = "SYSTEM"
    TOOL = "TOOL"


@strawberry.federation.type(directives=[Key(fields=FieldSet("id"), resolvable=False)])
class Message:
    """A message of a conversation; its role and time never change, so hits bring them along."""

    id: strawberry.ID
    role: MessageRole = strawberry.field(directives=[External()])
    created_at: datetime = strawberry.field(directives=[External()])


@strawberry.federation.type(directives=[Key(fields=FieldSet("id"), resolvable=False)])
class ModelVersion:
    """A version of a model."""

    id: strawberry.ID

    @classmethod
    def named(cls, id: UUID) -> Self:
        """Name it by its key."""
        return cls(id=strawberry.ID(global_id.encode("ModelVersion", id)))
