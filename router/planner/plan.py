"""Operation → query plan: the passes in their order. Source: query-planning, "Stages"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from router.errors import OperationError, RouterError
from router.operation.model import Operation, OperationKind
from router.planner.assemble import assemble
from router.planner.budget import Budget, BudgetSpent
from router.planner.choose import Chosen, choose
from router.planner.emit import emit
from router.planner.model import QueryPlan
from router.planner.names import Names
from router.planner.optimize import PASSES
from router.planner.represent import Represent
from router.planner.walk import ALWAYS, Conditions, Unreachable, Walk
from schema.query_graph.advance import Advance
from schema.query_graph.model import QueryGraph
from schema.query_graph.path import Path
from schema.query_graph.selection import Field, SelectionSet
from schema.supergraph import Supergraph

INTROSPECTION = frozenset({"__typename", "__schema", "__type"})


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
    names = Names(operation.selections)
    advance = Advance(graph, labels, names, budget.spend)
    walk = Walk(supergraph, advance, names)
    fields = list(_root_fields(operation.selections, ALWAYS))
    chosen = _together(fields, operation, walk, advance)
    fetches = replace(assemble(chosen, supergraph, graph, Represent(supergraph, names)), spend=budget.check_time)
    for optimize in PASSES:
        budget.check_time()
        fetches = optimize(fetches)
    return emit(fetches, operation)


RootField = tuple[Field, Conditions]


def _root_fields(selections: SelectionSet, conditions: Conditions) -> Iterator[RootField]:
    for one in selections:
        under = conditions.union(one.conditions)
        if not isinstance(one, Field):
            yield from _root_fields(one.selections, under)
        elif one.name not in INTROSPECTION:
            yield one, under


def _together(fields: list[RootField], operation: Operation, walk: Walk, advance: Advance) -> Chosen:
    if operation.kind is not OperationKind.QUERY:
        return _one_by_one(fields, operation.root_type, walk, advance)
    roots = advance.roots(operation.root_type)
    return choose(
        item for field, under in fields for item in walk.selections(operation.root_type, (field,), roots, under)
    )


def _one_by_one(fields: list[RootField], root_type: str, walk: Walk, advance: Advance) -> Chosen:
    """Give each field to one subgraph, which runs it once; go on in the subgraph we are in where it can."""
    chosen: Chosen = ()
    roots: list[Path] = []
    for stage, same in enumerate(_by_response_name(fields)):
        roots += [root for root in advance.roots(root_type, stage) if not roots or root.node is not roots[0].node]
        paths = choose(walk.from_one(roots, root_type, same, ALWAYS))
        chosen += paths
        *_, root = paths[0].path.steps_back()
        roots = [root]
    return chosen


def _by_response_name(fields: list[RootField]) -> Iterable[SelectionSet]:
    """Gather what is selected on one field under several conditions: it runs once, where it is named first."""
    same: dict[str, SelectionSet] = {}
    for field, under in fields:
        whole = replace(field, conditions=tuple(sorted(under, key=str)))
        same[field.response_name] = (*same.get(field.response_name, ()), whole)
    return same.values()
