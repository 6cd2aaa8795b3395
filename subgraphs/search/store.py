"""Collections, documents and messages as they are read. Every statement carries a predicate; each method is one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Final, TypeVar
from uuid import UUID

import asyncpg

from subgraphs.kernel.connections import Page
from subgraphs.kernel.database import Database, visible
from subgraphs.kernel.identity import InternalToken
from subgraphs.search.records import ChunkRow, CollectionRow, DocumentFilter, DocumentRow, MessageRow
from subgraphs.search.visibility import visible_document

Row = TypeVar("Row")

COLLECTION: Final = ", ".join(f"c.{one.name}" for one in fields(CollectionRow))
DOCUMENT: Final = ", ".join(f"d.{one.name}" for one in fields(DocumentRow))
MESSAGE: Final = ", ".join(f"m.{one.name}" for one in fields(MessageRow))


class SearchReader:
    """Reads for one caller. Raises: Unauthenticated, on the first read, without a token."""

    def __init__(self, database: Database, token: InternalToken | None) -> None:
        self._database = database
        self._token = token

    async def collections(self, ids: Sequence[UUID]) -> Mapping[UUID, CollectionRow]:
        """Find collections by id."""
        rows = await self._fetch(
            f"SELECT {COLLECTION} FROM search.collection c WHERE {visible('c')} AND c.id = ANY($1)", ids
        )
        return {row["id"]: CollectionRow(**row) for row in rows}

    async def all_collections(self) -> Sequence[CollectionRow]:
        """List the collections of the tenant."""
        rows = await self._fetch(f"SELECT {COLLECTION} FROM search.collection c WHERE {visible('c')} ORDER BY c.id")
        return [CollectionRow(**row) for row in rows]

    async def collections_of(self, projects: Sequence[UUID], page: Page) -> Mapping[UUID, Sequence[CollectionRow]]:
        """List the collections of several projects, oldest first, each list cut to one row more than the page."""
        rows = await self._fetch(
            "SELECT c.* FROM unnest($1::uuid[]) p (id) CROSS JOIN LATERAL"
            f" (SELECT {COLLECTION} FROM search.collection c WHERE {visible('c')} AND c.project_id = p.id"
            f" AND ($2::timestamptz IS NULL OR (c.created_at, c.id) {page.comparison(False)} ($2, $3::uuid))"
            f" ORDER BY c.created_at {page.order(False)}, c.id {page.order(False)} LIMIT $4) c",
            projects,
            *(page.start or (None, None)),
            page.limit + 1,
        )
        return _grouped(rows, "project_id", lambda row: CollectionRow(**row))

    async def documents(self, ids: Sequence[UUID]) -> Mapping[UUID, DocumentRow]:
        """Find documents by id."""
        rows = await self._fetch(
            f"SELECT {DOCUMENT} FROM search.document d WHERE {visible_document('d')} AND d.id = ANY($1)", ids
        )
        return {row["id"]: DocumentRow(**row) for row in rows}

    async def documents_of(
        self, collections: Sequence[UUID], chosen: DocumentFilter, page: Page
    ) -> Mapping[UUID, Sequence[DocumentRow]]:
        """List the documents of several collections, newest first, each list cut to one row more than the page."""
        rows = await self._fetch(
            "SELECT d.* FROM unnest($1::uuid[]) p (id) CROSS JOIN LATERAL"
            f" (SELECT {DOCUMENT} FROM search.document d WHERE {visible_document('d')} AND d.collection_id = p.id"
            " AND ($2::text IS NULL OR position(lower($2) IN lower(d.title)) > 0)"
            " AND ($3::text IS NULL OR d.media_type = $3) AND ($4::timestamptz IS NULL OR d.created_at > $4)"
            f" AND ($5::timestamptz IS NULL OR (d.created_at, d.id) {page.comparison(True)} ($5, $6::uuid))"
            f" ORDER BY d.created_at {page.order(True)}, d.id {page.order(True)} LIMIT $7) d",
            collections,
            chosen.title_contains,
            chosen.media_type,
            chosen.created_after,
            *(page.start or (None, None)),
            page.limit + 1,
        )
        return _grouped(rows, "collection_id", lambda row: DocumentRow(**row))

    async def document_counts(self, collections: Sequence[UUID]) -> Mapping[UUID, int]:
        """Count the documents of collections: all of them, for the count is the tenant's and shared."""
        rows = await self._fetch(
            "SELECT d.collection_id, count(*) AS documents FROM search.document d"
            f" JOIN search.collection c ON c.id = d.collection_id AND {visible('c')}"
            " WHERE d.collection_id = ANY($1) GROUP BY d.collection_id",
            collections,
        )
        return {row["collection_id"]: row["documents"] for row in rows}

    async def texts(self, documents: Sequence[UUID]) -> Mapping[UUID, str]:
        """Put the texts of documents together from their chunks."""
        rows = await self._fetch(
            "SELECT k.document_id, string_agg(k.text, E'\\n\\n' ORDER BY k.index) AS text FROM search.chunk k"
            f" JOIN search.document d ON d.id = k.document_id WHERE {visible_document('d')} AND d.id = ANY($1)"
            " GROUP BY k.document_id",
            documents,
        )
        return {row["document_id"]: row["text"] for row in rows}

    async def chunks(self, ids: Sequence[UUID]) -> Mapping[UUID, ChunkRow]:
        """Find chunks by id, each with its document."""
        rows = await self._fetch(
            f"SELECT k.id AS chunk_id, k.index, k.text, {DOCUMENT} FROM search.chunk k"
            f" JOIN search.document d ON d.id = k.document_id WHERE {visible_document('d')} AND k.id = ANY($1)",
            ids,
        )
        return {row["chunk_id"]: _chunk(row) for row in rows}

    async def messages(self, ids: Sequence[UUID]) -> Mapping[UUID, MessageRow]:
        """Find messages by id."""
        rows = await self._fetch(f"SELECT {MESSAGE} FROM search.message m WHERE {visible('m')} AND m.id = ANY($1)", ids)
        return {row["id"]: MessageRow(**row) for row in rows}

    async def _fetch(self, statement: str, *arguments: object) -> Sequence[asyncpg.Record]:
        async with self._database.as_tenant(self._token) as connection:
            return await connection.fetch(statement, *arguments)


def _chunk(row: asyncpg.Record) -> ChunkRow:
    document = DocumentRow(**{one.name: row[one.name] for one in fields(DocumentRow)})
    return ChunkRow(row["chunk_id"], row["index"], row["text"], document)


def _grouped(rows: Sequence[asyncpg.Record], key: str, read: Callable[[asyncpg.Record], Row]) -> dict[UUID, list[Row]]:
    groups: dict[UUID, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[key], []).append(read(row))
    return groups
