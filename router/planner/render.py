"""Plan → text, in the nested form of Sequence, Parallel and Flatten that exists only here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from router.planner.model import Each, EntitySelection, Fetch, OfType, Path, QueryPlan, RootSelection
from router.planner.waves import waves
from schema.query_graph.selection import Condition, Field, InlineFragment, Selection, SelectionSet


def render(plan: QueryPlan) -> str:
    """Write a plan for people: one line a fetch, indented by what waits for what."""
    return "\n".join(_nested(waves(plan), 0))


def _nested(steps: Sequence[Sequence[Fetch]], depth: int) -> Iterator[str]:
    indent = "  " * depth
    if len(steps) > 1:
        yield f"{indent}Sequence"
        for step in steps:
            yield from _nested([step], depth + 1)
    elif steps and len(steps[0]) > 1:
        yield f"{indent}Parallel"
        for fetch in steps[0]:
            yield from _fetch(fetch, depth + 1)
    elif steps:
        yield from _fetch(steps[0][0], depth)


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
