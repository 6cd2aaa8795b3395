"""Documents and messages as they are written: the record in PostgreSQL, then the index over it, in one transaction.

If Milvus fails, the record is rolled back. If the record fails after Milvus, the index names what is not there, and
whoever reads drops it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg

from subgraphs.kernel import global_id
from subgraphs.kernel.database import Connection, visible
from subgraphs.kernel.events import entity_changed
from subgraphs.kernel.identity import InternalToken
from subgraphs.kernel.refusal import not_found
from subgraphs.search.embedding import Vector
from subgraphs.search.records import MESSAGES, Chunk, CollectionRow, Json, chunk_id
from subgraphs.search.vectors import DOCUMENT, MESSAGE, Entry, VectorIndex

REFERENCE: Final = "d.id, d.owner_id, d.project_id, d.acl, d.chunk_count"


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document to write, whole. `acl` None keeps the list that is there."""

    id: UUID
    title: str | None
    uri: str | None
    media_type: str | None
    metadata: Json
    acl: Sequence[UUID] | None
    chunks: Sequence[Chunk]


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to make findable. It is its owner's, the initiator's, alone."""

    id: UUID
    session_id: UUID
    role: str
    created_at: datetime
    text: str


async def write_document(  # noqa: PLR0913, PLR0917 - the facts of a write
    connection: Connection,
    index: VectorIndex,
    token: InternalToken,
    collection: CollectionRow,
    new: NewDocument,
    vectors: Sequence[Vector],
) -> None:
    """Write a document in place of what it was before. Raises: Refusal if the id is another's.

    Shapes: vectors [len(new.chunks), dimension].
    """
    before = await _hold(connection, token, collection, new)
    after = await connection.fetchrow(
        "UPDATE search.document d SET title = $2, uri = $3, media_type = $4, metadata = $5, chunk_count = $6,"
        f" acl = coalesce($7, d.acl) WHERE {visible('d')} AND d.id = $1 RETURNING {REFERENCE}",
        *(new.id, new.title, new.uri, new.media_type, new.metadata, len(new.chunks), new.acl),
    )
    await _replace_chunks(connection, token, new)
    await index.upsert(
        collection.space,
        [
            _entry(token, after or before, collection, chunk, vector)
            for chunk, vector in zip(new.chunks, vectors, strict=True)
        ],
    )
    await index.delete(collection.space, _ids(new.id, len(new.chunks), before["chunk_count"]))
    await _document_changed(connection, token, collection, new.id)


async def delete_document(
    connection: Connection, index: VectorIndex, token: InternalToken, collection: CollectionRow, id: UUID
) -> bool:
    """Delete a document that the caller may write; whether it was there."""
    chunks = await connection.fetchval(
        f"DELETE FROM search.document d WHERE {visible('d')} AND d.id = $1 AND d.collection_id = $2"
        " RETURNING d.chunk_count",
        id,
        collection.id,
    )
    if chunks is None:
        return False
    await index.delete(collection.space, _ids(id, 0, chunks))
    await _document_changed(connection, token, collection, id)
    return True


async def write_messages(
    connection: Connection,
    index: VectorIndex,
    token: InternalToken,
    messages: Sequence[NewMessage],
    vectors: Sequence[Vector],
) -> None:
    """Make messages findable for their owner. Raises: Refusal if an id is another's. Shapes: vectors [n, dimension]."""
    for one in messages:
        written = await connection.fetchval(
            "INSERT INTO search.message (id, tenant_id, owner_id, session_id, role, text, created_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING RETURNING id",
            *(one.id, token.tenant, token.principal, one.session_id, one.role, one.text, one.created_at),
        ) or await connection.fetchval(
            f"UPDATE search.message m SET text = $2 WHERE {visible('m')} AND m.id = $1 RETURNING m.id",
            *(one.id, one.text),
        )
        if written is None:
            raise not_found("message", "messages")
    entries = [
        Entry(str(one.id), token.tenant, str(token.principal), "", [], MESSAGE, str(one.session_id), one.text, vector)
        for one, vector in zip(messages, vectors, strict=True)
    ]
    await index.upsert(MESSAGES, entries)


async def _hold(
    connection: Connection, token: InternalToken, collection: CollectionRow, new: NewDocument
) -> asyncpg.Record:
    """Make or find a row that the caller may write, and hold it. An access list lets read, not write."""
    await connection.execute(
        "INSERT INTO search.document (id, tenant_id, project_id, owner_id, collection_id, chunk_count)"
        " VALUES ($1, $2, $3, $4, $5, 0) ON CONFLICT (id) DO NOTHING",
        *(new.id, token.tenant, collection.project_id, token.principal, collection.id),
    )
    row = await connection.fetchrow(
        f"SELECT {REFERENCE} FROM search.document d WHERE {visible('d')} AND d.id = $1 AND d.collection_id = $2"
        " FOR UPDATE",
        new.id,
        collection.id,
    )
    if row is None:
        raise not_found("document", "documentId")
    return row


async def _replace_chunks(connection: Connection, token: InternalToken, new: NewDocument) -> None:
    await connection.execute("DELETE FROM search.chunk WHERE document_id = $1", new.id)
    await connection.executemany(
        "INSERT INTO search.chunk (id, tenant_id, document_id, index, text, start_offset, end_offset)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        [
            (chunk_id(new.id, chunk.index), token.tenant, new.id, chunk.index, chunk.text, chunk.start, chunk.end)
            for chunk in new.chunks
        ],
    )


def _entry(
    token: InternalToken, document: asyncpg.Record, collection: CollectionRow, chunk: Chunk, vector: Vector
) -> Entry:
    return Entry(
        id=str(chunk_id(document["id"], chunk.index)),
        tenant=token.tenant,
        owner=str(document["owner_id"]),
        project=str(document["project_id"]),
        acl=[str(id) for id in document["acl"]],
        target=DOCUMENT,
        source=str(collection.id),
        text=chunk.text,
        dense=vector,
    )


def _ids(document: UUID, start: int, end: int) -> list[UUID]:
    return [chunk_id(document, index) for index in range(start, end)]


async def _document_changed(connection: Connection, token: InternalToken, collection: CollectionRow, id: UUID) -> None:
    key = global_id.encode("Document", id)
    tags = [f"document:{key}", f"collection:{global_id.encode('Collection', collection.id)}"]
    await entity_changed(connection, "search", token, key, tags)
