"""The DataLoaders of one request: each gathers what one level of an operation asks for into one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from strawberry.dataloader import DataLoader

from subgraphs.kernel.connections import Page
from subgraphs.kernel.loaders import pages_by, rows_by
from subgraphs.search.records import CollectionRow, DocumentFilter, DocumentRow
from subgraphs.search.store import SearchReader


@dataclass(frozen=True, slots=True)
class Loaders:
    """What a request loads."""

    collections: DataLoader[UUID, CollectionRow | None]
    collections_of_project: DataLoader[tuple[UUID, Page], Sequence[CollectionRow]]
    document_counts: DataLoader[UUID, int | None]
    documents: DataLoader[UUID, DocumentRow | None]
    documents_of_collection: DataLoader[tuple[UUID, tuple[DocumentFilter, Page]], Sequence[DocumentRow]]
    texts: DataLoader[UUID, str | None]

    @classmethod
    def over(cls, reader: SearchReader) -> Loaders:
        """Make fresh loaders for one request."""
        return cls(
            collections=rows_by(reader.collections),
            collections_of_project=pages_by(reader.collections_of),
            document_counts=rows_by(reader.document_counts),
            documents=rows_by(reader.documents),
            documents_of_collection=pages_by(lambda ids, asked: reader.documents_of(ids, *asked)),
            texts=rows_by(reader.texts),
        )
