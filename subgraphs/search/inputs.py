"""What the mutations of search are told."""

from __future__ import annotations

from datetime import datetime

import strawberry
from strawberry.scalars import JSON

from subgraphs.search.foreign import MessageRole


@strawberry.input
class CreateCollectionInput:
    """A collection to make; what stands in it is embedded by one model for ever."""

    idempotency_key: str
    project_id: strawberry.ID
    name: str
    embedding_model_id: strawberry.ID
    client_mutation_id: str | None = None


@strawberry.input
class DocumentInput:
    """A document to write, whole. `externalId` names it in its collection; those in `acl` may read it, too."""

    external_id: str
    text: str
    title: str | None = None
    uri: str | None = None
    media_type: str | None = None
    metadata: JSON | None = None
    acl: list[strawberry.ID] | None = None


@strawberry.input
class UpsertDocumentsInput:
    """Documents to write; many or long ones belong in an ingest task."""

    idempotency_key: str
    collection_id: strawberry.ID
    documents: list[DocumentInput]
    client_mutation_id: str | None = None


@strawberry.input
class DeleteDocumentsInput:
    """Documents to delete."""

    idempotency_key: str
    collection_id: strawberry.ID
    ids: list[strawberry.ID]
    client_mutation_id: str | None = None


@strawberry.federation.input(inaccessible=True)
class ChunkInput:
    """A piece of a document: `text` stands at [start, end) of the source."""

    index: int
    text: str
    start: int
    end: int


@strawberry.federation.input(inaccessible=True)
class IndexChunksInput:
    """A document that a task read, chunk by chunk in place of what it was before.

    `chunkCount` says how many it has, if these are not all; those beyond go with the last one.
    """

    task_id: strawberry.ID
    attempt: int
    step: str
    collection_id: strawberry.ID
    document_id: strawberry.ID
    chunks: list[ChunkInput]
    chunk_count: int | None = None
    title: str | None = None
    uri: str | None = None
    media_type: str | None = None


@strawberry.federation.input(inaccessible=True)
class IndexedMessageInput:
    """A message to make findable."""

    id: strawberry.ID
    session_id: strawberry.ID
    role: MessageRole
    created_at: datetime
    text: str


@strawberry.federation.input(inaccessible=True)
class IndexMessagesInput:
    """Messages of the initiator's conversation."""

    task_id: strawberry.ID
    attempt: int
    step: str
    messages: list[IndexedMessageInput]
