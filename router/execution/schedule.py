"""The order of a query plan: every fetch as soon as the fetches it comes after are done."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from router.fetch.source import Answer, Ask, EntitySource
from router.planner.model import Fetch, QueryPlan
from router.request import Json, RequestContext


class Engine(Protocol):
    """What knows the result of a running operation."""

    def asks(self, fetch: Fetch) -> Sequence[Ask]:
        """Say what a fetch asks for, by what the fetches that it comes after were answered; nothing: it is not sent."""
        ...

    def take(self, fetch: Fetch, answers: Sequence[Answer]) -> None:
        """Take the answers to what a fetch asked for, in order."""
        ...


async def run(
    plan: QueryPlan, engine: Engine, values: Mapping[str, Json], source: EntitySource, context: RequestContext
) -> None:
    """Ask the subgraphs what the plan says. Cancelling it cancels every fetch that is under way."""
    running = _Run(plan, engine, values, source, context)
    async with asyncio.TaskGroup() as group:
        await running.fetch_all([fetch for fetch in plan.fetches if not fetch.after], group)


class _Run:
    """One plan under way."""

    def __init__(
        self,
        plan: QueryPlan,
        engine: Engine,
        values: Mapping[str, Json],
        source: EntitySource,
        context: RequestContext,
    ) -> None:
        self._engine = engine
        self._values = values
        self._source = source
        self._context = context
        self._missing = {fetch.id: len(fetch.after) for fetch in plan.fetches}
        self._dependents: defaultdict[int, list[Fetch]] = defaultdict(list)
        for fetch in plan.fetches:
            for id in fetch.after:
                self._dependents[id].append(fetch)

    async def fetch_all(self, ready: list[Fetch], group: asyncio.TaskGroup) -> None:
        """Run fetches, then what they set free: one after the other in this task, all others in tasks of their own."""
        while ready:
            first, *others = ready
            for other in others:
                group.create_task(self.fetch_all([other], group))
            await self._fetch(first)
            ready = list(self._freed_by(first))

    def _freed_by(self, done: Fetch) -> Iterator[Fetch]:
        for fetch in self._dependents[done.id]:
            self._missing[fetch.id] -= 1
            if not self._missing[fetch.id]:
                yield fetch

    async def _fetch(self, fetch: Fetch) -> None:
        if not all(bool(self._values.get(one.variable)) is one.wanted for one in fetch.conditions):
            return
        asks = self._engine.asks(fetch)
        if asks:
            self._engine.take(fetch, await self._source.load(asks, self._context))
