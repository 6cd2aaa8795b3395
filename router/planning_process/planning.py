"""Planning in a planner process, and in this one where there is none."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from router.operation.model import Operation
from router.planner.model import QueryPlan
from router.planning import OnThread, Planner
from router.planning_process.client import PlannerClient, PlannerGone
from router.planning_process.wire import Kind, decode, encode, frame
from router.prepared import Prepared, off_loop

LARGE = 64 * 1024
"""What takes more bytes is not read on the event loop: it would stand still for more than a millisecond."""


class InPlannerProcess:
    """Plans in a planner process; what that cannot do is done on this process's thread."""

    def __init__(self, client: PlannerClient, planner: Planner) -> None:
        self._client = client
        self._planner = planner
        self._id = planner.basis.id
        self._here = OnThread(planner)

    async def load(self) -> None:
        """Send the supergraph."""
        await self._ask(Kind.LOAD, self._planner.basis, self._here.load)

    async def prepare(self, text: str, name: str | None) -> Prepared:
        prepared: Prepared = await self._ask(
            Kind.PREPARE, (self._id, text, name), lambda: self._here.prepare(text, name)
        )
        return prepared

    async def plan(self, operation: Operation, labels: frozenset[str]) -> QueryPlan:
        query_plan: QueryPlan = await self._ask(
            Kind.PLAN, (self._id, operation, sorted(labels)), lambda: self._here.plan(operation, labels)
        )
        return query_plan

    async def _ask(self, kind: Kind, what: object, here: Callable[[], Awaitable[Any]]) -> Any:  # noqa: ANN401
        """Give what was asked for, or raise the error that came instead of it."""
        wish = frame(kind, encode(what))
        try:
            answered, body = await self._client.ask(wish)
            if answered is Kind.LACKING:
                await self.load()
                answered, body = await self._client.ask(wish)
        except PlannerGone:
            return await here()
        if answered not in {Kind.DONE, Kind.REFUSED}:
            return await here()
        value = await off_loop(decode, body, self._planner) if len(body) > LARGE else decode(body, self._planner)
        if answered is Kind.REFUSED:
            raise value
        return value
