"""The rows of search, and what its parts hand to each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

Json = Any


@dataclass(frozen=True, slots=True)
class EmbeddingSpace:
    """Where vectors can be compared: one embedding model of one dimension."""

    model_name: str
    dimension: int

    @property
    def physical_name(self) -> str:
        """Name the Milvus collection of this space: letters, digits and underscores only."""
        return f"fedra_{self.model_name.encode().hex()}_{self.dimension}"


MESSAGES = EmbeddingSpace("embed", 384)
"""Messages stand in one space, whatever collections use."""


@dataclass(frozen=True, slots=True)
class CollectionRow:
    """A collection of documents."""

    id: UUID
    project_id: UUID
    name: str
    embedding_model_id: UUID
    model_name: str
    dimension: int
    created_at: datetime

    @property
    def space(self) -> EmbeddingSpace:
        """Say where its vectors stand."""
        return EmbeddingSpace(self.model_name, self.dimension)


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document, without its text, which stands in its chunks."""

    id: UUID
    collection_id: UUID
    title: str | None
    uri: str | None
    media_type: str | None
    metadata: Json
    chunk_count: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ChunkRow:
    """A chunk that was found, with its document."""

    id: UUID
    index: int
    text: str
    document: DocumentRow


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message that was found."""

    id: UUID
    session_id: UUID
    role: str
    text: str
    created_at: datetime


def chunk_id(document: UUID, index: int) -> UUID:
    """Name the chunk of a document at an index: the same for the same place in the same document."""
    return uuid5(document, str(index))


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Which documents of a collection are listed; None does not restrict."""

    title_contains: str | None = None
    media_type: str | None = None
    created_after: datetime | None = None
