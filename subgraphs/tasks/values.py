"""What tasks hold: enums, small values, and the keys of entities that others own."""

from __future__ import annotations

from typing import Self

import strawberry
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from subgraphs.tasks.machine import Status
from subgraphs.tasks.records import Failure, Kind, Progress

strawberry.enum(Status, name="TaskStatus")
strawberry.enum(Kind, name="TaskKind")


@strawberry.federation.type(keys=[Key(fields=FieldSet("id"), resolvable=False)])
class Principal:
    """Who asked for a task. The sessions subgraph knows more."""

    id: strawberry.ID


@strawberry.federation.type(keys=[Key(fields=FieldSet("id"), resolvable=False)])
class Collection:
    """Where documents go. The search subgraph knows more."""

    id: strawberry.ID


@strawberry.type
class TaskProgress:
    """How far a task is."""

    current: float | None
    total: float | None
    unit: str | None
    message: str | None
    stage: str | None

    @strawberry.field(description="0..1, null when the total is unknown")
    def fraction(self) -> float | None:
        return self.current / self.total if self.current is not None and self.total else None

    @classmethod
    def of(cls, progress: Progress) -> Self:
        return cls(
            current=progress.current,
            total=progress.total,
            unit=progress.unit,
            message=progress.message,
            stage=progress.stage,
        )


@strawberry.type
class TaskFailure:
    """Why a task, or its last attempt, did not succeed."""

    code: str
    message: str
    retryable: bool

    @classmethod
    def of(cls, failure: Failure) -> Self:
        return cls(code=failure.code, message=failure.message, retryable=failure.retryable)


@strawberry.federation.type(shareable=True)
class TokenUsage:
    """How many tokens model calls took. The local models cache nothing and do not reason."""

    input_tokens: int
    output_tokens: int
    cached_input_tokens: int = 0
    reasoning_tokens: int = 0
