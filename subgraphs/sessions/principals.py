"""Who acts, and in which projects."""

from __future__ import annotations

from datetime import datetime
from typing import Self

import strawberry
from strawberry.federation import field

from subgraphs.kernel.connections import read_page, slice_rows
from subgraphs.kernel.federation import CacheControl, CacheScope, assumed_size, sized_by
from subgraphs.kernel.global_id import decode, encode
from subgraphs.kernel.graphql_types import Node, PageInfo
from subgraphs.sessions.context import Info
from subgraphs.sessions.records import PrincipalKind, PrincipalRecord, ProjectRecord

strawberry.enum(PrincipalKind)


@strawberry.federation.type(keys=["id"], directives=[CacheControl(max_age=60, scope=CacheScope.TENANT)])
class Project(Node):
    """Where sessions belong."""

    name: str
    slug: str
    created_at: datetime

    @classmethod
    def of(cls, record: ProjectRecord) -> Self:
        id = strawberry.ID(encode("Project", record.id))
        return cls(id=id, name=record.name, slug=record.slug, created_at=record.created_at)

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        uuid = decode("Project", id)
        record = None if uuid is None else await info.context.loaders.projects.load(uuid)
        return None if record is None else cls.of(record)


@strawberry.type
class ProjectEdge:
    """A project and its place in a list."""

    cursor: str
    node: Project


@strawberry.type
class ProjectConnection:
    """A page of projects."""

    edges: list[ProjectEdge]
    page_info: PageInfo


@strawberry.federation.type(keys=["id"])
class Principal(Node):
    """A person, a service or an agent."""

    record: strawberry.Private[PrincipalRecord]
    kind: PrincipalKind
    display_name: str | None
    email: str | None = field(policy=[["pii.read"]], tags=["pii"])

    @field(authenticated=True, directives=[assumed_size(20)])
    def scopes(self, info: Info) -> list[str]:
        """What the caller may do. Of another principal nothing is known here."""
        return sorted(info.context.caller.scopes) if self._is_caller(info) else []

    @field(authenticated=True, directives=[sized_by("first")])
    async def projects(self, info: Info, first: int | None = 20, after: str | None = None) -> ProjectConnection:
        """The caller's projects. Of another principal nothing is known here."""
        page = read_page(info.context.state.cursors, "projects", first, after)
        records = await info.context.loaders.own_projects.load(page) if self._is_caller(info) else []
        part = slice_rows(
            info.context.state.cursors, "projects", page, records, lambda record: (record.slug, record.id)
        )
        edges = [ProjectEdge(cursor=at, node=Project.of(one)) for at, one in zip(part.cursors, part.rows, strict=True)]
        return ProjectConnection(edges=edges, page_info=part.page_info)

    def _is_caller(self, info: Info) -> bool:
        return self.record.id == info.context.caller.principal

    @classmethod
    def of(cls, record: PrincipalRecord) -> Self:
        return cls(
            id=strawberry.ID(encode("Principal", record.id)),
            record=record,
            kind=record.kind,
            display_name=record.display_name,
            email=record.email,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        uuid = decode("Principal", id)
        record = None if uuid is None else await info.context.loaders.principals.load(uuid)
        return None if record is None else cls.of(record)
