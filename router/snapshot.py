"""One supergraph with all that was made of it: swapped whole, so that a request sees one graph from end to end."""

from __future__ import annotations

import time
from dataclasses import dataclass

from cache.bounded import BoundedCache
from cache.single_flight import SingleFlight
from router.operation.model import Operation
from router.operation.size import BYTES_PER_SELECTION, CACHED_BYTES
from router.planner.budget import Budget
from router.planner.model import QueryPlan
from router.planner.plan import plan
from router.planner.size import fetch_size
from router.policies.authorize import AuthView, Verdict
from router.policies.cost.weights import Weights
from router.policies.demand import Demand
from router.prepared import Prepared, PreparedDocuments, in_time, off_loop
from router.settings import DemandControl, QueryPlanning
from router.telemetry.instruments import CACHE_ENTRIES, PLAN_DURATION
from router.telemetry.watch import level, observe
from schema.query_graph.build import build
from schema.query_graph.model import QueryGraph
from schema.supergraph import Supergraph

PlanKey = tuple[Prepared, AuthView, frozenset[str]]


class QueryPlans:
    """The most recently used plans, by operation, auth view and override labels. Values of variables make no plan."""

    def __init__(
        self,
        supergraph: Supergraph,
        graph: QueryGraph,
        planning: QueryPlanning = QueryPlanning(),  # noqa: B008 (frozen)
        capacity: int = 1_000,
    ) -> None:
        self._supergraph = supergraph
        self._graph = graph
        self._planning = planning
        self._ready: BoundedCache[PlanKey, QueryPlan] = BoundedCache(capacity, CACHED_BYTES, _size)
        self._loads: SingleFlight[PlanKey, QueryPlan] = SingleFlight()

    async def get(
        self, prepared: Prepared, verdict: Verdict, labels: frozenset[str], deadline: float | None = None
    ) -> QueryPlan:
        """Find the plan of what the verdict leaves of an operation, or make it.

        Raises: PlanError, NotPreparedInTime.
        """
        key = (prepared, verdict.auth_view, labels & prepared.labels)
        query_plan = self._ready.get(key)
        if query_plan is not None:
            return query_plan
        return await in_time(self._loads(key, lambda: self._load(key, verdict)), deadline)

    async def _load(self, key: PlanKey, verdict: Verdict) -> QueryPlan:
        _, _, labels = key
        began = time.perf_counter()
        query_plan = await off_loop(self._plan, verdict.operation, labels)
        self._ready[key] = query_plan
        observe(PLAN_DURATION, time.perf_counter() - began)
        level(CACHE_ENTRIES, len(self._ready), "plans")
        return query_plan

    def _plan(self, operation: Operation, labels: frozenset[str]) -> QueryPlan:
        budget = Budget(self._planning.timeout, self._planning.max_steps)
        return plan(operation, self._supergraph, self._graph, labels, budget)


def _size(query_plan: QueryPlan) -> int:
    """Units: bytes."""
    return BYTES_PER_SELECTION + sum(fetch_size(fetch) for fetch in query_plan.fetches)


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """A supergraph, the operations prepared against it with what they may cost, and their plans."""

    supergraph: Supergraph
    prepared: PreparedDocuments
    plans: QueryPlans
    demand: Demand | None = None

    @classmethod
    def load(
        cls,
        sdl: str,
        planning: QueryPlanning = QueryPlanning(),  # noqa: B008 (frozen)
        demand_control: DemandControl = DemandControl(),  # noqa: B008 (frozen)
        *,
        usage: bool = False,
    ) -> Snapshot:
        """Read a supergraph; `usage`: whether it matters what operations use of it. Raises: InvalidSupergraph."""
        supergraph = Supergraph.parse(sdl)
        demand = Demand(demand_control, Weights(supergraph.schema)) if demand_control.enabled else None
        plans = QueryPlans(supergraph, build(supergraph), planning)
        return cls(supergraph, PreparedDocuments(supergraph, demand, usage=usage), plans, demand)
