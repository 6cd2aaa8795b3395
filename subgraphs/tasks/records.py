"""A task as its row says it is."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import asyncpg

from subgraphs.kernel.global_id import encode
from subgraphs.kernel.identity import InternalToken
from subgraphs.tasks.initiator import token_of
from subgraphs.tasks.machine import Status

Json = Any


class Kind(StrEnum):
    """What a task does."""

    INFERENCE = "INFERENCE"
    INGEST = "INGEST"


TYPE_NAMES: Mapping[Kind, str] = {Kind.INFERENCE: "InferenceTask", Kind.INGEST: "IngestTask"}
"""The concrete type of each kind, as global ids name it."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a task is. `total` is None while it is unknown."""

    current: int = 0
    total: int | None = None
    unit: str | None = None
    message: str | None = None
    stage: str | None = None

    def to_json(self) -> dict[str, Json]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a task, or its last attempt, did not succeed."""

    code: str
    message: str
    retryable: bool

    def to_json(self) -> dict[str, Json]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """When a retryable failure is tried again, and how often. Units: milliseconds."""

    max_attempts: int = 3
    initial_delay_ms: int = 500
    max_delay_ms: int = 60_000
    multiplier: float = 2.0
    non_retryable_codes: tuple[str, ...] = ()

    def delay(self, attempt: int, chance: float | None = None) -> timedelta:
        """Say how long to wait after that attempt failed: half of it is left to chance (0..1).

        What failed together, because a neighbour was away, does not return to it together.
        """
        longest = min(self.max_delay_ms, self.initial_delay_ms * self.multiplier ** (attempt - 1))
        drawn = random.random() if chance is None else chance  # noqa: S311 - nobody gains by guessing it
        return timedelta(milliseconds=longest * (1 + drawn) / 2)

    def allows(self, failure: Failure, attempt: int) -> bool:
        """Tell whether another attempt follows this failure."""
        return failure.retryable and attempt < self.max_attempts and failure.code not in self.non_retryable_codes

    def to_json(self) -> dict[str, Json]:
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "max_attempts"}


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """One row. `fence` is the fencing token of the last claim."""

    id: UUID
    tenant_id: str
    project_id: UUID
    owner_id: UUID
    initiator: Mapping[str, Json]
    session_id: UUID | None
    kind: Kind
    model_id: UUID | None
    collection_id: UUID | None
    input: Mapping[str, Json]
    output: Json
    input_tokens: int
    output_tokens: int
    progress: Progress
    failure: Failure | None
    status: Status
    priority: int
    attempt: int
    retry: RetryPolicy
    created_at: datetime
    scheduled_for: datetime | None
    deadline: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    fence: int
    last_seq: int

    @classmethod
    def of(cls, row: asyncpg.Record) -> TaskRecord:
        """Read a row that has every column of `COLUMNS`."""
        values = {name: row[name] for name in _PLAIN}
        retry = {**row["retry"], "non_retryable_codes": tuple(row["retry"]["non_retryable_codes"])}
        return cls(
            **values,
            kind=Kind(row["kind"]),
            status=Status(row["status"]),
            progress=Progress(**row["progress"]),
            failure=None if row["failure"] is None else Failure(**row["failure"]),
            retry=RetryPolicy(max_attempts=row["max_attempts"], **retry),
        )

    @property
    def global_id(self) -> str:
        """The id that the graph knows it by."""
        return encode(TYPE_NAMES[self.kind], self.id)

    @property
    def on_behalf_of(self) -> InternalToken:
        """The initiator, with what they might do when the task was made."""
        return token_of(self.tenant_id, self.owner_id, self.initiator)


_DECODED = frozenset({"kind", "status", "progress", "failure", "retry"})
_PLAIN = tuple(field.name for field in fields(TaskRecord) if field.name not in _DECODED)
_NAMES = (*_PLAIN, *sorted(_DECODED), "max_attempts")


def columns(alias: str) -> str:
    """Name in SQL the columns that `TaskRecord.of` reads."""
    return ", ".join(f"{alias}.{name}" for name in _NAMES)
