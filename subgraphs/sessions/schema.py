"""The schema of the sessions subgraph."""

from __future__ import annotations

import strawberry
from strawberry.federation import field

from subgraphs.kernel.connections import read_page, slice_rows
from subgraphs.kernel.errors import Unauthenticated
from subgraphs.kernel.federation import CacheControl, CacheScope, CacheTag, cost, federation_schema, sized_by
from subgraphs.kernel.global_id import decode
from subgraphs.kernel.graphql_types import PageInfo
from subgraphs.sessions import store, writes
from subgraphs.sessions.context import Info
from subgraphs.sessions.inputs import SessionFilter
from subgraphs.sessions.mutations import Mutation
from subgraphs.sessions.principals import Principal, Project
from subgraphs.sessions.records import SessionRecord
from subgraphs.sessions.store import SessionMatch, SessionOrder
from subgraphs.sessions.types import Session, Task

strawberry.enum(SessionOrder)


@strawberry.type
class SessionEdge:
    """A session and its place in a list."""

    cursor: str
    node: Session


@strawberry.type
class SessionConnection:
    """A page of sessions."""

    match: strawberry.Private[SessionMatch | None]
    edges: list[SessionEdge]
    page_info: PageInfo

    @field(directives=[cost(5)])
    async def total_count(self, info: Info) -> int | None:
        if self.match is None:
            return 0
        async with info.context.state.database.as_tenant(info.context.token) as connection:
            return await store.count_sessions(connection, self.match)


@strawberry.type
class Query:
    """What can be asked of sessions."""

    @field(authenticated=True, directives=[CacheControl(max_age=0, scope=CacheScope.PRIVATE)])
    async def viewer(self, info: Info) -> Principal:
        """Who asks; known from the first time on."""
        context, id = info.context, info.context.caller.principal
        if id is None:
            raise Unauthenticated("The token names no principal.")
        record = await context.loaders.principals.load(id)
        if record is None:
            async with context.state.database.as_tenant(context.token) as connection:
                await writes.ensure_principal(connection, context.caller)
            context.loaders.principals.clear(id)
            record = await context.loaders.principals.load(id)
        if record is None:
            raise LookupError(f"Principal {id} cannot be seen by itself.")
        return Principal.of(record)

    @field(
        authenticated=True,
        directives=[CacheControl(max_age=60, scope=CacheScope.TENANT), CacheTag(format="project:{$args.id}")],
    )
    async def project(self, info: Info, id: strawberry.ID) -> Project | None:
        return await Project.resolve_reference(info, id)

    @field(
        authenticated=True,
        directives=[CacheControl(max_age=5, scope=CacheScope.PRIVATE), CacheTag(format="session:{$args.id}")],
    )
    async def session(self, info: Info, id: strawberry.ID) -> Session | None:
        return await Session.resolve_reference(info, id)

    @field(
        requires_scopes=[["sessions:read"]],
        directives=[sized_by("first", "last"), CacheControl(max_age=5, scope=CacheScope.PRIVATE)],
    )
    async def sessions(  # noqa: PLR0913, PLR0917 - the arguments of the field
        self,
        info: Info,
        project_id: strawberry.ID,
        filter: SessionFilter | None = None,
        order_by: SessionOrder | None = SessionOrder.LAST_ACTIVITY_DESC,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> SessionConnection:
        """The sessions of a project that the caller may see."""
        cursors, order = info.context.state.cursors, order_by or SessionOrder.LAST_ACTIVITY_DESC
        listing = f"sessions:{project_id}:{order.value}"
        page = read_page(cursors, listing, first, after, last, before)
        match = _match(project_id, filter or SessionFilter())
        records: list[SessionRecord] = []
        if match is not None:
            async with info.context.state.database.as_tenant(info.context.token) as connection:
                records = await store.list_sessions(connection, match, order, page)
        part = slice_rows(cursors, listing, page, records, lambda one: (getattr(one, order.column), one.id))
        edges = [SessionEdge(cursor=at, node=Session.of(one)) for at, one in zip(part.cursors, part.rows, strict=True)]
        return SessionConnection(match=match, edges=edges, page_info=part.page_info)


def _match(project_id: str, filter: SessionFilter) -> SessionMatch | None:
    """Read which sessions are asked for; None if an id says that there are none."""
    project, owner = decode("Project", project_id), decode("Principal", filter.owner_id)
    if project is None or (filter.owner_id is not None and owner is None):
        return None
    return SessionMatch(project, filter.status, owner, filter.title_contains, filter.updated_after)


schema = federation_schema(Query, Mutation, [Task])
