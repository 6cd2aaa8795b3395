"""Contexts as satisfiability sees them: set by objects on the way, needed by fields that take arguments from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from schema.compose.merge.context import Merge
from schema.elements import Field
from schema.subgraph_view import TypeView, Views

Contexts = frozenset[tuple[str, str]]
"""Pairs of subgraph and name."""
Coordinate = tuple[str, str]


def needed_contexts(merge: Merge) -> dict[tuple[str, Coordinate], Contexts]:
    """Find the fields that take arguments from contexts: (subgraph, coordinate) → what has to be set."""
    found = {}
    for subgraph in merge.subgraphs:
        for definition, one in subgraph.fields():
            names = _taken(one)
            if names:
                contexts = frozenset((subgraph.name, name) for name in names)
                found[subgraph.name, (definition.name, one.name)] = contexts
    return found


def _taken(field: Field) -> list[str]:
    texts = (
        application.text("field") for one in field.arguments.values() for application in one.applied("fromContext")
    )
    return [text.lstrip().removeprefix("$").split()[0].split("{")[0] for text in texts if text.strip()]


def set_contexts(merge: Merge, possible_types: Mapping[str, frozenset[str]]) -> dict[str, Contexts]:
    """Find what each object type sets, by itself or as one of an abstract type."""
    found: dict[str, Contexts] = {}
    for subgraph in merge.subgraphs:
        for definition in subgraph.types.values():
            contexts = frozenset((subgraph.name, one.text("name")) for one in definition.applied("context"))
            for name in possible_types.get(definition.name, ()) if contexts else ():
                found[name] = found.get(name, frozenset()) | contexts
    return found


def with_contextual(views: Views, needed: Mapping[tuple[str, Coordinate], Contexts]) -> Views:
    """Take fields with arguments from contexts for resolvable: whether these are set is asked on the way."""
    return {
        subgraph: {name: _resolvable(view, subgraph, needed) for name, view in types.items()}
        for subgraph, types in views.items()
    }


def _resolvable(view: TypeView, subgraph: str, needed: Mapping[tuple[str, Coordinate], Contexts]) -> TypeView:
    taking = {name for name in view.fields if (subgraph, (view.name, name)) in needed}
    if not taking:
        return view
    fields = {
        name: replace(one, is_resolvable=True, context=()) if name in taking else one
        for name, one in view.fields.items()
    }
    return replace(view, fields=fields)
