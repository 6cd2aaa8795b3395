"""Hints on what only some of the subgraphs with a type have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from schema.compose.merge.context import Merge
from schema.elements import Kind, TypeDefinition
from schema.errors import subgraph_list
from schema.federation import ROOT_TYPES


def hint_absences(merge: Merge, merged: TypeDefinition, parents: Mapping[str, TypeDefinition]) -> None:
    """Say what of a type is missing where."""
    match merged.kind:
        case Kind.UNION:
            _hint(
                merge,
                "INCONSISTENT_UNION_MEMBER",
                f'Union type "{merged.name}" includes member type',
                _members(parents),
                parents,
            )
        case Kind.OBJECT:
            _hint_object(merge, merged, parents)
        case Kind.INTERFACE if not any(one.has("key") for one in parents.values()):
            what = f'Interface type "{merged.name}" has field'
            _hint(merge, "INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD", what, _fields(merge, parents), parents)
        case _:
            pass


def _hint_object(merge: Merge, merged: TypeDefinition, parents: Mapping[str, TypeDefinition]) -> None:
    keyed = [subgraph for subgraph, one in parents.items() if one.has("key")]
    if not keyed and merged.name not in ROOT_TYPES:
        what = f'Object type "{merged.name}" has field'
        _hint(merge, "INCONSISTENT_OBJECT_VALUE_TYPE_FIELD", what, _fields(merge, parents), parents)
    elif keyed and len(keyed) < len(parents):
        others = [subgraph for subgraph in parents if subgraph not in keyed]
        message = (
            f'Type "{merged.name}" is declared as an entity (has a @key applied) in some but not all defining '
            f"subgraphs: it has some @key in {subgraph_list(keyed)} but no @key in {subgraph_list(others)}."
        )
        merge.report.hint("INCONSISTENT_ENTITY", message, merge.locate(parents))


def _members(parents: Mapping[str, TypeDefinition]) -> dict[str, list[str]]:
    return {
        member: [subgraph for subgraph, one in parents.items() if member in one.members]
        for member in dict.fromkeys(member for one in parents.values() for member in one.members)
    }


def _fields(merge: Merge, parents: Mapping[str, TypeDefinition]) -> dict[str, list[str]]:
    return {
        name: [
            subgraph for subgraph, one in parents.items() if name in one.fields or _is_external(merge, subgraph, one)
        ]
        for name in dict.fromkeys(name for one in parents.values() for name in one.fields)
    }


def _is_external(merge: Merge, subgraph: str, definition: TypeDefinition) -> bool:
    """All the fields a subgraph has of a type are external: it does not count as missing others."""
    facts = merge.facts[subgraph]
    return all(facts.is_external(definition.name, name) for name in definition.fields)


def _hint(
    merge: Merge, code: str, what: str, present: Mapping[str, list[str]], parents: Mapping[str, TypeDefinition]
) -> None:
    for name, missing in _absent(present, parents):
        message = f'{what} "{name}" that is in {subgraph_list(present[name])} but not in {subgraph_list(missing)}.'
        merge.report.hint(code, message, merge.locate(parents))


def _absent(present: Mapping[str, list[str]], parents: Mapping[str, TypeDefinition]) -> Iterator[tuple[str, list[str]]]:
    for name, subgraphs in present.items():
        missing = [subgraph for subgraph in parents if subgraph not in subgraphs]
        if missing:
            yield name, missing
