"""From the optimized fetch graph to the plan that is executed."""

from __future__ import annotations

import re
from dataclasses import replace

from router.operation.model import Operation, OperationKind, VariableDefinition
from router.operation.printing import used_variables
from router.planner.fetch_graph import FetchGraph, FetchNode, Select
from router.planner.model import ENTITIES, EntitySelection, Fetch, QueryPlan, RootSelection
from schema.query_graph.selection import InlineFragment

_NOT_OF_NAMES = re.compile(r"\W", re.ASCII)


def emit(graph: FetchGraph, operation: Operation) -> QueryPlan:
    """Number the fetches, and give each its variables and the name of its operation."""
    numbers = {node.id: number for number, node in enumerate(graph.nodes)}
    fetches = tuple(_fetch(node, numbers, operation) for node in graph.nodes)
    return QueryPlan(operation.kind, fetches, operation.client_names)


def _fetch(node: FetchNode, numbers: dict[int, int], operation: Operation) -> Fetch:
    number = numbers[node.id]
    return Fetch(
        id=number,
        subgraph=node.subgraph,
        kind=operation.kind if node.stage is not None else OperationKind.QUERY,
        operation_name=_name(operation, node.subgraph, number),
        variables=_variables(node, operation),
        selections=_entities(node.selects) if node.is_entity else _roots(node.selects),
        after=frozenset(numbers[one] for one in node.after),
        conditions=node.conditions,
    )


def _name(operation: Operation, subgraph: str, number: int) -> str | None:
    if operation.name is None:
        return None
    return f"{operation.name}__{_NOT_OF_NAMES.sub('_', subgraph)}__{number}"


def _variables(node: FetchNode, operation: Operation) -> tuple[VariableDefinition, ...]:
    used = frozenset[str]().union(*(used_variables(select.selection) for select in node.selects))
    context = [VariableDefinition(one.name, one.type, None) for select in node.selects for one in select.context]
    return (*(one for one in operation.variables if one.name in used), *dict.fromkeys(context))


def _roots(selects: tuple[Select, ...]) -> tuple[RootSelection, ...]:
    return tuple(RootSelection(one.selection, one.path, one.renames) for one in selects)


def _entities(selects: tuple[Select, ...]) -> tuple[EntitySelection, ...]:
    """Name what is asked; what is asked alike at several paths has one name, and is asked once."""
    questions = dict.fromkeys(map(_question, selects))
    aliases = {one: ENTITIES if len(questions) == 1 else f"_e{index}" for index, one in enumerate(questions)}
    return tuple(_entity(aliases[_question(one)], one) for one in selects)


def _question(select: Select) -> Select:
    return replace(select, path=(), context=())


def _entity(alias: str, select: Select) -> EntitySelection:
    return EntitySelection(
        alias=alias,
        path=select.path,
        requires=tuple(InlineFragment(one.type_name, one.selection) for one in select.representations),
        keys=frozenset[str]().union(*(one.keys for one in select.representations)),
        selection=select.selection,
        typename=select.representations[0].typename,
        renames=select.renames,
        context=select.context,
    )
