"""Plan → text and JSON, in the nested form of Sequence, Parallel and Flatten that exists only here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from router.operation.printing import print_selections, print_variables
from router.planner.model import Each, EntitySelection, Fetch, OfType, Path, QueryPlan, Rename, RootSelection
from router.request import Json
from schema.query_graph.selection import Condition, Field, InlineFragment, Selection, SelectionSet

ENTITIES = "_entities"


def render(plan: QueryPlan) -> str:
    """Write a plan for people: one line a fetch, indented by what waits for what."""
    return "\n".join(_nested(_waves(plan), 0))


def to_json(plan: QueryPlan) -> dict[str, Json]:
    """Write a plan as other routers do. Source: query-planning, "Plan nodes and JSON"."""
    waves = [_node("Parallel", [node for fetch in wave for node in _json_fetch(fetch)]) for wave in _waves(plan)]
    return {"kind": "QueryPlan", **({"node": _node("Sequence", waves)} if waves else {})}


def _waves(plan: QueryPlan) -> list[list[Fetch]]:
    """Group fetches by how many others have to come before them."""
    waves: list[list[Fetch]] = []
    level: dict[int, int] = {}
    for fetch in plan.fetches:
        level[fetch.id] = 1 + max((level[one] for one in fetch.after), default=-1)
        if level[fetch.id] == len(waves):
            waves.append([])
        waves[level[fetch.id]].append(fetch)
    return waves


def _nested(waves: Sequence[Sequence[Fetch]], depth: int) -> Iterator[str]:
    indent = "  " * depth
    if len(waves) > 1:
        yield f"{indent}Sequence"
        for wave in waves:
            yield from _nested([wave], depth + 1)
    elif waves and len(waves[0]) > 1:
        yield f"{indent}Parallel"
        for fetch in waves[0]:
            yield from _fetch(fetch, depth + 1)
    elif waves:
        yield from _fetch(waves[0][0], depth)


def _fetch(fetch: Fetch, depth: int) -> Iterator[str]:
    indent = "  " * depth
    conditions = "".join(f"{'If' if one.wanted else 'Unless'} ${one.variable} " for one in fetch.conditions)
    if len(fetch.selections) == 1:
        (select,) = fetch.selections
        at = f"Flatten {_path(select.path)} " if select.path else ""
        yield f"{indent}{conditions}{at}Fetch {fetch.subgraph} {_select(select)}"
        return
    yield f"{indent}{conditions}Fetch {fetch.subgraph}"
    for select in fetch.selections:
        yield f"{indent}  Flatten {_path(select.path)} {_select(select)}"


def _path(path: Path) -> str:
    return ".".join(map(_step, path))


def _step(step: str | Each | OfType) -> str:
    match step:
        case str():
            return step
        case Each():
            return step.value
        case OfType(types=types):
            return f"[{','.join(sorted(types))}]"


def _select(select: RootSelection | EntitySelection) -> str:
    renames = "".join(f" as {'.'.join(_step(step) for step in one.path)} → {one.to}" for one in select.renames)
    if isinstance(select, RootSelection):
        return _braced(select.selection) + renames
    required = ", ".join(_required(one, select.typename) for one in select.requires)
    context = "".join(f" with ${one.name} = {_path(one.path)} {_braced(one.selection)}" for one in select.context)
    return f"({required}) {_braced(_entity_selection(select))}{renames}{context}"


def _entity_selection(select: EntitySelection) -> SelectionSet:
    """Leave out a fragment on the only type there is, and say it by the representation."""
    match select.selection, select.requires:
        case ((InlineFragment() as fragment,), (InlineFragment() as required,)):
            named = select.typename or required.type_condition
            return fragment.selections if fragment.type_condition == named else select.selection
        case _:
            return select.selection


def _required(one: Selection, typename: str | None) -> str:
    if isinstance(one, Field):
        return _spaced(one)
    named = f"{one.type_condition} as {typename}" if typename not in (None, one.type_condition) else one.type_condition
    fields = tuple(field for field in one.selections if not (isinstance(field, Field) and field.name == "__typename"))
    return f"{named} {_braced(fields)}"


def _braced(selections: SelectionSet) -> str:
    return "{ " + " ".join(map(_spaced, selections)) + " }"


def _spaced(one: Selection) -> str:
    below = f" {_braced(one.selections)}" if one.selections else ""
    conditions = "".join(map(_condition, one.conditions))
    if isinstance(one, Field):
        alias = "" if one.response_name == one.name else f"{one.response_name}: "
        return f"{alias}{one.name}{one.arguments.text}{conditions}{below}"
    on = f" on {one.type_condition}" if one.type_condition else ""
    return f"...{on}{conditions}{below}"


def _condition(one: Condition) -> str:
    return f" @{'include' if one.wanted else 'skip'}(if: ${one.variable})"


def _node(kind: str, nodes: list[Json]) -> Json:
    return nodes[0] if len(nodes) == 1 else {"kind": kind, "nodes": nodes}


def _json_fetch(fetch: Fetch) -> Iterator[Json]:
    """Write each selection as a fetch of its own: the JSON form knows no others."""
    for select in fetch.selections:
        node = _json_select(fetch, select)
        if select.path:
            path = [step for step in map(_step, select.path) if not step.startswith("[")]
            node = {"kind": "Flatten", "path": path, "node": node}
        for condition in reversed(fetch.conditions):
            clause = "ifClause" if condition.wanted else "elseClause"
            node = {"kind": "Condition", "condition": condition.variable, clause: node}
        yield node


def _json_select(fetch: Fetch, select: RootSelection | EntitySelection) -> dict[str, Json]:
    entities = isinstance(select, EntitySelection)
    selections = print_selections(select.selection)
    declared = print_variables(fetch.variables)
    if entities:
        declared = f"($representations:[_Any!]!{',' + declared[1:-1] if declared else ''})"
        selections = f"{{{ENTITIES}(representations:$representations){selections}}}"
    name = f" {fetch.operation_name}" if fetch.operation_name else ""
    keyword = "" if not name and not declared and fetch.kind.value == "query" else f"{fetch.kind.value}{name}{declared}"
    node: dict[str, Json] = {
        "kind": "Fetch",
        "serviceName": fetch.subgraph,
        "variableUsages": [one.name for one in fetch.variables],
        "operation": keyword + selections,
        "operationKind": fetch.kind.value,
    }
    if fetch.operation_name:
        node["operationName"] = fetch.operation_name
    if isinstance(select, EntitySelection):
        node["requires"] = [_json_selection(one) for one in select.requires]
        node |= _input_rewrites(select)
    if select.renames:
        node["outputRewrites"] = [_rename(one) for one in select.renames]
    return node


def _json_selection(one: Selection) -> Json:
    nested = [_json_selection(below) for below in one.selections]
    if isinstance(one, InlineFragment):
        return {"kind": "InlineFragment", "typeCondition": one.type_condition, "selections": nested}
    node: dict[str, Json] = {"kind": "Field", "name": one.name}
    if one.response_name != one.name:
        node["alias"] = one.response_name
    return {**node, "selections": nested} if nested else node


def _input_rewrites(select: EntitySelection) -> dict[str, Json]:
    if select.typename is None:
        return {}
    names = [one.type_condition for one in select.requires if isinstance(one, InlineFragment)]
    setters = [
        {"kind": "ValueSetter", "path": [f"... on {name}", "__typename"], "setValueTo": select.typename}
        for name in names
    ]
    return {"inputRewrites": setters}


def _rename(one: Rename) -> Json:
    path = [step if isinstance(step, str) else f"... on {'|'.join(sorted(step.types))}" for step in one.path]
    return {"kind": "KeyRenamer", "path": path, "renameKeyTo": one.to}
