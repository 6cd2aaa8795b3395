"""What the worker has indexed for a task, on behalf of its initiator."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from subgraphs.kernel import global_id
from subgraphs.kernel.chunks import Chunk
from subgraphs.kernel.database import Connection
from subgraphs.kernel.identity import InternalToken
from subgraphs.kernel.refusal import invalid, not_found
from subgraphs.search.collections import writable_collection
from subgraphs.search.context import State
from subgraphs.search.embedding import Vector
from subgraphs.search.indexing import CollectionWriter, NewDocument, NewMessage, write_messages
from subgraphs.search.inputs import ChunkInput, IndexChunksInput, IndexedMessageInput, IndexMessagesInput
from subgraphs.search.records import MESSAGES, EmbeddingSpace
from subgraphs.search.task_steps import TaskStep, acting_service, done_before, note_done

CHUNKS_PER_CALL: Final = 100  # what is embedded within the time of one call
MAX_CHUNKS: Final = 10_000
MAX_MESSAGES: Final = 100
MAX_CHUNK_CHARACTERS: Final = 8_000

Write = Callable[[Connection, Sequence[Vector]], Awaitable[None]]


async def index_chunks(state: State, token: InternalToken, input: IndexChunksInput) -> int:
    """Write what a task read of a document; the number of chunks. Raises: Refusal, Forbidden, EmbeddingUnavailable."""
    step, new = TaskStep.of(input.task_id, input.attempt, input.step), _document(input)
    async with state.database.as_tenant(acting_service(token)) as connection:
        collection = await writable_collection(connection, token, input.collection_id)

    async def write(connection: Connection, vectors: Sequence[Vector]) -> None:
        await CollectionWriter(connection, state.index, token, collection).write(new, vectors)

    return await _once(state, token, step, collection.space, [chunk.text for chunk in new.chunks], write)


async def index_messages(state: State, token: InternalToken, input: IndexMessagesInput) -> int:
    """Make messages findable; their number. Raises: Refusal, Forbidden, EmbeddingUnavailable."""
    step, messages = TaskStep.of(input.task_id, input.attempt, input.step), _checked_messages(input.messages)

    async def write(connection: Connection, vectors: Sequence[Vector]) -> None:
        await write_messages(connection, state.index, token, messages, vectors)

    return await _once(state, acting_service(token), step, MESSAGES, [one.text for one in messages], write)


async def _once(  # noqa: PLR0913, PLR0917 - the facts of a step
    state: State, token: InternalToken, step: TaskStep, space: EmbeddingSpace, texts: Sequence[str], write: Write
) -> int:
    """Embed texts and write them, unless the step is done; how many it indexed. No transaction waits for the model."""
    async with state.database.as_tenant(token) as connection:
        if (indexed := await done_before(connection, step)) is not None:
            return indexed
    vectors = await state.embedding.embed(space, texts, token)
    async with state.database.as_tenant(token) as connection:
        if (indexed := await done_before(connection, step)) is not None:
            return indexed
        await write(connection, vectors)
        await note_done(connection, token, step, len(texts))
    return len(texts)


def _document(input: IndexChunksInput) -> NewDocument:
    """Check an input. Raises: Refusal."""
    id = global_id.decode("Document", input.document_id)
    if id is None:
        raise not_found("document", "documentId")
    chunks = _checked_chunks(input.chunks)
    count = len(chunks) if input.chunk_count is None else input.chunk_count
    end = chunks[-1].index + 1 if chunks else 0
    if end > count or (count > 0 and not chunks):
        raise invalid("Chunks are numbered from 0, and there are as many as 'chunkCount' says.", "chunks")
    if count > MAX_CHUNKS:
        raise invalid(f"A document has at most {MAX_CHUNKS} chunks.", "chunkCount")
    return NewDocument(id, input.title, input.uri, input.media_type, None, None, chunks, count)


def _checked_chunks(given: Sequence[ChunkInput]) -> list[Chunk]:
    if len(given) > CHUNKS_PER_CALL:
        raise invalid(f"At most {CHUNKS_PER_CALL} chunks at once.", "chunks")
    chunks = sorted((Chunk(one.index, one.text, one.start, one.end) for one in given), key=lambda one: one.index)
    first = chunks[0].index if chunks else 0
    if first < 0 or [chunk.index for chunk in chunks] != list(range(first, first + len(chunks))):
        raise invalid("Chunks are numbered from 0, and follow each other.", "chunks")
    if any(not chunk.text.strip() or len(chunk.text) > MAX_CHUNK_CHARACTERS for chunk in chunks):
        raise invalid(f"A chunk has 1 to {MAX_CHUNK_CHARACTERS} characters, not only blanks.", "chunks")
    return chunks


def _checked_messages(given: Sequence[IndexedMessageInput]) -> list[NewMessage]:
    """Read the messages, each by its first characters: all of it stands in its session. Blank ones are left out."""
    if len(given) > MAX_MESSAGES:
        raise invalid(f"At most {MAX_MESSAGES} messages at once.", "messages")
    return [_message(one) for one in given if one.text.strip()]


def _message(one: IndexedMessageInput) -> NewMessage:
    id, session = global_id.decode("Message", one.id), global_id.decode("Session", one.session_id)
    if id is None or session is None:
        raise not_found("message", "messages")
    return NewMessage(id, session, one.role.value, one.created_at, one.text[:MAX_CHUNK_CHARACTERS])
