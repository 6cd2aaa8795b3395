"""What requests read of tasks. The one predicate stands in every statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import asyncpg

from subgraphs.kernel.connections import Page
from subgraphs.kernel.database import Connection, visible
from subgraphs.tasks.records import TaskRecord, columns

Parent = Literal["project_id", "session_id"]

_VISIBLE = visible("t")


@dataclass(frozen=True, slots=True)
class Filter:
    """Which tasks of a list are asked for; None: any."""

    statuses: tuple[str, ...] | None = None
    kinds: tuple[str, ...] | None = None
    session_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """What a model was used for in a project in the last day. Units: milliseconds."""

    requests: int
    failures: int
    input_tokens: int
    output_tokens: int
    p50_latency_ms: float | None
    p99_latency_ms: float | None


NOTHING = Usage(0, 0, 0, 0, None, None)


@dataclass(frozen=True, slots=True)
class EventRecord:
    """One entry of a task's history."""

    task_id: UUID
    seq: int
    type: str
    at: datetime
    attempt: int
    data: Mapping[str, Any]


async def by_ids(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, TaskRecord]:
    """Read what the caller may see of these tasks."""
    rows = await connection.fetch(
        f"SELECT {columns('t')} FROM tasks.task t WHERE t.id = ANY ($1) AND {_VISIBLE}",
        ids,
    )
    return {row["id"]: TaskRecord.of(row) for row in rows}


async def lock(connection: Connection, id: UUID) -> TaskRecord | None:
    """Read one task and keep others from changing it until the transaction ends."""
    row = await connection.fetchrow(
        f"SELECT {columns('t')} FROM tasks.task t WHERE t.id = $1 AND {_VISIBLE} FOR UPDATE",
        id,
    )
    return None if row is None else TaskRecord.of(row)


_MATCHES = """
    t.{parent} = p.id
    AND ($2::text[] IS NULL OR t.status = ANY ($2))
    AND ($3::text[] IS NULL OR t.kind = ANY ($3))
    AND ($4::uuid IS NULL OR t.session_id = $4)
"""


async def pages(
    connection: Connection, parent: Parent, ids: Sequence[UUID], matching: Filter, page: Page
) -> dict[UUID, list[TaskRecord]]:
    """Read one page of tasks, newest first, for each of many projects or sessions, with one statement."""
    created_at, id = page.start or (None, None)
    rows = await connection.fetch(
        f"""
        SELECT p.id AS parent, found.* FROM unnest($1::uuid[]) AS p (id) CROSS JOIN LATERAL (
            SELECT {columns("t")} FROM tasks.task t
            WHERE {_MATCHES.format(parent=parent)} AND {_VISIBLE}
            AND ($5::timestamptz IS NULL OR (t.created_at, t.id) {page.comparison(descending=True)} ($5, $6::uuid))
            ORDER BY t.created_at {page.order(descending=True)}, t.id {page.order(descending=True)}
            LIMIT $7
        ) found
        """,
        ids,
        *_arguments(matching),
        created_at,
        id,
        page.limit + 1,
    )
    found: dict[UUID, list[TaskRecord]] = {}
    for row in rows:
        found.setdefault(row["parent"], []).append(TaskRecord.of(row))
    return found


async def counts(connection: Connection, parent: Parent, ids: Sequence[UUID], matching: Filter) -> dict[UUID, int]:
    """Count the tasks of each of many projects or sessions, with one statement."""
    rows = await connection.fetch(
        f"""
        SELECT p.id, count(t.id) FROM unnest($1::uuid[]) AS p (id) JOIN tasks.task t
        ON {_MATCHES.format(parent=parent)} AND {_VISIBLE} GROUP BY p.id
        """,
        ids,
        *_arguments(matching),
    )
    return {row["id"]: row["count"] for row in rows}


async def histories(
    connection: Connection, ids: Sequence[UUID], types: Sequence[str] | None, page: Page
) -> dict[UUID, list[EventRecord]]:
    """Read one page of history, oldest first, for each of many tasks, with one statement."""
    after = None if page.start is None else page.start[0]
    rows = await connection.fetch(
        f"""
        SELECT found.* FROM tasks.task t CROSS JOIN LATERAL (
            SELECT e.task_id, e.seq, e.type, e.at, e.attempt, e.data FROM tasks.task_event e
            WHERE e.task_id = t.id AND ($2::text[] IS NULL OR e.type = ANY ($2)) AND e.seq > coalesce($3::bigint, 0)
            ORDER BY e.seq LIMIT $4
        ) found WHERE t.id = ANY ($1) AND {_VISIBLE} ORDER BY found.task_id, found.seq
        """,
        ids,
        types,
        after,
        page.limit + 1,
    )
    found: dict[UUID, list[EventRecord]] = {}
    for row in rows:
        found.setdefault(row["task_id"], []).append(EventRecord(**row))
    return found


async def usage_last_day(connection: Connection, pairs: Sequence[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], Usage]:
    """Sum up what tasks that ended in the last 24 hours used. Shapes: pairs [n] of (model version, project)."""
    rows = await connection.fetch(
        f"""
        SELECT t.model_id, t.project_id, count(*) AS requests,
            count(*) FILTER (WHERE t.status IN ('FAILED', 'TIMED_OUT', 'CRASHED')) AS failures,
            sum(t.input_tokens) AS input_tokens, sum(t.output_tokens) AS output_tokens,
            percentile_cont(ARRAY[0.5, 0.99]) WITHIN GROUP (
                ORDER BY 1000 * extract(epoch FROM t.finished_at - t.started_at)) AS latencies
        FROM unnest($1::uuid[], $2::uuid[]) AS p (model_id, project_id)
        JOIN tasks.task t ON t.model_id = p.model_id AND t.project_id = p.project_id
        WHERE t.finished_at > now() - interval '24 hours' AND {_VISIBLE}
        GROUP BY t.model_id, t.project_id
        """,
        [model for model, _ in pairs],
        [project for _, project in pairs],
    )
    return {(row["model_id"], row["project_id"]): _usage(row) for row in rows}


def _usage(row: asyncpg.Record) -> Usage:
    p50, p99 = row["latencies"] or (None, None)
    return Usage(row["requests"], row["failures"], row["input_tokens"], row["output_tokens"], p50, p99)


def _arguments(matching: Filter) -> tuple[object, ...]:
    return matching.statuses, matching.kinds, matching.session_id
