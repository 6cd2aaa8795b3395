"""Operation → query plan: the passes in their order. Source: query-planning, "Stages"."""

from __future__ import annotations

from router.errors import OperationError, RouterError
from router.operation.model import Operation, OperationKind
from router.planner.assemble import assemble
from router.planner.budget import Budget, BudgetSpent
from router.planner.choose import Chosen, choose
from router.planner.emit import emit
from router.planner.items import ALWAYS, Unreachable
from router.planner.model import QueryPlan
from router.planner.names import Names
from router.planner.optimize import PASSES
from router.planner.represent import Represent
from router.planner.root_fields import RootField, Run, root_fields, runs
from router.planner.walk import Walk
from schema.query_graph.advance import Advance
from schema.query_graph.model import QueryGraph
from schema.query_graph.path import Path
from schema.supergraph import Supergraph


class PlanError(RouterError):
    """The supergraph offers no way to answer the operation whole."""

    code = "QUERY_PLANNING_FAILED"
    json_status = 200


class PlanBudgetExceeded(OperationError, PlanError):
    """Planning the operation costs more than the settings allow."""

    code = "QUERY_PLANNING_BUDGET"

    def __init__(self) -> None:
        super().__init__(
            "The operation is too costly to plan: too many ways lead to what it selects. Ask for less at once; "
            "'supergraph.query_planning' in the router's configuration sets the limits."
        )


def plan(
    operation: Operation,
    supergraph: Supergraph,
    graph: QueryGraph,
    labels: frozenset[str] = frozenset(),
    budget: Budget | None = None,
) -> QueryPlan:
    """Plan one operation; `labels` are the active override labels. What the router answers itself makes no fetch.

    Raises: PlanError, and its kind PlanBudgetExceeded.
    """
    try:
        return _plan(operation, supergraph, graph, labels, budget or Budget())
    except Unreachable as error:
        raise PlanError(str(error)) from error
    except BudgetSpent as error:
        raise PlanBudgetExceeded from error


def _plan(
    operation: Operation, supergraph: Supergraph, graph: QueryGraph, labels: frozenset[str], budget: Budget
) -> QueryPlan:
    names = Names(operation)
    advance = Advance(graph, labels, names, budget.spend, names.variable)
    walk = Walk(supergraph, advance)
    fields = list(root_fields(operation.selections))
    chosen = _together(fields, operation, walk, advance, budget)
    fetches = assemble(chosen, supergraph, graph, Represent(supergraph, names), budget)
    for optimize in PASSES:
        budget.check_time()
        fetches = optimize(fetches)
    return emit(fetches, operation)


def _together(fields: list[RootField], operation: Operation, walk: Walk, advance: Advance, budget: Budget) -> Chosen:
    if operation.kind is not OperationKind.QUERY:
        return _one_by_one(list(runs(fields, budget.spend)), operation.root_type, walk, advance, budget)
    roots = advance.roots(operation.root_type)
    return choose(
        [item for field, under in fields for item in walk.selections(operation.root_type, (field,), roots, under)],
        budget.spend,
    )


def _one_by_one(order: list[Run], root_type: str, walk: Walk, advance: Advance, budget: Budget) -> Chosen:
    """Give each field to one subgraph, which runs it once; go on in the subgraph we are in where it can."""
    chosen: Chosen = ()
    roots: list[Path] = []
    for stage, run in enumerate(order):
        if run.is_later:
            roots = []  # a request of its own: in one request it would be one with its earlier place
        roots += [root for root in advance.roots(root_type, stage) if not roots or root.node is not roots[0].node]
        paths = choose(walk.from_one(roots, root_type, run.selections, ALWAYS), budget.spend)
        chosen += paths
        *_, root = paths[0].path.steps_back()
        roots = [root]
    return chosen
