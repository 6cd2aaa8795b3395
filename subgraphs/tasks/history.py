"""The history of a task in the graph: its events, oldest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import strawberry

from subgraphs.kernel.connections import read_page, slice_rows
from subgraphs.kernel.graphql_types import PageInfo
from subgraphs.tasks.context import Info
from subgraphs.tasks.loaders import HistoryPage
from subgraphs.tasks.machine import TERMINAL, Status
from subgraphs.tasks.records import Progress, TaskRecord
from subgraphs.tasks.store import EventRecord
from subgraphs.tasks.values import TaskProgress


@strawberry.enum
class TaskEventType(StrEnum):
    """What an event tells."""

    STATUS = "STATUS"
    PROGRESS = "PROGRESS"


@strawberry.interface
class TaskEvent:
    """One change of a task. `sequence` has no gap within a task."""

    cursor: str
    sequence: int
    task_id: strawberry.ID
    at: datetime


@strawberry.type
class TaskStatusEvent(TaskEvent):
    """The task went from one status to another."""

    from_: Status | None = strawberry.field(name="from")
    to: Status
    attempt: int

    @strawberry.field
    def terminal(self) -> bool:
        return self.to in TERMINAL


@strawberry.type
class TaskProgressEvent(TaskEvent):
    """The task came further."""

    progress: TaskProgress


@strawberry.type
class TaskEventEdge:
    """An event in its list."""

    cursor: str
    node: TaskEvent


@strawberry.type
class TaskEventConnection:
    """A page of history."""

    edges: list[TaskEventEdge]
    page_info: PageInfo


def cursor(info: Info, task_id: UUID, seq: int) -> str:
    """Write the place of one event in the history of its task."""
    return info.context.state.cursors.encode(_listing(task_id), (seq, task_id))


async def read_history(
    info: Info, task: TaskRecord, first: int | None, after: str | None, types: Sequence[TaskEventType] | None
) -> TaskEventConnection:
    """Read one page of a task's events, together with those of other tasks of the request."""
    page = read_page(info.context.state.cursors, _listing(task.id), first, after or None)
    chosen = tuple(one.value for one in types) if types else None
    rows = await info.context.loaders.histories.load(HistoryPage(task.id, chosen, page))
    cut = slice_rows(info.context.state.cursors, _listing(task.id), page, rows, lambda row: (row.seq, row.task_id))
    events = [_event(task, row, text) for row, text in zip(cut.rows, cut.cursors, strict=True)]
    edges = [TaskEventEdge(cursor=event.cursor, node=event) for event in events]
    return TaskEventConnection(edges=edges, page_info=cut.page_info)


def _listing(task_id: UUID) -> str:
    return f"task:{task_id}:events"


def _event(task: TaskRecord, row: EventRecord, cursor: str) -> TaskEvent:
    task_id = strawberry.ID(task.global_id)
    if row.type == TaskEventType.PROGRESS:
        progress = TaskProgress.of(Progress(**row.data))
        return TaskProgressEvent(cursor=cursor, sequence=row.seq, task_id=task_id, at=row.at, progress=progress)
    was = row.data["from"]
    return TaskStatusEvent(
        cursor=cursor,
        sequence=row.seq,
        task_id=task_id,
        at=row.at,
        from_=None if was is None else Status(was),
        to=Status(row.data["to"]),
        attempt=row.attempt,
    )
