"""DataLoaders of one request: each batch is one statement, whatever the number of keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from strawberry.dataloader import DataLoader

from subgraphs.kernel.connections import Page
from subgraphs.kernel.database import Database
from subgraphs.kernel.identity import InternalToken
from subgraphs.kernel.loaders import rows_by
from subgraphs.tasks import store
from subgraphs.tasks.records import TaskRecord
from subgraphs.tasks.store import NOTHING, EventRecord, Filter, Parent, Usage

Key = TypeVar("Key")
Group = TypeVar("Group", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Listing:
    """Which tasks of one project or session. Tasks of the same `parent` and `matching` are read together."""

    parent: Parent
    id: UUID
    matching: Filter


@dataclass(frozen=True, slots=True)
class ListingPage:
    """One page of a listing."""

    listing: Listing
    page: Page


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """One page of the events of one task."""

    task_id: UUID
    types: tuple[str, ...] | None
    page: Page


class Loaders:
    """What one request loads, each thing once."""

    def __init__(self, database: Database, token: InternalToken | None) -> None:
        self._database = database
        self._token = token
        self.tasks = rows_by(self._read_tasks)
        self.pages: DataLoader[ListingPage, list[TaskRecord]] = DataLoader(load_fn=self._load_pages)
        self.counts: DataLoader[Listing, int] = DataLoader(load_fn=self._load_counts)
        self.histories: DataLoader[HistoryPage, list[EventRecord]] = DataLoader(load_fn=self._load_histories)
        self.usage: DataLoader[tuple[UUID, UUID], Usage] = DataLoader(load_fn=self._load_usage)

    async def _read_tasks(self, ids: Sequence[UUID]) -> Mapping[UUID, TaskRecord]:
        async with self._database.as_tenant(self._token) as connection:
            return await store.by_ids(connection, ids)

    async def _load_pages(self, keys: list[ListingPage]) -> list[list[TaskRecord]]:
        found: dict[ListingPage, list[TaskRecord]] = {}
        async with self._database.as_tenant(self._token) as connection:
            for group in _grouped(keys, lambda key: (key.listing.parent, key.listing.matching, key.page)):
                listing, page = group[0].listing, group[0].page
                ids = [key.listing.id for key in group]
                rows = await store.pages(connection, listing.parent, ids, listing.matching, page)
                found |= {key: rows.get(key.listing.id, []) for key in group}
        return [found[key] for key in keys]

    async def _load_counts(self, keys: list[Listing]) -> list[int]:
        found: dict[Listing, int] = {}
        async with self._database.as_tenant(self._token) as connection:
            for group in _grouped(keys, lambda key: (key.parent, key.matching)):
                ids = [key.id for key in group]
                counts = await store.counts(connection, group[0].parent, ids, group[0].matching)
                found |= {key: counts.get(key.id, 0) for key in group}
        return [found[key] for key in keys]

    async def _load_histories(self, keys: list[HistoryPage]) -> list[list[EventRecord]]:
        found: dict[HistoryPage, list[EventRecord]] = {}
        async with self._database.as_tenant(self._token) as connection:
            for group in _grouped(keys, lambda key: (key.types, key.page)):
                ids = [key.task_id for key in group]
                rows = await store.histories(connection, ids, group[0].types, group[0].page)
                found |= {key: rows.get(key.task_id, []) for key in group}
        return [found[key] for key in keys]

    async def _load_usage(self, pairs: list[tuple[UUID, UUID]]) -> list[Usage]:
        async with self._database.as_tenant(self._token) as connection:
            found = await store.usage_last_day(connection, pairs)
        return [found.get(pair, NOTHING) for pair in pairs]


def _grouped(keys: Sequence[Key], of: Callable[[Key], Group]) -> Sequence[Sequence[Key]]:
    groups: dict[Group, list[Key]] = defaultdict(list)
    for key in keys:
        groups[of(key)].append(key)
    return list(groups.values())
