"""The schema of the search subgraph."""

from __future__ import annotations

import strawberry
from strawberry.federation.schema_directives import Inaccessible

from subgraphs.kernel.federation import (
    CacheControl,
    CacheScope,
    CacheTag,
    authenticated,
    cost,
    federation_schema,
    requires_scopes,
    sized_by,
)
from subgraphs.kernel.refusal import Refusal
from subgraphs.search import searching
from subgraphs.search.collections import create_collection
from subgraphs.search.context import Info
from subgraphs.search.documents import delete_documents, upsert_documents
from subgraphs.search.hits import DocumentHit, MessageHit, SearchConnection
from subgraphs.search.inputs import (
    CreateCollectionInput,
    DeleteDocumentsInput,
    IndexChunksInput,
    IndexMessagesInput,
    UpsertDocumentsInput,
)
from subgraphs.search.payloads import (
    CreateCollectionPayload,
    DeleteDocumentsPayload,
    IndexPayload,
    UpsertDocumentsPayload,
    errors_of,
)
from subgraphs.search.searching import SearchInput
from subgraphs.search.task_indexing import index_chunks, index_messages
from subgraphs.search.types import PRIVATE_MINUTE, TENANT_MINUTE, Collection, Document, Project

SECONDS = CacheControl(max_age=30, scope=CacheScope.PRIVATE)


@strawberry.type
class Query:
    """What search is asked."""

    @strawberry.field(directives=[requires_scopes("search:read"), cost(20), sized_by("first"), SECONDS])
    async def search(
        self, info: Info, input: SearchInput, first: int = 10, after: str | None = None
    ) -> SearchConnection:
        """Find passages of documents and messages that the caller may see."""
        return await searching.search(info.context, input, first, after)

    @strawberry.field(directives=[authenticated(), TENANT_MINUTE, CacheTag(format="collection:{$args.id}")])
    async def collection(self, info: Info, id: strawberry.ID) -> Collection | None:
        return await Collection.resolve_reference(info, id)

    @strawberry.field(directives=[authenticated(), PRIVATE_MINUTE, CacheTag(format="document:{$args.id}")])
    async def document(self, info: Info, id: strawberry.ID) -> Document | None:
        return await Document.resolve_reference(info, id)


@strawberry.type
class Mutation:
    """What search is told."""

    @strawberry.mutation(directives=[requires_scopes("search:admin")])
    async def create_collection(self, info: Info, input: CreateCollectionInput) -> CreateCollectionPayload:
        try:
            id = await create_collection(info.context.state, info.context.caller, input)
        except Refusal as refusal:
            return CreateCollectionPayload(client_mutation_id=input.client_mutation_id, errors=errors_of(refusal))
        row = await info.context.loaders.collections.load(id)
        made = None if row is None else Collection.of(row)
        return CreateCollectionPayload(client_mutation_id=input.client_mutation_id, collection=made)

    @strawberry.mutation(directives=[requires_scopes("search:write"), cost(50)])
    async def upsert_documents(self, info: Info, input: UpsertDocumentsInput) -> UpsertDocumentsPayload:
        """Write small documents and have them found at once."""
        try:
            ids = await upsert_documents(info.context.state, info.context.caller, input)
        except Refusal as refusal:
            return UpsertDocumentsPayload(client_mutation_id=input.client_mutation_id, errors=errors_of(refusal))
        rows = await info.context.loaders.documents.load_many(ids)
        written = [Document.of(row) for row in rows if row is not None]
        return UpsertDocumentsPayload(client_mutation_id=input.client_mutation_id, documents=written)

    @strawberry.mutation(directives=[requires_scopes("search:write")])
    async def delete_documents(self, info: Info, input: DeleteDocumentsInput) -> DeleteDocumentsPayload:
        try:
            ids = await delete_documents(info.context.state, info.context.caller, input)
        except Refusal as refusal:
            return DeleteDocumentsPayload(client_mutation_id=input.client_mutation_id, errors=errors_of(refusal))
        deleted = [strawberry.ID(id) for id in ids]
        return DeleteDocumentsPayload(client_mutation_id=input.client_mutation_id, deleted_ids=deleted)

    @strawberry.mutation(directives=[Inaccessible(), requires_scopes("search:write")])
    async def index_chunks(self, info: Info, input: IndexChunksInput) -> IndexPayload:
        """For services that act for the initiator of a task: once for each step."""
        try:
            return IndexPayload(indexed=await index_chunks(info.context.state, info.context.caller, input))
        except Refusal as refusal:
            return IndexPayload(errors=errors_of(refusal))

    @strawberry.mutation(directives=[Inaccessible(), requires_scopes("search:write")])
    async def index_messages(self, info: Info, input: IndexMessagesInput) -> IndexPayload:
        """For services that act for the initiator of a task: once for each step."""
        try:
            return IndexPayload(indexed=await index_messages(info.context.state, info.context.caller, input))
        except Refusal as refusal:
            return IndexPayload(errors=errors_of(refusal))


schema = federation_schema(Query, Mutation, types=[Project, DocumentHit, MessageHit])
