"""Documents written and deleted by their users."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID, uuid5

from subgraphs.kernel import global_id
from subgraphs.kernel.chunks import chunks
from subgraphs.kernel.idempotency import once
from subgraphs.kernel.identity import InternalToken
from subgraphs.kernel.refusal import invalid
from subgraphs.search.collections import writable_collection
from subgraphs.search.context import State
from subgraphs.search.indexing import CollectionWriter, NewDocument
from subgraphs.search.inputs import DeleteDocumentsInput, DocumentInput, UpsertDocumentsInput
from subgraphs.search.records import Json
from subgraphs.search.vectors import MAX_ACL

MAX_DOCUMENTS: Final = 50
MAX_CHARACTERS: Final = 200_000
MAX_EXTERNAL_ID: Final = 512
READERS: Final = frozenset({"Principal", "Project"})


async def upsert_documents(state: State, token: InternalToken, input: UpsertDocumentsInput) -> list[UUID]:
    """Write documents, each in place of what it was before; their ids. Raises: Refusal, EmbeddingUnavailable."""
    async with state.database.as_tenant(token) as connection:
        collection = await writable_collection(connection, token, input.collection_id)
    new = _checked(collection.id, input.documents)
    texts = [chunk.text for document in new for chunk in document.chunks]
    vectors = iter(await state.embedding.embed(collection.space, texts, token))
    async with state.database.as_tenant(token) as connection:
        writer = CollectionWriter(connection, state.index, token, collection)

        async def run() -> Json:
            for document in new:
                part = [next(vectors) for _ in document.chunks]
                await writer.write(document, part)
            return [str(document.id) for document in new]

        request = [input.collection_id, [_facts(one) for one in input.documents]]
        answer = await once(connection, token, "search.upsertDocuments", input.idempotency_key, request, run)
    return [UUID(id) for id in answer]


async def delete_documents(state: State, token: InternalToken, input: DeleteDocumentsInput) -> list[str]:
    """Delete documents of a collection; the global ids of those that were there. Raises: Refusal."""
    if len(input.ids) > MAX_DOCUMENTS:
        raise invalid(f"At most {MAX_DOCUMENTS} documents at once.", "ids")
    async with state.database.as_tenant(token) as connection:
        collection = await writable_collection(connection, token, input.collection_id)
        writer = CollectionWriter(connection, state.index, token, collection)

        async def run() -> Json:
            deleted = []
            for text in dict.fromkeys(input.ids):
                id = global_id.decode("Document", text)
                if id is not None and await writer.delete(id):
                    deleted.append(text)
            return deleted

        request = [input.collection_id, input.ids]
        deleted: list[str] = await once(
            connection, token, "search.deleteDocuments", input.idempotency_key, request, run
        )
    return deleted


def _checked(collection: UUID, documents: Sequence[DocumentInput]) -> list[NewDocument]:
    """Cut the documents into chunks. Raises: Refusal."""
    characters = sum(len(one.text) for one in documents)
    if len(documents) > MAX_DOCUMENTS or characters > MAX_CHARACTERS:
        message = f"At most {MAX_DOCUMENTS} documents of {MAX_CHARACTERS} characters together: more is an ingest task."
        raise invalid(message, "documents")
    if len({one.external_id for one in documents}) < len(documents):
        raise invalid("Two documents have the same 'externalId'.", "documents")
    return [_new(collection, index, one) for index, one in enumerate(documents)]


def _new(collection: UUID, index: int, one: DocumentInput) -> NewDocument:
    path = ("documents", str(index))
    if not 0 < len(one.external_id) <= MAX_EXTERNAL_ID:
        raise invalid(f"An 'externalId' has 1 to {MAX_EXTERNAL_ID} characters.", *path, "externalId")
    cut = chunks(one.text)
    if not cut:
        raise invalid("A document needs a text.", *path, "text")
    readers = [global_id.decode(READERS, id) for id in one.acl or ()]
    if None in readers or len(readers) > MAX_ACL:
        raise invalid(f"'acl' names at most {MAX_ACL} principals and projects.", *path, "acl")
    return NewDocument(
        id=uuid5(collection, one.external_id),
        title=one.title,
        uri=one.uri,
        media_type=one.media_type,
        metadata=one.metadata,
        acl=[id for id in readers if id is not None],
        chunks=cut,
        chunk_count=len(cut),
    )


def _facts(one: DocumentInput) -> Json:
    return [one.external_id, one.text, one.title, one.uri, one.media_type, one.metadata, one.acl]
