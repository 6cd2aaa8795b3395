"""Collections and documents."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import strawberry
from strawberry.federation.schema_directives import Tag
from strawberry.scalars import JSON

from subgraphs.kernel import global_id
from subgraphs.kernel.connections import read_page, slice_rows
from subgraphs.kernel.federation import (
    CacheControl,
    CacheScope,
    CacheTag,
    policy,
    requires_scopes,
    sized_by,
)
from subgraphs.kernel.graphql_types import Node, PageInfo
from subgraphs.search.context import Info
from subgraphs.search.foreign import ModelVersion
from subgraphs.search.records import CollectionRow, DocumentFilter, DocumentRow

TENANT_MINUTE = CacheControl(max_age=60, scope=CacheScope.TENANT)
PRIVATE_MINUTE = CacheControl(max_age=60, scope=CacheScope.PRIVATE)

COLLECTIONS_BY_AGE = "collections:CREATED_ASC"
DOCUMENTS_BY_AGE = "documents:CREATED_DESC"


@strawberry.federation.type(keys=["id"], directives=[PRIVATE_MINUTE, CacheTag(format="document:{$key.id}")])
class Document(Node):
    """A text that was indexed, in chunks."""

    row: strawberry.Private[DocumentRow]
    title: str | None
    uri: str | None
    media_type: str | None
    created_at: datetime
    chunk_count: int
    metadata: JSON | None

    @classmethod
    def of(cls, row: DocumentRow) -> Document:
        """Show a row."""
        return cls(
            id=strawberry.ID(global_id.encode("Document", row.id)),
            row=row,
            title=row.title,
            uri=row.uri,
            media_type=row.media_type,
            created_at=row.created_at,
            chunk_count=row.chunk_count,
            metadata=row.metadata,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Document | None:
        key = global_id.decode("Document", id)
        row = None if key is None else await info.context.loaders.documents.load(key)
        return None if row is None else cls.of(row)

    @strawberry.field
    async def collection(self, info: Info) -> Collection:
        row = await info.context.loaders.collections.load(self.row.collection_id)
        if row is None:
            raise LookupError("A document's collection is gone.")
        return Collection.of(row)

    @strawberry.field(directives=[policy("document.text.read"), Tag(name="sensitive")])
    async def text(self, info: Info) -> str | None:
        """The text as it was indexed: its chunks, one after the other."""
        return await info.context.loaders.texts.load(self.row.id)


@strawberry.type
class DocumentEdge:
    """A document in a list."""

    cursor: str
    node: Document


@strawberry.type
class DocumentConnection:
    """Documents of a collection that the caller may see, newest first."""

    edges: list[DocumentEdge]
    page_info: PageInfo

    @classmethod
    async def load(
        cls, info: Info, collection: UUID, chosen: DocumentFilter, first: int, after: str | None
    ) -> DocumentConnection:
        """Load one page. Raises: BadUserInput."""
        cursors = info.context.state.cursors
        page = read_page(cursors, DOCUMENTS_BY_AGE, first, after)
        rows = await info.context.loaders.documents_of_collection.load((collection, (chosen, page)))
        part = slice_rows(cursors, DOCUMENTS_BY_AGE, page, rows, lambda row: (row.created_at, row.id))
        edges = [
            DocumentEdge(cursor=cursor, node=Document.of(row))
            for cursor, row in zip(part.cursors, part.rows, strict=True)
        ]
        return cls(edges=edges, page_info=part.page_info)


@strawberry.input(name="DocumentFilter")
class DocumentFilterInput:
    """Which documents are listed."""

    title_contains: str | None = None
    media_type: str | None = None
    created_after: datetime | None = None

    def to_filter(self) -> DocumentFilter:
        """Say it to the store."""
        return DocumentFilter(self.title_contains, self.media_type, self.created_after)


@strawberry.federation.type(keys=["id"], directives=[TENANT_MINUTE, CacheTag(format="collection:{$key.id}")])
class Collection(Node):
    """A place for documents, embedded by one model."""

    row: strawberry.Private[CollectionRow]
    name: str
    dimension: int

    @classmethod
    def of(cls, row: CollectionRow) -> Collection:
        """Show a row."""
        id = strawberry.ID(global_id.encode("Collection", row.id))
        return cls(id=id, row=row, name=row.name, dimension=row.dimension)

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Collection | None:
        key = global_id.decode("Collection", id)
        row = None if key is None else await info.context.loaders.collections.load(key)
        return None if row is None else cls.of(row)

    @strawberry.field
    def project(self) -> Project:
        return Project(id=strawberry.ID(global_id.encode("Project", self.row.project_id)))

    @strawberry.field
    def embedding_model(self) -> ModelVersion:
        return ModelVersion.named(self.row.embedding_model_id)

    @strawberry.field
    async def document_count(self, info: Info) -> int:
        """How many documents it has, whoever may see them."""
        return await info.context.loaders.document_counts.load(self.row.id) or 0

    @strawberry.field(directives=[requires_scopes("search:read"), sized_by("first"), PRIVATE_MINUTE])
    async def documents(
        self, info: Info, first: int = 20, after: str | None = None, filter: DocumentFilterInput | None = None
    ) -> DocumentConnection:
        chosen = DocumentFilter() if filter is None else filter.to_filter()
        return await DocumentConnection.load(info, self.row.id, chosen, first, after)


@strawberry.type
class CollectionEdge:
    """A collection in a list."""

    cursor: str
    node: Collection


@strawberry.type
class CollectionConnection:
    """Collections of a project, oldest first."""

    edges: list[CollectionEdge]
    page_info: PageInfo


@strawberry.federation.type(keys=["id"])
class Project:
    """A project as search knows it: by its collections."""

    id: strawberry.ID

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> Project:
        return cls(id=id)

    @strawberry.field(directives=[sized_by("first"), TENANT_MINUTE])
    async def collections(self, info: Info, first: int = 20, after: str | None = None) -> CollectionConnection:
        cursors = info.context.state.cursors
        page = read_page(cursors, COLLECTIONS_BY_AGE, first, after)
        key = global_id.decode("Project", self.id)
        rows = () if key is None else await info.context.loaders.collections_of_project.load((key, page))
        part = slice_rows(cursors, COLLECTIONS_BY_AGE, page, rows, lambda row: (row.created_at, row.id))
        edges = [
            CollectionEdge(cursor=cursor, node=Collection.of(row))
            for cursor, row in zip(part.cursors, part.rows, strict=True)
        ]
        return CollectionConnection(edges=edges, page_info=part.page_info)
