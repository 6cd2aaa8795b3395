"""Which tasks a list holds, and which page of it is read: newest first."""

from __future__ import annotations

from uuid import UUID

import strawberry

from subgraphs.kernel.connections import Slice, read_page, slice_rows
from subgraphs.kernel.global_id import decode
from subgraphs.tasks.context import Info
from subgraphs.tasks.loaders import Listing, ListingPage
from subgraphs.tasks.machine import Status
from subgraphs.tasks.records import Kind, TaskRecord
from subgraphs.tasks.store import Filter, Parent

NOWHERE = UUID(int=0)  # a global id that names nothing is the id of nothing that is there
LISTING = "tasks:CREATED_DESC"


@strawberry.input
class TaskFilter:
    """Which tasks of a list are asked for."""

    status: list[Status] | None = strawberry.UNSET
    kind: list[Kind] | None = strawberry.UNSET
    session_id: strawberry.ID | None = strawberry.UNSET


def listing_of(parent: Parent, id: UUID | None, matching: TaskFilter | None) -> Listing:
    """Name a list of tasks; one of an unknown parent is empty."""
    return Listing(parent, id or NOWHERE, _filter(matching))


async def read_tasks(info: Info, listing: Listing, first: int | None, after: str | None) -> Slice[TaskRecord]:
    """Read one page of a list, together with those of others in the request."""
    page = read_page(info.context.state.cursors, LISTING, first, after or None)
    rows = await info.context.loaders.pages.load(ListingPage(listing, page))
    return slice_rows(info.context.state.cursors, LISTING, page, rows, lambda row: (row.created_at, row.id))


def _filter(given: TaskFilter | None) -> Filter:
    if not given:
        return Filter()
    return Filter(
        statuses=tuple(status.value for status in given.status) if given.status else None,
        kinds=tuple(kind.value for kind in given.kind) if given.kind else None,
        session_id=(decode("Session", given.session_id) or NOWHERE) if given.session_id else None,
    )
