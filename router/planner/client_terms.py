"""A plan in the names that clients chose: so other routers keep answers, between fetches too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from router.planner.model import (
    ContextVariable,
    EntitySelection,
    Fetch,
    OfType,
    Path,
    QueryPlan,
    Rename,
    RootSelection,
)
from schema.query_graph.selection import Field, InlineFragment, Selection, SelectionSet

Names = Mapping[str, str]


def in_client_terms(plan: QueryPlan) -> QueryPlan:
    """Let each answer be renamed at once to what clients call its fields, and be read by those names.

    Execution does so at the end: a name that means two things is safe only where types are looked at.
    """
    return replace(plan, fetches=tuple(_fetch(one, plan.client_names) for one in plan.fetches))


def _fetch(fetch: Fetch, names: Names) -> Fetch:
    roots = tuple(_root(one, names) for one in fetch.selections if isinstance(one, RootSelection))
    entities = tuple(_entities(one, names) for one in fetch.selections if isinstance(one, EntitySelection))
    return replace(fetch, selections=roots or entities)


def _root(select: RootSelection, names: Names) -> RootSelection:
    return replace(select, path=_path(select.path, names), renames=_all_renames(select, names))


def _entities(select: EntitySelection, names: Names) -> EntitySelection:
    return replace(
        select,
        path=_path(select.path, names),
        requires=_read(select.requires, names),
        renames=_all_renames(select, names),
        context=tuple(_context(one, names) for one in select.context),
    )


def _context(variable: ContextVariable, names: Names) -> ContextVariable:
    return replace(variable, path=_path(variable.path, names), selection=_read(variable.selection, names))


def _path(path: Path, names: Names) -> Path:
    return tuple(names.get(step, step) if isinstance(step, str) else step for step in path)


def _read(selections: SelectionSet, names: Names) -> SelectionSet:
    return tuple(_read_one(one, names) for one in selections)


def _read_one(one: Selection, names: Names) -> Selection:
    below = replace(one, selections=_read(one.selections, names))
    if isinstance(below, InlineFragment):
        return below
    return replace(below, response_name=names.get(below.response_name, below.response_name))


def _all_renames(select: RootSelection | EntitySelection, names: Names) -> tuple[Rename, ...]:
    """What the plan undoes in the answer, and what is left to undo at the end, the deepest first."""
    undone = {one.path: one.to for one in select.renames}
    return tuple(dict.fromkeys(_renames(select.selection, (), undone, names)))


def _renames(
    selections: SelectionSet,
    path: tuple[str | OfType, ...],
    undone: Mapping[tuple[str | OfType, ...], str],
    names: Names,
) -> Iterator[Rename]:
    for one in selections:
        if not isinstance(one, Field):
            types = () if one.type_condition is None else (OfType(frozenset({one.type_condition})),)
            yield from _renames(one.selections, (*path, *types), undone, names)
            continue
        here = (*path, one.response_name)
        yield from _renames(one.selections, here, undone, names)
        inner = undone.get(tuple(step for step in here if isinstance(step, str)), one.response_name)
        name = names.get(inner, inner)
        if name != one.response_name:
            yield Rename(here, name)
