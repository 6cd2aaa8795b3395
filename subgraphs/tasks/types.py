"""Tasks in the graph: the entity interface and its kinds, and the lists of them that sessions and projects have."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from subgraphs.kernel.federation import CacheControl, CacheScope, cost, policy, requires_scopes, sized_by
from subgraphs.kernel.global_id import decode, encode
from subgraphs.kernel.graphql_types import Node, PageInfo
from subgraphs.tasks.context import Info
from subgraphs.tasks.history import TaskEventConnection, TaskEventType, cursor, read_history
from subgraphs.tasks.listing import TaskFilter, listing_of, read_tasks
from subgraphs.tasks.loaders import Listing
from subgraphs.tasks.machine import Status
from subgraphs.tasks.model_version import ModelVersion
from subgraphs.tasks.records import TYPE_NAMES, Kind, TaskRecord
from subgraphs.tasks.store import Parent
from subgraphs.tasks.values import Collection, Principal, TaskFailure, TaskProgress, TokenUsage

_LISTED = [requires_scopes("tasks:read"), sized_by("first")]


@strawberry.federation.interface(keys=["id"], directives=[CacheControl(max_age=1, scope=CacheScope.PRIVATE)])
class Task(Node):
    """Work given to a worker. Entity interface, owned here: other subgraphs extend it without knowing the kinds."""

    record: strawberry.Private[TaskRecord]
    status: Status
    priority: int
    attempt: int
    max_attempts: int
    created_at: datetime
    scheduled_for: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    deadline: datetime | None

    @strawberry.field
    def project(self) -> Project:
        return Project.by_key(self.record.project_id)

    @strawberry.field
    def session(self) -> Session | None:
        return None if self.record.session_id is None else Session.by_key(self.record.session_id)

    @strawberry.field
    def created_by(self) -> Principal:
        return Principal(id=strawberry.ID(encode("Principal", self.record.owner_id)))

    @strawberry.field
    def progress(self) -> TaskProgress:
        return TaskProgress.of(self.record.progress)

    @strawberry.field
    def failure(self) -> TaskFailure | None:
        return None if self.record.failure is None else TaskFailure.of(self.record.failure)

    @strawberry.field
    def last_event_cursor(self, info: Info) -> str:
        return cursor(info, self.record.id, self.record.last_seq)

    @strawberry.federation.field(directives=[sized_by("first")])
    async def events(
        self,
        info: Info,
        first: int | None = 50,
        after: str | None = strawberry.UNSET,
        types: list[TaskEventType] | None = strawberry.UNSET,
    ) -> TaskEventConnection:
        return await read_history(info, self.record, first, after, types)

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Task | None:
        """Answer the concrete kind, if the caller may see it and it is of the type that was asked for."""
        task = await load_task(info, id)
        return task if isinstance(task, cls) else None


@strawberry.federation.type(keys=["id"])
class InferenceTask(Task):
    """One model call."""

    @strawberry.field
    def model(self) -> ModelVersion:
        assert self.record.model_id is not None  # noqa: S101 - a check of the table
        return ModelVersion.by_key(self.record.model_id)

    @strawberry.field
    def usage(self) -> TokenUsage | None:
        if self.record.status is not Status.SUCCEEDED:
            return None
        return TokenUsage(input_tokens=self.record.input_tokens, output_tokens=self.record.output_tokens)

    @strawberry.federation.field(directives=[policy("task.payload.read")], tags=["sensitive"])
    def input(self) -> JSON | None:
        return JSON(self.record.input)

    @strawberry.federation.field(directives=[policy("task.payload.read")], tags=["sensitive"])
    def output(self) -> JSON | None:
        return None if self.record.output is None else JSON(self.record.output)


@strawberry.federation.type(keys=["id"])
class IngestTask(Task):
    """Documents into a collection."""

    @strawberry.field
    def collection(self) -> Collection:
        assert self.record.collection_id is not None  # noqa: S101 - a check of the table
        return Collection(id=strawberry.ID(encode("Collection", self.record.collection_id)))

    @strawberry.field
    def documents_total(self) -> int:
        return self.record.progress.total or 0

    @strawberry.field
    def documents_done(self) -> int:
        return self.record.progress.current


_TYPES: dict[Kind, type[InferenceTask] | type[IngestTask]] = {Kind.INFERENCE: InferenceTask, Kind.INGEST: IngestTask}


def task_of(record: TaskRecord) -> Task:
    """Give a row its place in the graph."""
    return _TYPES[record.kind](
        id=strawberry.ID(record.global_id),
        record=record,
        status=record.status,
        priority=record.priority,
        attempt=record.attempt,
        max_attempts=record.retry.max_attempts,
        created_at=record.created_at,
        scheduled_for=record.scheduled_for,
        started_at=record.started_at,
        finished_at=record.finished_at,
        deadline=record.deadline,
    )


async def load_task(info: Info, id: str) -> Task | None:
    """Find a task by its global id; None for one that is not there, or not the caller's to see."""
    key = decode(frozenset(TYPE_NAMES.values()), id)
    record = None if key is None else await info.context.loaders.tasks.load(key)
    return task_of(record) if record is not None and record.global_id == id else None


@strawberry.type
class TaskEdge:
    """A task in its list."""

    cursor: str
    node: Task


@strawberry.type
class TaskConnection:
    """A page of tasks."""

    edges: list[TaskEdge]
    page_info: PageInfo
    listing: strawberry.Private[Listing]

    @strawberry.federation.field(directives=[cost(5)])
    async def total_count(self, info: Info) -> int | None:
        return await info.context.loaders.counts.load(self.listing)

    @classmethod
    async def read(  # noqa: PLR0913, PLR0917 - whose tasks, which of them, which page
        cls,
        info: Info,
        parent: Parent,
        id: UUID | None,
        matching: TaskFilter | None,
        first: int | None,
        after: str | None,
    ) -> Self:
        """Read one page of the tasks of a project or session."""
        listing = listing_of(parent, id, matching)
        cut = await read_tasks(info, listing, first, after)
        edges = [TaskEdge(cursor=text, node=task_of(row)) for row, text in zip(cut.rows, cut.cursors, strict=True)]
        return cls(edges=edges, page_info=cut.page_info, listing=listing)


@strawberry.federation.type(keys=["id"])
class Session:
    """A conversation, with what was done for it."""

    id: strawberry.ID

    @strawberry.federation.field(directives=_LISTED)
    async def tasks(
        self,
        info: Info,
        filter: TaskFilter | None = strawberry.UNSET,
        first: int | None = 10,
        after: str | None = strawberry.UNSET,
    ) -> TaskConnection:
        return await TaskConnection.read(info, "session_id", decode("Session", self.id), filter, first, after)

    @classmethod
    def by_key(cls, id: UUID) -> Self:
        return cls(id=strawberry.ID(encode("Session", id)))


@strawberry.federation.type(keys=["id"])
class Project:
    """A project, with what was done in it."""

    id: strawberry.ID

    @strawberry.federation.field(directives=_LISTED)
    async def tasks(
        self,
        info: Info,
        filter: TaskFilter | None = strawberry.UNSET,
        first: int | None = 20,
        after: str | None = strawberry.UNSET,
    ) -> TaskConnection:
        return await TaskConnection.read(info, "project_id", decode("Project", self.id), filter, first, after)

    @classmethod
    def by_key(cls, id: UUID) -> Self:
        return cls(id=strawberry.ID(encode("Project", id)))
