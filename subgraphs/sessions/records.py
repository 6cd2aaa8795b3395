"""Rows of the sessions store, as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import Enum
from typing import Any, ClassVar, Self
from uuid import UUID

import asyncpg

Json = Any


class PrincipalKind(Enum):
    """What acts."""

    USER = "USER"
    SERVICE = "SERVICE"
    AGENT = "AGENT"


class SessionStatus(Enum):
    """Whether a session takes messages; only an ACTIVE one does."""

    ACTIVE = "ACTIVE"
    ARCHIVED = "ARCHIVED"
    LOCKED = "LOCKED"


class MessageRole(Enum):
    """Who speaks."""

    USER = "USER"
    ASSISTANT = "ASSISTANT"
    SYSTEM = "SYSTEM"
    TOOL = "TOOL"


class MessageStatus(Enum):
    """How far a message is. IN_PROGRESS: its task has not said the last word."""

    IN_PROGRESS = "IN_PROGRESS"
    COMPLETE = "COMPLETE"
    INCOMPLETE = "INCOMPLETE"
    FAILED = "FAILED"
    REDACTED = "REDACTED"


@dataclass(frozen=True, slots=True)
class Record:
    """A row whose columns are the fields of the class."""

    enums: ClassVar[Mapping[str, type[Enum]]] = {}

    @classmethod
    def columns(cls, alias: str) -> str:
        """List the columns for a SELECT from `alias`."""
        return ", ".join(f"{alias}.{field.name}" for field in fields(cls))

    @classmethod
    def of(cls, row: asyncpg.Record) -> Self:
        """Read a row that has `columns`."""
        values = {field.name: row[field.name] for field in fields(cls)}
        return cls(**values | {name: kind(values[name]) for name, kind in cls.enums.items()})


@dataclass(frozen=True, slots=True)
class PrincipalRecord(Record):
    """A person, a service or an agent."""

    enums: ClassVar[Mapping[str, type[Enum]]] = {"kind": PrincipalKind}

    id: UUID
    kind: PrincipalKind
    display_name: str | None
    email: str | None


@dataclass(frozen=True, slots=True)
class ProjectRecord(Record):
    """Where sessions belong."""

    id: UUID
    name: str
    slug: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SessionRecord(Record):
    """A conversation. `message_count` is also the sequence of its last message."""

    enums: ClassVar[Mapping[str, type[Enum]]] = {"status": SessionStatus}

    id: UUID
    project_id: UUID
    owner_id: UUID
    visibility: str
    title: str | None
    status: SessionStatus
    created_at: datetime
    last_activity_at: datetime
    message_count: int
    default_model_id: UUID | None
    metadata: Json
    system_prompt: str | None


@dataclass(frozen=True, slots=True)
class MessageRecord(Record):
    """One turn. `parts` are as `text_part` writes them."""

    enums: ClassVar[Mapping[str, type[Enum]]] = {"role": MessageRole, "status": MessageStatus}

    id: UUID
    session_id: UUID
    sequence: int
    role: MessageRole
    status: MessageStatus
    created_at: datetime
    author_id: UUID | None
    parent_id: UUID | None
    parts: Sequence[Json]
    usage: Json
    task_id: UUID | None
    model_id: UUID | None


def text_part(text: str, annotations: Sequence[Json] = ()) -> Json:
    """Write a text as a part of a message. An annotation holds `start`, `end`, `documentId` and `score`."""
    return {"type": "text", "text": text, "annotations": list(annotations)}
