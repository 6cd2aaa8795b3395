"""One supergraph with all that was made of it: swapped whole, so that a request sees one graph from end to end."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cache.bounded import BoundedCache
from cache.single_flight import SingleFlight
from router.operation.size import BYTES_PER_SELECTION, CACHED_BYTES
from router.planner.model import QueryPlan
from router.planner.size import fetch_size
from router.planning import Basis, OnThread, Planner, Planning
from router.policies.authorize import AuthView, Verdict
from router.policies.demand import Demand
from router.prepared import Prepared, PreparedDocuments, in_time
from router.settings import DemandControl
from router.telemetry.instruments import CACHE_ENTRIES, PLAN_DURATION
from router.telemetry.watch import level, observe
from schema.supergraph import Supergraph

PlanKey = tuple[Prepared, AuthView, frozenset[str]]


@dataclass(slots=True, eq=False)
class _Kept:
    query_plan: QueryPlan
    uses: int = 0


class QueryPlans:
    """The most recently used plans, by operation, auth view and override labels. Values of variables make no plan."""

    def __init__(self, planning: Planning, capacity: int = 1_000) -> None:
        self._planning = planning
        self._ready: BoundedCache[PlanKey, _Kept] = BoundedCache(capacity, CACHED_BYTES, _size)
        self._loads: SingleFlight[PlanKey, QueryPlan] = SingleFlight()

    def most_used(self) -> Sequence[PlanKey]:
        """List for what there are plans: first those that were asked for most often, of those as often the last."""
        by_uses = sorted(self._ready.items(), key=lambda item: item[1].uses)
        return [key for key, _ in reversed(by_uses)]

    async def get(
        self, prepared: Prepared, verdict: Verdict, labels: frozenset[str], deadline: float | None = None
    ) -> QueryPlan:
        """Find the plan of what the verdict leaves of an operation, or make it.

        Raises: PlanError, NotPreparedInTime.
        """
        key = (prepared, verdict.auth_view, labels & prepared.labels)
        kept = self._ready.get(key)
        if kept is not None:
            kept.uses += 1
            return kept.query_plan
        return await in_time(self._loads(key, lambda: self._load(key, verdict)), deadline)

    async def _load(self, key: PlanKey, verdict: Verdict) -> QueryPlan:
        _, _, labels = key
        began = time.perf_counter()
        query_plan = await self._planning.plan(verdict.operation, labels)
        self._ready[key] = _Kept(query_plan)
        observe(PLAN_DURATION, time.perf_counter() - began)
        level(CACHE_ENTRIES, len(self._ready), "plans")
        return query_plan


def _size(kept: _Kept) -> int:
    """Units: bytes."""
    return BYTES_PER_SELECTION + sum(fetch_size(fetch) for fetch in kept.query_plan.fetches)


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """A supergraph, the operations prepared against it with what they may cost, and their plans."""

    basis: Basis
    supergraph: Supergraph
    planning: Planning
    prepared: PreparedDocuments
    plans: QueryPlans
    demand: Demand | None = None

    @classmethod
    def of(cls, basis: Basis, planning: Callable[[Planner], Planning] = OnThread) -> Snapshot:
        """Read a supergraph; `planning` says where its operations are planned. Raises: InvalidSupergraph."""
        planner = Planner(basis)
        where = planning(planner)
        prepared = PreparedDocuments(where.prepare)
        return cls(basis, planner.supergraph, where, prepared, QueryPlans(where), planner.demand)

    @classmethod
    def load(
        cls,
        sdl: str,
        *,
        demand_control: DemandControl = DemandControl(),  # noqa: B008 (frozen)
        usage: bool = False,
    ) -> Snapshot:
        """Read a supergraph, with the limits that are usual. Raises: InvalidSupergraph."""
        return cls.of(Basis(sdl, demand_control=demand_control, usage=usage))
