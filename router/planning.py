"""What makes operations ready and plans them, for one supergraph: the work of a miss, and the thread that does it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from hashlib import sha256
from typing import Protocol

from router.operation.model import Operation
from router.planner.budget import Budget
from router.planner.model import QueryPlan
from router.planner.plan import plan
from router.policies.cost.weights import Weights
from router.policies.demand import Demand
from router.prepared import Facts, Prepared, off_loop, prepare
from router.settings import DemandControl, Limits, QueryPlanning, Settings
from schema.query_graph.build import build
from schema.query_graph.model import QueryGraph
from schema.supergraph import Supergraph

_PLANNING = QueryPlanning()


@dataclass(frozen=True, slots=True)
class Basis:
    """All that prepared operations and plans are made of: those of equal ones are equal."""

    sdl: str = field(repr=False)
    limits: Limits = field(default_factory=Limits)
    demand_control: DemandControl = field(default_factory=DemandControl)
    usage: bool = False
    """Whether it matters what operations use of the schema."""
    timeout: timedelta = _PLANNING.timeout
    max_steps: int = _PLANNING.max_steps

    @classmethod
    def of(cls, sdl: str, settings: Settings) -> Basis:
        """Pick what plans depend on."""
        planning = settings.supergraph.query_planning
        usage = settings.telemetry.usage.folder is not None
        return cls(sdl, settings.limits, settings.demand_control, usage, planning.timeout, planning.max_steps)

    @property
    def id(self) -> str:
        """Name it, alike in every process."""
        settings = (self.limits.model_dump_json(), self.demand_control.model_dump_json())
        text = repr((self.sdl, *settings, self.usage, self.timeout, self.max_steps))
        return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class Planner:
    """Prepares and plans operations against one supergraph. Pure work, which takes milliseconds."""

    def __init__(self, basis: Basis) -> None:
        """Raises: InvalidSupergraph."""
        self.basis = basis
        self.supergraph = Supergraph.parse(basis.sdl)
        control = basis.demand_control
        self.weights = Weights(self.supergraph.schema) if control.enabled else None
        self.demand = Demand(control, self.weights) if self.weights else None
        self.facts = Facts.of(self.supergraph, self.demand, usage=basis.usage)

    @cached_property
    def graph(self) -> QueryGraph:
        """The query graph, which is made only where plans are."""
        return build(self.supergraph)

    def prepare(self, text: str, name: str | None) -> Prepared:
        """Turn source text into an operation that may run. Raises: ClientError."""
        return prepare(text, name, self.facts, self.basis.limits)

    def plan(self, operation: Operation, labels: frozenset[str]) -> QueryPlan:
        """Plan an operation; `labels` are the active override labels. Raises: PlanError."""
        budget = Budget(self.basis.timeout, self.basis.max_steps)
        return plan(operation, self.supergraph, self.graph, labels, budget)


class Planning(Protocol):
    """Does the work of a `Planner`, off the event loop. Raises: as that does."""

    async def load(self) -> None: ...  # whatever has to be there before the first operation

    async def prepare(self, text: str, name: str | None) -> Prepared: ...

    async def plan(self, operation: Operation, labels: frozenset[str]) -> QueryPlan: ...


class OnThread:
    """Plans on the one thread that this process keeps for it."""

    def __init__(self, planner: Planner) -> None:
        self._planner = planner

    async def load(self) -> None:
        await off_loop(lambda: self._planner.graph)

    async def prepare(self, text: str, name: str | None) -> Prepared:
        return await off_loop(self._planner.prepare, text, name)

    async def plan(self, operation: Operation, labels: frozenset[str]) -> QueryPlan:
        return await off_loop(self._planner.plan, operation, labels)
