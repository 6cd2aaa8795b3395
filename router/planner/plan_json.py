"""Plan → JSON, in the form that other routers print. Source: query-planning, "Plan nodes and JSON"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from router.operation.model import VariableDefinition
from router.operation.names import free_name
from router.operation.printing import print_selections, print_variables, used_variables
from router.planner.client_terms import in_client_terms
from router.planner.model import (
    ENTITIES,
    ContextVariable,
    Each,
    EntitySelection,
    Fetch,
    OfType,
    Path,
    QueryPlan,
    Rename,
    RootSelection,
)
from router.planner.waves import waves
from router.request import Json
from schema.query_graph.selection import Condition, Field, InlineFragment, Selection, SelectionSet

Wave = Sequence[Fetch]
Conditions = tuple[Condition, ...]


def to_json(plan: QueryPlan) -> dict[str, Json]:
    """Write a plan for tools. They know no fetch of several selections: each is a fetch of its own."""
    in_steps = groupby(waves(in_client_terms(plan)), _shared)
    nodes = [node for shared, some in in_steps for node in _conditional_waves(shared, list(some))]
    return {"kind": "QueryPlan", **({"node": _joined("Sequence", nodes)} if nodes else {})}


def _shared(wave: Wave) -> Conditions:
    """The conditions of all fetches of a wave, if they are the same."""
    first, *others = (fetch.conditions for fetch in wave)
    return first if all(one == first for one in others) else ()


def _conditional_waves(shared: Conditions, some: Sequence[Wave]) -> Iterator[Json]:
    """Put waves under one condition, or the fetches of each that have one in common."""
    if shared:
        yield _conditioned(shared, _joined("Sequence", [_joined("Parallel", list(_nodes(wave))) for wave in some]))
        return
    for wave in some:
        alike = ((conditions, list(same)) for conditions, same in groupby(wave, lambda fetch: fetch.conditions))
        yield _joined("Parallel", [node for conditions, same in alike for node in _conditional(conditions, same)])


def _conditional(conditions: Conditions, wave: Wave) -> Iterator[Json]:
    nodes = _nodes(wave)
    if conditions:
        yield _conditioned(conditions, _joined("Parallel", list(nodes)))
    else:
        yield from nodes


def _conditioned(conditions: Conditions, node: Json) -> Json:
    for condition in reversed(conditions):
        clause = "ifClause" if condition.wanted else "elseClause"
        node = {"kind": "Condition", "condition": condition.variable, clause: node}
    return node


def _joined(kind: str, nodes: list[Json]) -> Json:
    return nodes[0] if len(nodes) == 1 else {"kind": kind, "nodes": nodes}


def _nodes(wave: Wave) -> Iterator[Json]:
    for fetch in wave:
        for select in fetch.selections:
            node: Json = _fetch(fetch, select)
            yield {"kind": "Flatten", "path": _path(select.path), "node": node} if select.path else node


def _path(path: Path) -> list[Json]:
    """Write steps; which types go on stands at the step before."""
    steps: list[str] = []
    for step in path:
        if isinstance(step, OfType):
            steps[-1] += f"|[{','.join(sorted(step.types))}]"
        else:
            steps.append(step.value if isinstance(step, Each) else step)
    return [*steps]


def _fetch(fetch: Fetch, select: RootSelection | EntitySelection) -> dict[str, Json]:
    node: dict[str, Json] = {"kind": "Fetch", "serviceName": fetch.subgraph}
    if isinstance(select, EntitySelection):
        node["requires"] = [_required(one) for one in select.requires]
    used = used_variables(select.selection)
    variables = [one for one in fetch.variables if one.name in used]
    node["variableUsages"] = [one.name for one in variables]
    node["operation"] = _operation(fetch, select, variables)
    node["operationKind"] = fetch.kind.value
    if fetch.operation_name:
        node["operationName"] = fetch.operation_name
    return node | {name: rewrites for name, rewrites in _rewrites(select) if rewrites}


def _operation(fetch: Fetch, select: RootSelection | EntitySelection, variables: Sequence[VariableDefinition]) -> str:
    selections = print_selections(select.selection)
    declared = print_variables(variables)
    if isinstance(select, EntitySelection):
        variable = free_name("representations", [one.name for one in variables])
        declared = f"(${variable}:[_Any!]!{',' + declared[1:-1] if declared else ''})"
        selections = f"{{{ENTITIES}(representations:${variable}){selections}}}"
    name = f" {fetch.operation_name}" if fetch.operation_name else ""
    is_short = not name and not declared and fetch.kind.value == "query"
    return selections if is_short else f"{fetch.kind.value}{name}{declared}{selections}"


def _required(one: Selection) -> Json:
    """Write what is read, by the names under which it is found."""
    below = [_required(deeper) for deeper in one.selections]
    if isinstance(one, InlineFragment):
        return {"kind": "InlineFragment", "typeCondition": one.type_condition, "selections": below}
    node: dict[str, Json] = {"kind": "Field", "name": one.response_name}
    return {**node, "selections": below} if below else node


def _rewrites(select: RootSelection | EntitySelection) -> Iterator[tuple[str, list[Json]]]:
    if isinstance(select, EntitySelection):
        yield "inputRewrites", [*_typenames(select), *_names(select.requires, ())]
    yield "outputRewrites", [_output_rewrite(one) for one in select.renames]
    if isinstance(select, EntitySelection):
        yield "contextRewrites", [node for one in select.context for node in _context_rewrites(one, select.path)]


def _typenames(select: EntitySelection) -> Iterator[Json]:
    for one in select.requires:
        if select.typename is not None and isinstance(one, InlineFragment):
            path = [_on(one.type_condition), "__typename"]
            yield {"kind": "ValueSetter", "path": path, "setValueTo": select.typename}


def _names(selections: SelectionSet, path: tuple[str, ...]) -> Iterator[Json]:
    """Give fields that were asked under another name their own, the deepest first."""
    for one in selections:
        if isinstance(one, InlineFragment):
            yield from _names(one.selections, (*path, _on(one.type_condition)))
            continue
        yield from _names(one.selections, (*path, one.response_name))
        if one.response_name != one.name:
            yield _renamed([*path, one.response_name], one.name)


def _output_rewrite(rename: Rename) -> Json:
    path = [step if isinstance(step, str) else _on("|".join(sorted(step.types))) for step in rename.path]
    return _renamed(path, rename.to)


def _context_rewrites(variable: ContextVariable, path: Path) -> Iterator[Json]:
    """Tell how many objects up a value is, and on which types it is what."""
    up = sum(isinstance(step, str) for step in path) - sum(isinstance(step, str) for step in variable.path)
    for leaf in _leaves(variable.selection, (_on(variable.type_name),)):
        yield _renamed([*[".."] * up, *leaf], variable.name)


def _leaves(selections: SelectionSet, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for one in selections:
        if isinstance(one, InlineFragment):
            yield from _leaves(one.selections, (*path[:-1], _on(one.type_condition)))
        elif one.selections:
            yield from _leaves(one.selections, (*path, one.response_name))
        elif isinstance(one, Field) and one.name != "__typename":
            yield (*path, one.response_name)


def _on(type_name: str | None) -> str:
    return f"... on {type_name}"


def _renamed(path: Sequence[str], name: str) -> Json:
    return {"kind": "KeyRenamer", "path": [*path], "renameKeyTo": name}
