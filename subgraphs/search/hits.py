"""What a search finds."""

from __future__ import annotations

import re
from typing import Final

import strawberry
from strawberry.federation.schema_directives import Provides
from strawberry.federation.types import FieldSet

from subgraphs.kernel import global_id
from subgraphs.kernel.federation import assumed_size
from subgraphs.kernel.graphql_types import PageInfo
from subgraphs.search.foreign import Message, MessageRole, ModelVersion
from subgraphs.search.fusion import Ranked
from subgraphs.search.records import ChunkRow, MessageRow
from subgraphs.search.types import Document

MAX_HIGHLIGHTS: Final = 10
WORD: Final = re.compile(r"\w+")


@strawberry.type
class Highlight:
    """A word of the query in the snippet, at [start, end)."""

    start: int
    end: int


@strawberry.type
class ScoreExplanation:
    """How a score came about. `dense`: cosine; `sparse`: BM25; null where the hit was not found so."""

    dense: float | None
    sparse: float | None
    fusion: str


@strawberry.interface
class SearchHit:
    """A passage that was found: `snippet` is all of it, `rank` counts from 1."""

    id: strawberry.ID
    score: float
    rank: int
    snippet: str
    highlights: list[Highlight] = strawberry.field(directives=[assumed_size(3)])
    explain: ScoreExplanation | None


@strawberry.type
class DocumentHit(SearchHit):
    """A chunk of a document."""

    document: Document
    chunk_index: int


@strawberry.type
class MessageHit(SearchHit):
    """A message of a conversation."""

    message: Message = strawberry.field(directives=[Provides(fields=FieldSet("role createdAt"))])


@strawberry.type
class SearchEdge:
    """A hit in a list."""

    cursor: str
    node: SearchHit


@strawberry.type
class SearchConnection:
    """Hits, best first. `partial`: what is missing would have been found by meaning, but nothing embeds now."""

    edges: list[SearchEdge]
    page_info: PageInfo
    took_ms: float
    partial: bool
    used_model: ModelVersion | None


def show_chunk(found: ChunkRow, ranked: Ranked, rank: int, query: str, explain: ScoreExplanation | None) -> DocumentHit:
    """Show a chunk as a hit."""
    return DocumentHit(
        id=strawberry.ID(global_id.encode("DocumentHit", found.id)),
        score=ranked.score,
        rank=rank,
        snippet=found.text,
        highlights=highlights(found.text, query),
        explain=explain,
        document=Document.of(found.document),
        chunk_index=found.index,
    )


def show_message(
    found: MessageRow, ranked: Ranked, rank: int, query: str, explain: ScoreExplanation | None
) -> MessageHit:
    """Show a message as a hit."""
    id = strawberry.ID(global_id.encode("Message", found.id))
    return MessageHit(
        id=strawberry.ID(global_id.encode("MessageHit", found.id)),
        score=ranked.score,
        rank=rank,
        snippet=found.text,
        highlights=highlights(found.text, query),
        explain=explain,
        message=Message(id=id, role=MessageRole(found.role), created_at=found.created_at),
    )


def highlights(text: str, query: str) -> list[Highlight]:
    """Find the query's words in a text, the first `MAX_HIGHLIGHTS`."""
    asked = {match.lower() for match in WORD.findall(query)}
    found = [match.span() for match in WORD.finditer(text) if match.group().lower() in asked]
    return [Highlight(start=start, end=end) for start, end in found[:MAX_HIGHLIGHTS]]
