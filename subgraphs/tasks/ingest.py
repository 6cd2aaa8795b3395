"""An ingest task: documents read, cut into chunks, and given to the search subgraph."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID, uuid5

from subgraphs.kernel.chunks import Chunk, chunks
from subgraphs.kernel.global_id import encode
from subgraphs.kernel.service_client import ServiceClient
from subgraphs.tasks.records import Progress, TaskRecord
from subgraphs.tasks.sources import Source, read_source
from subgraphs.tasks.transitions import Result
from subgraphs.tasks.work import ACTOR, Report, refuse_errors

INDEX_CHUNKS = """
mutation IndexChunks($input: IndexChunksInput!) {
  indexChunks(input: $input) { indexed errors { ... on UserError { code message } } }
}
"""
CHUNKS_PER_CALL = 64
INDEX_SECONDS = 180.0  # a chunk takes a tenth of a second to embed where nothing else runs


@dataclass(frozen=True, slots=True)
class Ingest:
    """Runs ingest tasks. `roots`: the folders that documents may be read from."""

    client: ServiceClient
    roots: Sequence[str]

    async def __call__(self, task: TaskRecord, report: Report) -> Result:
        """Index each document in turn; a later attempt goes on where the last one stopped."""
        uris = task.input["sourceUris"]
        indexed = 0
        for done in range(task.progress.current, len(uris)):
            source, cut = await asyncio.to_thread(self._prepare, uris[done])
            indexed += await self._index(task, source, cut)
            message = f"{source.title}: {len(cut)} chunks"
            await report(Progress(done + 1, len(uris), "documents", message[:200], "indexing"))
        return Result(output={"chunks": indexed})

    def _prepare(self, uri: str) -> tuple[Source, tuple[Chunk, ...]]:
        source = read_source(uri, self.roots)
        return source, chunks(source.text)

    async def _index(self, task: TaskRecord, source: Source, cut: Sequence[Chunk]) -> int:
        """Have a document indexed, a bounded part of it with each call; the number of its chunks."""
        assert task.collection_id is not None  # noqa: S101 - a check of the table
        document_id = encode("Document", document_of(task.collection_id, source.uri))
        document = {
            "taskId": task.global_id,
            "attempt": task.attempt,
            "collectionId": encode("Collection", task.collection_id),
            "documentId": document_id,
            "title": source.title,
            "uri": source.uri,
            "mediaType": source.media_type,
            "chunkCount": len(cut),
        }
        # A step is done once: of a document that changes between two attempts none is the same.
        version = f"{document_id}:{hashlib.sha256(source.text.encode()).hexdigest()[:16]}"
        for start in range(0, max(len(cut), 1), CHUNKS_PER_CALL):
            part = [asdict(chunk) for chunk in cut[start : start + CHUNKS_PER_CALL]]
            input = {**document, "step": f"index:{version}:{start}", "chunks": part}
            data = await self.client.call(
                "search", INDEX_CHUNKS, {"input": input}, task.on_behalf_of, ACTOR, seconds=INDEX_SECONDS
            )
            refuse_errors(data["indexChunks"], "indexChunks")
        return len(cut)


def document_of(collection_id: UUID, uri: str) -> UUID:
    """Choose the id of a document: the same for the same source in the same collection, whoever ingests it."""
    return uuid5(collection_id, uri)
