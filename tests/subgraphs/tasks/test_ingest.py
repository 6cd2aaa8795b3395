"""An ingest task: documents cut and indexed, whatever comes between."""

from __future__ import annotations

from typing import Any

from subgraphs.kernel.global_id import encode
from subgraphs.tasks.ingest import CHUNKS_PER_CALL, document_of
from subgraphs.tasks.machine import Status
from tests.subgraphs.tasks.making import (
    COLLECTION,
    ingest,
)
from tests.subgraphs.tasks.surroundings import (
    AT_ONCE,
    World,
    broken,
    giving,
)

Json = Any


async def test_documents_are_cut_and_indexed_one_by_one(world: World) -> None:
    uris = [world.document("a.md", "# Apples\n\nRed.\n\n## Green\n\nSour."), world.document("b.txt", "Pears.")]
    task = await world.done(ingest(*uris))
    assert (task.status, task.failure, task.output) == (Status.SUCCEEDED, None, {"chunks": 3})
    assert (task.progress.current, task.progress.total, task.progress.unit) == (2, 2, "documents")
    first, second = world.others.named("indexChunks")
    document = encode("Document", document_of(COLLECTION, uris[0]))
    assert first.pop("step").startswith(f"index:{document}:")
    assert first == {
        "taskId": task.global_id,
        "attempt": 1,
        "collectionId": encode("Collection", COLLECTION),
        "documentId": document,
        "title": "Apples",
        "uri": uris[0],
        "mediaType": "text/markdown",
        "chunkCount": 2,
        "chunks": [
            {"index": 0, "text": "# Apples\n\nRed.", "start": 0, "end": 14},
            {"index": 1, "text": "## Green\n\nSour.", "start": 16, "end": 31},
        ],
    }
    assert (second["title"], second["mediaType"]) == ("b.txt", "text/plain")
    assert await world.steps(task.id) == ["QUEUED", "RUNNING", "SUCCEEDED"]


async def test_a_long_document_is_indexed_in_bounded_parts_each_a_step_of_its_text(world: World) -> None:
    uri = world.document("long.md", "\n\n".join(f"# {number}\n\nText." for number in range(CHUNKS_PER_CALL + 2)))
    world.others.once("indexChunks", giving({"indexed": CHUNKS_PER_CALL, "errors": []}))
    world.others.once("indexChunks", broken())
    task = await world.done(ingest(uri, retry=AT_ONCE))
    assert (task.status, task.output) == (Status.SUCCEEDED, {"chunks": CHUNKS_PER_CALL + 2})
    calls = world.others.named("indexChunks")
    parts = [(call["attempt"], len(call["chunks"]), call["chunkCount"]) for call in calls]
    whole = CHUNKS_PER_CALL + 2
    assert parts == [(1, CHUNKS_PER_CALL, whole), (1, 2, whole), (2, CHUNKS_PER_CALL, whole), (2, 2, whole)]
    steps = [call["step"] for call in calls]
    assert steps[:2] == steps[2:]
    assert len(set(steps)) == 2


async def test_a_source_outside_the_open_folders_is_not_read(world: World) -> None:
    task = await world.done(ingest("file:///etc/hostname", retry=AT_ONCE))
    assert (task.status, task.attempt) == (Status.FAILED, 1)
    assert task.failure is not None
    assert task.failure.code == "SOURCE_NOT_FOUND"
    assert world.others.calls == []
