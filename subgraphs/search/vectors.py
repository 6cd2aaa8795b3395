"""Milvus: the index over chunks and messages, by meaning and by words. It holds ids, who may see them, and the text."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, TypeVar
from uuid import UUID

from subgraphs.kernel.identity import InternalToken
from subgraphs.search.fusion import Scored
from subgraphs.search.records import EmbeddingSpace
from subgraphs.search.visibility import visible_entry

if TYPE_CHECKING:
    from pymilvus import MilvusClient

Result = TypeVar("Result")

MAX_ACL: Final = 256
MAX_TEXT_BYTES: Final = 65_535
BATCH: Final = 500
DOCUMENT, MESSAGE = "DOCUMENT", "MESSAGE"


@dataclass(frozen=True, slots=True)
class Entry:
    """What Milvus holds of a chunk or a message. `source` is the collection of a chunk, the session of a message."""

    id: str
    tenant: str
    owner: str
    project: str
    acl: list[str]
    target: str
    source: str
    text: str
    dense: list[float]


class VectorIndex:
    """The only door to Milvus. Its client blocks, so all calls run on one thread, one after the other."""

    def __init__(self, client: MilvusClient, thread: ThreadPoolExecutor) -> None:
        self._client = client
        self._thread = thread
        self._known: set[str] = set()

    @classmethod
    @asynccontextmanager
    async def open(cls, uri: str) -> AsyncIterator[VectorIndex]:
        """Open a Milvus Lite file or connect to a server. The client is imported here: that alone takes seconds."""
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="milvus") as thread:
            client = await asyncio.get_running_loop().run_in_executor(thread, partial(_connect, uri))
            try:
                yield cls(client, thread)
            finally:
                await asyncio.get_running_loop().run_in_executor(thread, partial(_disconnect, client, uri))

    async def upsert(self, space: EmbeddingSpace, entries: Sequence[Entry]) -> None:
        """Write entries, each whole."""
        await self._run(partial(self._upsert, space, entries))

    async def delete(self, space: EmbeddingSpace, ids: Sequence[UUID]) -> None:
        """Remove entries by id; what is not there is not missed."""
        if ids:
            await self._run(partial(self._delete, space, ids))

    async def erase(self, where: str) -> None:
        """Remove what a filter of `visibility` names, in every space."""
        await self._run(partial(self._erase, where))

    async def nearest(
        self, space: EmbeddingSpace, vector: Sequence[float], token: InternalToken, where: str, limit: int
    ) -> list[Scored]:
        """Rank by likeness of meaning what the caller may see. Units: cosine."""
        return await self._run(partial(self._search, space, "dense", list(vector), token, where, limit))

    async def matching(
        self, space: EmbeddingSpace, words: str, token: InternalToken, where: str, limit: int
    ) -> list[Scored]:
        """Rank by shared words what the caller may see. Units: BM25."""
        return await self._run(partial(self._search, space, "sparse", words, token, where, limit))

    async def _run(self, call: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    def _upsert(self, space: EmbeddingSpace, entries: Sequence[Entry]) -> None:
        self._ensure(space)
        for start in range(0, len(entries), BATCH):
            rows = [asdict(entry) for entry in entries[start : start + BATCH]]
            self._client.upsert(space.physical_name, rows)

    def _delete(self, space: EmbeddingSpace, ids: Sequence[UUID]) -> None:
        if self._exists(space.physical_name):
            self._client.delete(space.physical_name, ids=[str(id) for id in ids])

    def _erase(self, where: str) -> None:
        for name in self._client.list_collections():
            self._client.delete(name, filter=where)

    def _search(  # noqa: PLR0913, PLR0917 - the facts of a search
        self,
        space: EmbeddingSpace,
        field: str,
        query: list[float] | str,
        token: InternalToken,
        where: str,
        limit: int,
    ) -> list[Scored]:
        if not self._exists(space.physical_name):
            return []
        (hits,) = self._client.search(
            space.physical_name,
            data=[query],
            anns_field=field,
            filter=f"{visible_entry(token)} and ({where})",
            limit=limit,
        )
        # Milvus Lite gives BM25 with a minus sign, so that less is always nearer; a server does not.
        return [Scored(UUID(hit["id"]), abs(hit["distance"]) if field == "sparse" else hit["distance"]) for hit in hits]

    def _exists(self, name: str) -> bool:
        if name not in self._known and self._client.has_collection(name):
            self._client.load_collection(name)
            self._known.add(name)
        return name in self._known

    def _ensure(self, space: EmbeddingSpace) -> None:
        if not self._exists(space.physical_name):
            _create(self._client, space)
            self._known.add(space.physical_name)


def _connect(uri: str) -> MilvusClient:
    client: MilvusClient = import_module("pymilvus").MilvusClient(uri)
    return client


def _disconnect(client: MilvusClient, uri: str) -> None:
    client.close()
    if uri.endswith(".db"):  # the server of a file lives in this process; its lock goes with it
        import_module("milvus_lite.server_manager").server_manager_instance.release_server(uri)


def _create(client: MilvusClient, space: EmbeddingSpace) -> None:
    """Create the collection of a space; the tenant is its partition key. Source: Milvus, "Full Text Search"."""
    milvus: Any = import_module("pymilvus")
    kind = milvus.DataType
    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("id", kind.VARCHAR, max_length=36, is_primary=True)
    schema.add_field("tenant", kind.VARCHAR, max_length=256, is_partition_key=True)
    for name in ("owner", "project", "target", "source"):
        schema.add_field(name, kind.VARCHAR, max_length=36)
    schema.add_field("acl", kind.ARRAY, element_type=kind.VARCHAR, max_capacity=MAX_ACL, max_length=36)
    schema.add_field("text", kind.VARCHAR, max_length=MAX_TEXT_BYTES, enable_analyzer=True)
    schema.add_field("dense", kind.FLOAT_VECTOR, dim=space.dimension)
    schema.add_field("sparse", kind.SPARSE_FLOAT_VECTOR)
    schema.add_function(
        milvus.Function(
            name="bm25",
            function_type=milvus.FunctionType.BM25,
            input_field_names=["text"],
            output_field_names=["sparse"],
        )
    )
    indexes = client.prepare_index_params()
    indexes.add_index("dense", index_type="AUTOINDEX", metric_type="COSINE")
    indexes.add_index("sparse", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25")
    # "Session": one process writes and reads, and reads what it wrote.
    client.create_collection(space.physical_name, schema=schema, index_params=indexes, consistency_level="Session")
