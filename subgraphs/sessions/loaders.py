"""DataLoaders of one request: each batch is one statement, whatever the number of keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from strawberry.dataloader import DataLoader

from subgraphs.kernel.connections import Page
from subgraphs.kernel.database import Database
from subgraphs.kernel.identity import InternalToken
from subgraphs.kernel.loaders import rows_by
from subgraphs.sessions import store
from subgraphs.sessions.records import MessageRecord, PrincipalRecord, ProjectRecord, SessionRecord

Row = TypeVar("Row", PrincipalRecord, ProjectRecord, SessionRecord, MessageRecord)


@dataclass(frozen=True, slots=True)
class TranscriptPage:
    """One page of the messages of one session."""

    session_id: UUID
    page: Page


class Loaders:
    """What one request loads, each thing once; None is what is not there or not the caller's.

    Shapes: a batch answers [n] in the order of its keys [n].
    """

    def __init__(self, database: Database, token: InternalToken | None) -> None:
        self._database = database
        self._token = token
        self.principals = self._by_id(PrincipalRecord)
        self.projects = self._by_id(ProjectRecord)
        self.sessions = self._by_id(SessionRecord)
        self.messages = self._by_id(MessageRecord)
        self.messages_of_tasks = rows_by(self._read_of_tasks)
        self.own_projects: DataLoader[Page, list[ProjectRecord]] = DataLoader(load_fn=self._load_own_projects)
        self.transcripts: DataLoader[TranscriptPage, list[MessageRecord]] = DataLoader(load_fn=self._load_transcripts)

    def _by_id(self, kind: type[Row]) -> DataLoader[UUID, Row | None]:
        async def read(ids: Sequence[UUID]) -> Mapping[UUID, Row]:
            async with self._database.as_tenant(self._token) as connection:
                return await store.by_ids(connection, kind, ids)

        return rows_by(read)

    async def _read_of_tasks(self, task_ids: Sequence[UUID]) -> Mapping[UUID, MessageRecord]:
        async with self._database.as_tenant(self._token) as connection:
            return await store.by_task_ids(connection, task_ids)

    async def _load_own_projects(self, pages: list[Page]) -> list[list[ProjectRecord]]:
        ids = () if self._token is None else self._token.project_ids
        async with self._database.as_tenant(self._token) as connection:
            return [await store.list_projects(connection, ids, page) for page in pages]

    async def _load_transcripts(self, keys: list[TranscriptPage]) -> list[list[MessageRecord]]:
        """Read pages of the same size and direction together."""
        groups: dict[tuple[int, bool], list[TranscriptPage]] = defaultdict(list)
        for key in keys:
            groups[key.page.limit, key.page.backward].append(key)
        found: dict[TranscriptPage, list[MessageRecord]] = {}
        async with self._database.as_tenant(self._token) as connection:
            for group in groups.values():
                starts = [_start(key) for key in group]
                rows = await store.list_messages(connection, starts, group[0].page)
                found |= {key: rows.get(start, []) for key, start in zip(group, starts, strict=True)}
        return [found[key] for key in keys]


def _start(key: TranscriptPage) -> store.Start:
    position = key.page.start
    return key.session_id, None if position is None else int(str(position[0]))
