"""Documents and messages as they are written: the record in PostgreSQL, then the index over it, in one transaction.

If Milvus fails, the record is rolled back. If the record fails after Milvus, the index names what is not there, and
whoever reads drops it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg

from subgraphs.kernel import global_id
from subgraphs.kernel.chunks import Chunk
from subgraphs.kernel.database import Connection, visible
from subgraphs.kernel.events import entity_changed
from subgraphs.kernel.identity import InternalToken
from subgraphs.kernel.refusal import not_found
from subgraphs.search.embedding import Vector
from subgraphs.search.records import MESSAGES, CollectionRow, Json, chunk_id
from subgraphs.search.vectors import DOCUMENT, MESSAGE, Entry, VectorIndex

OWN_DOCUMENT: Final = f"{visible('d')} AND d.id = $1 AND d.collection_id = $2"


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document to write, or a part of it: of all `chunk_count` chunks some that follow each other.

    `acl` None keeps the list that is there.
    """

    id: UUID
    title: str | None
    uri: str | None
    media_type: str | None
    metadata: Json
    acl: Sequence[UUID] | None
    chunks: Sequence[Chunk]
    chunk_count: int

    @property
    def is_ended(self) -> bool:
        """Tell whether its last chunk is among these."""
        return self.chunk_count == (self.chunks[-1].index + 1 if self.chunks else 0)


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to make findable. It is its owner's, the initiator's, alone."""

    id: UUID
    session_id: UUID
    role: str
    created_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class CollectionWriter:
    """Writes into one collection, in one transaction."""

    connection: Connection
    index: VectorIndex
    token: InternalToken
    collection: CollectionRow

    async def write(self, new: NewDocument, vectors: Sequence[Vector]) -> None:
        """Write a document, or a part of it, in place of what it was before. Raises: Refusal if the id is another's.

        Shapes: vectors [len(new.chunks), dimension].
        """
        await self._hold(new.id)
        document = await self._describe(new)
        left_over = await self._replace_chunks(new)
        pairs = zip(new.chunks, vectors, strict=True)
        await self.index.upsert(
            self.collection.space, [self._entry(document, chunk, vector) for chunk, vector in pairs]
        )
        await self.index.delete(self.collection.space, left_over)
        await self._changed(new.id)

    async def delete(self, id: UUID) -> bool:
        """Delete a document that the caller may write; whether it was there."""
        chunks = await self.connection.fetch(
            f"SELECT k.id FROM search.chunk k JOIN search.document d ON d.id = k.document_id WHERE {OWN_DOCUMENT}",
            *(id, self.collection.id),
        )
        deleted = await self.connection.fetchval(
            f"DELETE FROM search.document d WHERE {OWN_DOCUMENT} RETURNING d.id", *(id, self.collection.id)
        )
        if deleted is None:
            return False
        await self.index.delete(self.collection.space, [row["id"] for row in chunks])
        await self._changed(id)
        return True

    async def _hold(self, id: UUID) -> None:
        """Make or find a row that the caller may write, and hold it. An access list lets read, not write."""
        await self.connection.execute(
            "INSERT INTO search.document (id, tenant_id, project_id, owner_id, collection_id, chunk_count)"
            " VALUES ($1, $2, $3, $4, $5, 0) ON CONFLICT (id) DO NOTHING",
            *(id, self.token.tenant, self.collection.project_id, self.token.principal, self.collection.id),
        )
        held = await self.connection.fetchval(
            f"SELECT d.id FROM search.document d WHERE {OWN_DOCUMENT} FOR UPDATE", *(id, self.collection.id)
        )
        if held is None:
            raise not_found("document", "documentId")

    async def _describe(self, new: NewDocument) -> asyncpg.Record:
        """Write all but the chunks; who may see the document, as it is then."""
        row = await self.connection.fetchrow(
            "UPDATE search.document d SET title = $3, uri = $4, media_type = $5, metadata = $6,"
            " acl = coalesce($7, d.acl), chunk_count = coalesce($8, d.chunk_count)"
            f" WHERE {OWN_DOCUMENT} RETURNING d.id, d.owner_id, d.project_id, d.acl",
            *(new.id, self.collection.id, new.title, new.uri, new.media_type, new.metadata, new.acl),
            new.chunk_count if new.is_ended else None,
        )
        if row is None:
            raise LookupError("A document that is held is gone.")
        return row

    async def _replace_chunks(self, new: NewDocument) -> list[UUID]:
        """Write the chunks; the ids of those that a document that is ended now had beyond."""
        await self.connection.executemany(
            "INSERT INTO search.chunk (id, tenant_id, document_id, index, text, start_offset, end_offset)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO UPDATE SET text = excluded.text,"
            " start_offset = excluded.start_offset, end_offset = excluded.end_offset",
            [(chunk_id(new.id, chunk.index), self.token.tenant, new.id, *astuple(chunk)) for chunk in new.chunks],
        )
        if not new.is_ended:
            return []
        rows = await self.connection.fetch(
            "DELETE FROM search.chunk WHERE document_id = $1 AND index >= $2 RETURNING id", new.id, new.chunk_count
        )
        return [row["id"] for row in rows]

    def _entry(self, document: asyncpg.Record, chunk: Chunk, vector: Vector) -> Entry:
        return Entry(
            id=str(chunk_id(document["id"], chunk.index)),
            tenant=self.token.tenant,
            owner=str(document["owner_id"]),
            project=str(document["project_id"]),
            acl=[str(id) for id in document["acl"]],
            target=DOCUMENT,
            source=str(self.collection.id),
            text=chunk.text,
            dense=vector,
        )

    async def _changed(self, id: UUID) -> None:
        key = global_id.encode("Document", id)
        tags = [f"document:{key}", f"collection:{global_id.encode('Collection', self.collection.id)}"]
        await entity_changed(self.connection, "search", self.token, key, tags)


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
