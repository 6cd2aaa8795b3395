"""DataLoaders over a reader that answers many keys with one statement. What is not found is not there, or hidden."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import TypeVar

from strawberry.dataloader import DataLoader

Key = TypeVar("Key", bound=Hashable)
Row = TypeVar("Row")
Parent = TypeVar("Parent", bound=Hashable)
Arguments = TypeVar("Arguments", bound=Hashable)


def rows_by(read: Callable[[Sequence[Key]], Awaitable[Mapping[Key, Row]]]) -> DataLoader[Key, Row | None]:
    """Load the row of each key."""

    async def load(keys: list[Key]) -> list[Row | None]:
        found = await read(keys)
        return [found.get(key) for key in keys]

    return DataLoader(load)


def lists_by(read: Callable[[Sequence[Key]], Awaitable[Mapping[Key, Sequence[Row]]]]) -> DataLoader[Key, Sequence[Row]]:
    """Load the list of each key."""

    async def load(keys: list[Key]) -> list[Sequence[Row]]:
        found = await read(keys)
        return [found.get(key, ()) for key in keys]

    return DataLoader(load)


def pages_by(
    read: Callable[[Sequence[Parent], Arguments], Awaitable[Mapping[Parent, Sequence[Row]]]],
) -> DataLoader[tuple[Parent, Arguments], Sequence[Row]]:
    """Load one page of each parent's list: one statement for each set of arguments that a document writes."""

    async def load(keys: list[tuple[Parent, Arguments]]) -> list[Sequence[Row]]:
        parents: dict[Arguments, list[Parent]] = {}
        for parent, arguments in keys:
            parents.setdefault(arguments, []).append(parent)
        found = {arguments: await read(ids, arguments) for arguments, ids in parents.items()}
        return [found[arguments].get(parent, ()) for parent, arguments in keys]

    return DataLoader(load)
