"""One run at a time for queries that are equal: whoever asks meanwhile takes what comes of it."""

from __future__ import annotations

import logging
import time
from collections.abc import Hashable, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from router.fetch.coalesce import Coalesce, LateError
from router.fetch.source import EntitySource
from router.headers.reads import Reads
from router.hooks.calls import HookCalls
from router.json_text import canonical_json
from router.operation.model import OperationKind
from router.planned import Planned, run
from router.request import Collected, Response, Shared
from router.settings import Settings
from router.telemetry.instruments import SHARED_QUERIES
from router.telemetry.spans import span
from router.telemetry.watch import count
from schema.supergraph import Supergraph

log = logging.getLogger(__name__)


class Outcome(NamedTuple):
    """What comes of a run: an answer, what it did cost, and the headers of subgraphs that go with it."""

    response: Response
    cost: float
    collected: Sequence[Collected] = ()


class _OutOfTime(Exception):
    """A run lasted as long as its request may: others have more time, and may get more."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


async def run_alone(planned: Planned, source: EntitySource, supergraph: Supergraph) -> Outcome:
    """Run an operation; headers of subgraphs are collected in its context."""
    response = await run(planned, source, supergraph)
    return Outcome(response, planned.prepared.tally.count(planned.variables.values, response.data))


class SharedRuns:
    """The queries under way. A mutation always runs on its own."""

    def __init__(self, reads: Reads, *, names_callers: bool) -> None:
        """`names_callers`: whether subgraphs learn who asks."""
        self._reads = reads
        self._names_callers = names_callers
        self._under_way: Coalesce[Hashable, Outcome] = Coalesce()

    async def __call__(self, planned: Planned, source: EntitySource, supergraph: Supergraph) -> Outcome:
        """Run a query, or take what comes of an equal one."""
        context = planned.ruling.context
        key = self._key(planned)
        if key is None:
            return await run_alone(planned, source, supergraph)
        lead = partial(_run_for_all, planned, source, supergraph)
        try:
            if key not in self._under_way:
                outcome = await self._under_way(key, lead, context.deadline)
            else:
                count(SHARED_QUERIES)
                with span("share"):
                    outcome = await self._under_way(key, lead, context.deadline)
        except LateError:
            return await run_alone(planned, source, supergraph)  # out of time, too: it says what would have been said
        except _OutOfTime as late:
            outcome = late.outcome
        context.collected.extend(outcome.collected)
        return outcome

    def _key(self, planned: Planned) -> Hashable | None:
        """Name all that an answer depends on; None for what others may not have.

        A plan stands for its operation, what the caller may not have of it, and the labels: it is the same object as
        long as it is known, and who leads holds it.
        """
        if planned.prepared.operation.kind is not OperationKind.QUERY:
            return None
        context, values = planned.ruling.context, planned.variables.values
        try:
            variables = canonical_json(values) if values else b""
        except RecursionError:
            return None
        caller = context.identity if self._names_callers else None
        return planned.prepared, id(planned.query_plan), variables, caller, self._reads.of(context)


async def _run_for_all(planned: Planned, source: EntitySource, supergraph: Supergraph) -> Outcome:
    """Run with nothing in the outcome that is of one request only. Raises: _OutOfTime."""
    collected: list[Collected] = []
    context = replace(planned.ruling.context, collected=collected)
    outcome = await run_alone(planned._replace(ruling=planned.ruling._replace(context=context)), source, supergraph)
    response = outcome.response
    shared = Shared(response.data, response.errors, response.extensions)
    outcome = Outcome(response._replace(shared=shared), outcome.cost, tuple(collected))
    if context.deadline <= time.monotonic():
        raise _OutOfTime(outcome)
    return outcome


def make_shared_runs(settings: Settings, hooks: HookCalls) -> SharedRuns | None:
    """Share the runs of queries, if the settings want that, and nothing that is for one client only comes of them."""
    if not settings.traffic_shaping.router.deduplicate_query:
        return None
    if hooks.on_subgraph_request or hooks.on_subgraph_response:
        log.warning("queries are not shared: a hook wants to know of every request to a subgraph")
        return None
    if any(one.hand_cookies_on for one in settings.headers.each):
        log.warning("queries are not shared: rules hand cookies of subgraphs on to clients")
        return None
    return SharedRuns(Reads(settings.headers), names_callers=settings.internal_token is not None)
