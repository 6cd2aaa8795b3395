"""The DataLoaders of one request: each gathers what one level of an operation asks for into one statement."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar
from uuid import UUID

from strawberry.dataloader import DataLoader

from subgraphs.kernel.connections import Page
from subgraphs.search.records import CollectionRow, DocumentFilter, DocumentRow
from subgraphs.search.store import SearchReader

Key = TypeVar("Key")
Row = TypeVar("Row")
Parent = TypeVar("Parent")
Arguments = TypeVar("Arguments")


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
            collections=DataLoader(partial(_each, reader.collections)),
            collections_of_project=DataLoader(partial(_pages, reader.collections_of)),
            document_counts=DataLoader(partial(_each, reader.document_counts)),
            documents=DataLoader(partial(_each, reader.documents)),
            documents_of_collection=DataLoader(partial(_pages, lambda ids, asked: reader.documents_of(ids, *asked))),
            texts=DataLoader(partial(_each, reader.texts)),
        )


async def _each(read: Callable[[Sequence[Key]], Awaitable[Mapping[Key, Row]]], keys: list[Key]) -> list[Row | None]:
    found = await read(keys)
    return [found.get(key) for key in keys]


async def _pages(
    read: Callable[[Sequence[Parent], Arguments], Awaitable[Mapping[Parent, Sequence[Row]]]],
    keys: list[tuple[Parent, Arguments]],
) -> list[Sequence[Row]]:
    """Read one page of each parent's list: one statement for each set of arguments that a document writes."""
    parents: dict[Arguments, list[Parent]] = {}
    for parent, arguments in keys:
        parents.setdefault(arguments, []).append(parent)
    found = {arguments: await read(ids, arguments) for arguments, ids in parents.items()}
    return [found[arguments].get(parent, ()) for parent, arguments in keys]
