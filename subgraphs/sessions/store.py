"""What requests read of sessions. The one predicate stands in every statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TypeVar
from uuid import UUID

from subgraphs.kernel.connections import Page
from subgraphs.kernel.database import Connection, visible
from subgraphs.sessions.records import (
    MessageRecord,
    PrincipalRecord,
    ProjectRecord,
    Record,
    SessionRecord,
    SessionStatus,
)

Row = TypeVar("Row", PrincipalRecord, ProjectRecord, SessionRecord, MessageRecord)
Start = tuple[UUID, int | None]
"""A session, and the sequence after (or before) which a page of it starts; None: at its end."""

TABLES: dict[type[Record], str] = {
    PrincipalRecord: "sessions.principal",
    ProjectRecord: "sessions.project",
    SessionRecord: "sessions.session",
    MessageRecord: "sessions.message",
}


class SessionOrder(Enum):
    """In which order sessions are listed."""

    LAST_ACTIVITY_DESC = "LAST_ACTIVITY_DESC"
    CREATED_DESC = "CREATED_DESC"
    CREATED_ASC = "CREATED_ASC"

    @property
    def column(self) -> str:
        return "last_activity_at" if self is SessionOrder.LAST_ACTIVITY_DESC else "created_at"

    @property
    def descending(self) -> bool:
        return self is not SessionOrder.CREATED_ASC


@dataclass(frozen=True, slots=True)
class SessionMatch:
    """Which sessions of a project are asked for; None: any."""

    project_id: UUID
    status: SessionStatus | None = None
    owner_id: UUID | None = None
    title_contains: str | None = None
    updated_after: datetime | None = None

    def parameters(self) -> tuple[object, ...]:
        """Answer the values that `_MATCHES` needs, $1 to $5."""
        status = None if self.status is None else self.status.value
        return (self.project_id, status, self.owner_id, self.title_contains, self.updated_after)


_MATCHES = f"""
    {visible("s")} AND s.project_id = $1
    AND ($2::text IS NULL OR s.status = $2)
    AND ($3::uuid IS NULL OR s.owner_id = $3)
    AND ($4::text IS NULL OR position(lower($4) IN lower(s.title)) > 0)
    AND ($5::timestamptz IS NULL OR s.last_activity_at > $5)
"""


async def by_ids(connection: Connection, kind: type[Row], ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Read what the caller may see of these rows."""
    rows = await connection.fetch(
        f"SELECT {kind.columns('r')} FROM {TABLES[kind]} AS r WHERE r.id = ANY ($1) AND {visible('r')}", ids
    )
    return {row["id"]: kind.of(row) for row in rows}


async def lock(connection: Connection, kind: type[Row], id: UUID) -> Row | None:
    """Read one row and keep others from changing it until the transaction ends."""
    row = await connection.fetchrow(
        f"SELECT {kind.columns('r')} FROM {TABLES[kind]} AS r WHERE r.id = $1 AND {visible('r')} FOR UPDATE", id
    )
    return None if row is None else kind.of(row)


async def list_sessions(
    connection: Connection, match: SessionMatch, order: SessionOrder, page: Page
) -> list[SessionRecord]:
    """Read one page of sessions, and one row more if there is one, in reading order."""
    start_key, start_id = page.start or (None, None)
    direction = page.order(order.descending)
    rows = await connection.fetch(
        f"SELECT {SessionRecord.columns('s')} FROM sessions.session AS s WHERE {_MATCHES} AND ($6::timestamptz IS NULL"
        f" OR (s.{order.column}, s.id) {page.comparison(order.descending)} ($6, $7::uuid))"
        f" ORDER BY s.{order.column} {direction}, s.id {direction} LIMIT $8",
        *match.parameters(),
        start_key,
        start_id,
        page.limit + 1,
    )
    return [SessionRecord.of(row) for row in rows]


async def count_sessions(connection: Connection, match: SessionMatch) -> int:
    """Count the sessions of a list."""
    count: int = await connection.fetchval(
        f"SELECT count(*) FROM sessions.session AS s WHERE {_MATCHES}", *match.parameters()
    )
    return count


async def list_projects(connection: Connection, ids: Sequence[UUID], page: Page) -> list[ProjectRecord]:
    """Read one page of these projects by slug, and one row more if there is one."""
    start = None if page.start is None else page.start[0]
    rows = await connection.fetch(
        f"SELECT {ProjectRecord.columns('p')} FROM sessions.project AS p WHERE p.id = ANY ($1) AND {visible('p')}"
        f" AND ($2::text IS NULL OR p.slug {page.comparison(False)} $2) ORDER BY p.slug {page.order(False)} LIMIT $3",
        ids,
        start,
        page.limit + 1,
    )
    return [ProjectRecord.of(row) for row in rows]


async def list_messages(
    connection: Connection, starts: Sequence[Start], page: Page
) -> dict[Start, list[MessageRecord]]:
    """Read several pages in one statement, each with one row more if there is one; a page without rows is left out.

    Shapes: starts [n]. Of `page` only size and direction count.
    """
    rows = await connection.fetch(
        f"SELECT {MessageRecord.columns('m')}, asked.start"
        " FROM unnest($1::uuid[], $2::int[]) AS asked (session_id, start)"
        f" CROSS JOIN LATERAL (SELECT * FROM sessions.message AS m WHERE m.session_id = asked.session_id"
        f" AND {visible('m')} AND (asked.start IS NULL OR m.sequence {page.comparison(False)} asked.start)"
        f" ORDER BY m.sequence {page.order(False)} LIMIT $3) AS m ORDER BY m.sequence {page.order(False)}",
        [session_id for session_id, _ in starts],
        [start for _, start in starts],
        page.limit + 1,
    )
    found: dict[Start, list[MessageRecord]] = defaultdict(list)
    for row in rows:
        found[row["session_id"], row["start"]].append(MessageRecord.of(row))
    return found


async def by_task_ids(connection: Connection, task_ids: Sequence[UUID]) -> dict[UUID, MessageRecord]:
    """Read the messages that these tasks generate."""
    rows = await connection.fetch(
        f"SELECT {MessageRecord.columns('m')} FROM sessions.message AS m WHERE m.task_id = ANY ($1) AND {visible('m')}",
        task_ids,
    )
    return {row["task_id"]: MessageRecord.of(row) for row in rows}


async def running_task(connection: Connection, session_id: UUID) -> UUID | None:
    """Say which task is generating in a session."""
    task_id: UUID | None = await connection.fetchval(
        f"SELECT m.task_id FROM sessions.message AS m"
        f" WHERE m.session_id = $1 AND m.status = 'IN_PROGRESS' AND {visible('m')}",
        session_id,
    )
    return task_id


async def last_message_id(connection: Connection, session: SessionRecord) -> UUID | None:
    """Name the last message of a session."""
    id: UUID | None = await connection.fetchval(
        f"SELECT m.id FROM sessions.message AS m WHERE m.session_id = $1 AND m.sequence = $2 AND {visible('m')}",
        session.id,
        session.message_count,
    )
    return id
