"""A search: where to look, what Milvus ranks, and what of it PostgreSQL lets the caller see."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

import orjson

from subgraphs.kernel.errors import BadUserInput
from subgraphs.search.context import Context
from subgraphs.search.embedding import EmbeddingUnavailable
from subgraphs.search.fusion import Ranked, Scored, fuse
from subgraphs.search.records import MESSAGES, ChunkRow, CollectionRow, EmbeddingSpace, MessageRow
from subgraphs.search.vectors import DOCUMENT, MESSAGE
from subgraphs.search.visibility import equals, one_of

WINDOW: Final = 500
"""How far down each ranked list is read: what lies beyond is not found by going on paging."""
MAX_QUERY_CHARACTERS: Final = 2_000

Mode = Literal["DENSE", "SPARSE", "HYBRID"]
Found = ChunkRow | MessageRow

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Question:
    """What is searched for, and where: None does not restrict."""

    query: str
    mode: Mode
    collection_ids: tuple[UUID, ...] | None
    session_ids: tuple[UUID, ...] | None
    targets: frozenset[str]
    min_score: float | None

    def listing(self) -> str:
        """Name the ranked list of this question, for its cursors."""
        facts = [
            self.query,
            self.mode,
            self.collection_ids,
            self.session_ids,
            sorted(self.targets),
            self.min_score,
        ]
        return "search:" + hashlib.sha256(orjson.dumps(facts, default=str)).hexdigest()


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates, best first. `partial`: a way to find was not open. `collections`: where documents were looked for."""

    entries: Sequence[Ranked]
    collections: Sequence[CollectionRow]
    partial: bool


async def rank(context: Context, question: Question) -> Ranking:
    """Rank what Milvus holds for the caller. Raises: BadUserInput, Unauthenticated, EmbeddingUnavailable."""
    if not 0 < len(question.query.strip()) <= len(question.query) <= MAX_QUERY_CHARACTERS:
        raise BadUserInput(f"A query has 1 to {MAX_QUERY_CHARACTERS} characters, not only blanks.")
    collections = await _collections(context, question) if DOCUMENT in question.targets else []
    places = _places(question, collections)
    dense: list[Scored] = []
    sparse: list[Scored] = []
    partial = False
    for space, where in places.items():
        if question.mode != "SPARSE":
            try:
                dense += await _nearest(context, question, space, where)
            except EmbeddingUnavailable:
                if question.mode == "DENSE":
                    raise
                logger.warning("search without embeddings", exc_info=True)
                partial = True
        if question.mode != "DENSE":
            sparse += await context.state.index.matching(space, question.query, context.caller, where, WINDOW)
    return Ranking(_ranked(question, dense, sparse), collections, partial)


async def check(context: Context, targets: frozenset[str], ids: Sequence[UUID]) -> Mapping[UUID, Found]:
    """Read what the caller may see of what Milvus named: PostgreSQL has the last word."""
    chunks = await context.reader.chunks(ids) if DOCUMENT in targets else {}
    messages = await context.reader.messages(ids) if MESSAGE in targets else {}
    return {**chunks, **messages}


async def _collections(context: Context, question: Question) -> Sequence[CollectionRow]:
    if question.collection_ids is None:
        return await context.reader.all_collections()
    return list((await context.reader.collections(question.collection_ids)).values())


def _places(question: Question, collections: Iterable[CollectionRow]) -> Mapping[EmbeddingSpace, str]:
    """Say, for each embedding space to look into, which entries of it are asked for."""
    clauses: dict[EmbeddingSpace, list[str]] = {}
    ids: dict[EmbeddingSpace, list[str]] = {}
    for collection in collections:
        ids.setdefault(collection.space, []).append(str(collection.id))
    for space, sources in ids.items():
        clauses[space] = [_within(DOCUMENT, None if question.collection_ids is None else sources)]
    if MESSAGE in question.targets and question.session_ids != ():
        sessions = None if question.session_ids is None else [str(id) for id in question.session_ids]
        clauses.setdefault(MESSAGES, []).append(_within(MESSAGE, sessions))
    return {space: " or ".join(parts) for space, parts in clauses.items()}


def _within(target: str, sources: Sequence[str] | None) -> str:
    kind = equals("target", target)
    return kind if sources is None else f"({kind} and {one_of('source', sources)})"


async def _nearest(context: Context, question: Question, space: EmbeddingSpace, where: str) -> list[Scored]:
    (vector,) = await context.state.embedding.embed(space, [question.query], context.caller)
    return await context.state.index.nearest(space, vector, context.caller, where, WINDOW)


def _ranked(question: Question, dense: list[Scored], sparse: list[Scored]) -> list[Ranked]:
    """Order candidates of all spaces. The score is the cosine, BM25, or the sum of reciprocal ranks, by mode."""
    for ranking in (dense, sparse):
        ranking.sort(key=lambda entry: (-entry.score, entry.id))
    match question.mode:
        case "DENSE":
            ranked = [Ranked(entry.id, entry.score, dense=entry.score) for entry in dense]
        case "SPARSE":
            ranked = [Ranked(entry.id, entry.score, sparse=entry.score) for entry in sparse]
        case "HYBRID":
            ranked = fuse(dense, sparse)
    return [entry for entry in ranked if question.min_score is None or entry.score >= question.min_score]
