"""The order of a query plan: every fetch as soon as the fetches it comes after are done."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
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
    try:
        await running.fetch_all(plan.first)
        for other in running.others:  # they may begin more
            await other
    except BaseException:
        for other in running.others:
            other.cancel()
        await asyncio.gather(*running.others, return_exceptions=True)
        raise


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
        self.others: list[asyncio.Task[None]] = []
        """Fetches that run at the same time as others."""
        self._engine = engine
        self._values = values
        self._source = source
        self._context = context
        self._then = plan.then
        self._missing = [len(fetch.after) for fetch in plan.fetches]

    async def fetch_all(self, ready: Sequence[Fetch]) -> None:
        """Run fetches, then what they set free: one after the other in this task, all others in tasks of their own."""
        while ready:
            first, *others = ready
            for other in others:
                self.others.append(asyncio.create_task(self.fetch_all((other,))))
            await self._fetch(first)
            ready = [fetch for fetch in self._then[first.id] if self._is_free(fetch)]

    def _is_free(self, fetch: Fetch) -> bool:
        """Count one fetch less that this one waits for."""
        self._missing[fetch.id] -= 1
        return not self._missing[fetch.id]

    async def _fetch(self, fetch: Fetch) -> None:
        for one in fetch.conditions:
            if bool(self._values.get(one.variable)) is not one.wanted:
                return
        asks = self._engine.asks(fetch)
        if asks:
            self._engine.take(fetch, await self._source.load(asks, self._context))
