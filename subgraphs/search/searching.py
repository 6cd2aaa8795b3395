"""`search`: its input, and one page of its answer."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import Enum
from typing import Final
from uuid import UUID

import strawberry

from subgraphs.kernel import global_id
from subgraphs.kernel.connections import MAX_PAGE
from subgraphs.kernel.errors import BadUserInput
from subgraphs.kernel.graphql_types import PageInfo
from subgraphs.search.context import Context
from subgraphs.search.foreign import ModelVersion
from subgraphs.search.fusion import Ranked
from subgraphs.search.hits import (
    DocumentHit,
    MessageHit,
    ScoreExplanation,
    SearchConnection,
    SearchEdge,
    show_chunk,
    show_message,
)
from subgraphs.search.records import ChunkRow
from subgraphs.search.retrieval import Found, Question, Ranking, check, rank

MAX_PLACES: Final = 100


@strawberry.enum
class SearchMode(Enum):
    """By meaning, by words, or by both."""

    DENSE = "DENSE"
    SPARSE = "SPARSE"
    HYBRID = "HYBRID"


@strawberry.enum
class SearchTarget(Enum):
    """What is searched."""

    DOCUMENT = "DOCUMENT"
    MESSAGE = "MESSAGE"


@strawberry.input
class SearchInput:
    """What to find, and where; without collections or sessions in all that the caller may see."""

    query: str
    mode: SearchMode = SearchMode.HYBRID
    collection_ids: list[strawberry.ID] | None = None
    session_ids: list[strawberry.ID] | None = None
    targets: list[SearchTarget] = strawberry.field(default_factory=lambda: [SearchTarget.DOCUMENT])
    min_score: float | None = None
    explain: bool = False

    def to_question(self) -> Question:
        """Check it. Raises: BadUserInput."""
        return Question(
            query=self.query,
            mode=self.mode.value,
            collection_ids=_decoded("Collection", self.collection_ids),
            session_ids=_decoded("Session", self.session_ids),
            targets=frozenset(target.value for target in self.targets),
            min_score=self.min_score,
        )


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a ranked list that a page shows, as visible entries with their places in the list."""

    shown: list[tuple[int, Ranked, Found]]
    more: bool


async def search(context: Context, input: SearchInput, first: int, after: str | None) -> SearchConnection:
    """Answer one page of a search. Raises: BadUserInput, Unauthenticated, EmbeddingUnavailable."""
    started = time.perf_counter()
    question = input.to_question()
    if not 0 <= first <= MAX_PAGE:
        raise BadUserInput(f"'first' must be from 0 to {MAX_PAGE}.")
    cursors, listing = context.state.cursors, question.listing()
    start = 0 if after is None else int(cursors.decode(listing, after)[0])  # type: ignore[arg-type]  # an int, as written
    ranking = await rank(context, question)
    window = await _visible(context, question, ranking, start, first)
    edges = [
        SearchEdge(cursor=cursors.encode(listing, (place + 1, entry.id)), node=_show(input, place, entry, found))
        for place, entry, found in window.shown
    ]
    ends = (edges[0].cursor, edges[-1].cursor) if edges else (None, None)
    return SearchConnection(
        edges=edges,
        page_info=PageInfo(
            has_next_page=window.more, has_previous_page=start > 0, start_cursor=ends[0], end_cursor=ends[1]
        ),
        took_ms=round((time.perf_counter() - started) * 1000, 3),
        partial=ranking.partial,
        used_model=_model(ranking),
    )


async def _visible(context: Context, question: Question, ranking: Ranking, start: int, first: int) -> Window:
    """Take the next `first` entries that PostgreSQL confirms; the index may name what is gone."""
    shown: list[tuple[int, Ranked, Found]] = []
    place = start
    while place < len(ranking.entries) and len(shown) <= first:
        batch = ranking.entries[place : place + first + 1]
        found = await check(context, question.targets, [entry.id for entry in batch])
        shown += [(place + n, entry, found[entry.id]) for n, entry in enumerate(batch) if entry.id in found]
        place += len(batch)
    return Window(shown[:first], len(shown) > first)


def _show(input: SearchInput, place: int, entry: Ranked, found: Found) -> DocumentHit | MessageHit:
    fusion = "rrf" if input.mode is SearchMode.HYBRID else "none"
    explain = ScoreExplanation(dense=entry.dense, sparse=entry.sparse, fusion=fusion) if input.explain else None
    if isinstance(found, ChunkRow):
        return show_chunk(found, entry, place + 1, input.query, explain)
    return show_message(found, entry, place + 1, input.query, explain)


def _model(ranking: Ranking) -> ModelVersion | None:
    """Name the model that embedded the query, where it was one."""
    models = {collection.embedding_model_id for collection in ranking.collections}
    return ModelVersion.named(models.pop()) if len(models) == 1 else None


def _decoded(type_name: str, ids: list[strawberry.ID] | None) -> tuple[UUID, ...] | None:
    if ids is None:
        return None
    if len(ids) > MAX_PLACES:
        raise BadUserInput(f"At most {MAX_PLACES} places can be searched at once.")
    return tuple(id for text in ids if (id := global_id.decode(type_name, text)) is not None)
