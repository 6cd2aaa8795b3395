"""The DataLoaders of one request: each gathers what one level of an operation asks for into one statement."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar
from uuid import UUID

from strawberry.dataloader import DataLoader

from subgraphs.kernel.connections import Page
from subgraphs.models.records import AliasRow, EndpointRow, ModelFilter, ModelRow, VersionRow
from subgraphs.models.store import RegistryReader

Key = TypeVar("Key")
Row = TypeVar("Row")
Parent = TypeVar("Parent")
Arguments = TypeVar("Arguments")

ModelPage = tuple[UUID, tuple[ModelFilter, Page]]
VersionPage = tuple[UUID, Page]


@dataclass(frozen=True, slots=True)
class Loaders:
    """What a request loads."""

    models: DataLoader[UUID, ModelRow | None]
    models_by_name: DataLoader[str, ModelRow | None]
    models_of_project: DataLoader[ModelPage, Sequence[ModelRow]]
    versions: DataLoader[UUID, VersionRow | None]
    versions_by_number: DataLoader[tuple[UUID, int], VersionRow | None]
    versions_of_model: DataLoader[VersionPage, Sequence[VersionRow]]
    aliases_of_model: DataLoader[UUID, Sequence[AliasRow]]
    endpoints: DataLoader[UUID, EndpointRow | None]
    endpoints_of_version: DataLoader[UUID, Sequence[EndpointRow]]

    @classmethod
    def over(cls, reader: RegistryReader) -> "Loaders":
        """Make fresh loaders for one request."""
        return cls(
            models=DataLoader(partial(_each, reader.models)),
            models_by_name=DataLoader(partial(_each, reader.models_by_name)),
            models_of_project=DataLoader(partial(_pages, lambda ids, asked: reader.models_of(ids, *asked))),
            versions=DataLoader(partial(_each, reader.versions)),
            versions_by_number=DataLoader(partial(_each, reader.versions_by_number)),
            versions_of_model=DataLoader(partial(_pages, reader.versions_of)),
            aliases_of_model=DataLoader(partial(_lists, reader.aliases)),
            endpoints=DataLoader(partial(_each, reader.endpoints)),
            endpoints_of_version=DataLoader(partial(_lists, reader.endpoints_of)),
        )


async def _each(read: Callable[[Sequence[Key]], Awaitable[Mapping[Key, Row]]], keys: list[Key]) -> list[Row | None]:
    found = await read(keys)
    return [found.get(key) for key in keys]


async def _lists(
    read: Callable[[Sequence[Key]], Awaitable[Mapping[Key, Sequence[Row]]]], keys: list[Key]
) -> list[Sequence[Row]]:
    found = await read(keys)
    return [found.get(key, ()) for key in keys]


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
