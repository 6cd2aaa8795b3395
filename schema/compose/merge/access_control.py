"""Access control reaches through interfaces, so that no selection goes around it. Source: composition, "§4.12"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from schema.compose.merge.applied import combine
from schema.compose.merge.context import Merge
from schema.elements import Annotated, Application, Field, Kind, TypeDefinition

ACCESS_CONTROL = ("authenticated", "requiresScopes", "policy")


def propagate_access_control(merge: Merge) -> None:
    """Give what interface objects ask for to the implementations, then what implementations ask for to interfaces."""
    interfaces = [one.name for one in merge.types.values() if one.kind is Kind.INTERFACE]
    for interface in interfaces:
        for implementation in _implementations(merge, interface):
            _guard_fields(merge, implementation, [merge.types[interface]])
    for interface in interfaces:
        sources = [merge.types[name] for name in _implementations(merge, interface)]
        guarded = merge.types[interface]
        merge.types[interface] = replace(guarded, applications=_guarded(merge, guarded, sources))
        _guard_fields(merge, interface, sources)


def _implementations(merge: Merge, interface: str) -> list[str]:
    return [one.name for one in merge.types.values() if one.kind is Kind.OBJECT and interface in one.interfaces]


def _guard_fields(merge: Merge, name: str, sources: Sequence[TypeDefinition]) -> None:
    definition = merge.types[name]
    fields: dict[str, Field] = {}
    for one in definition.fields.values():
        others = [source.fields[one.name] for source in sources if one.name in source.fields]
        fields[one.name] = replace(one, applications=_guarded(merge, one, others))
    merge.types[name] = replace(definition, fields=fields)


def _guarded(merge: Merge, guarded: Annotated, sources: Iterable[Annotated]) -> tuple[Application, ...]:
    others = tuple(one for one in guarded.applications if one.element not in ACCESS_CONTROL)
    return (*others, *_conjunctions(merge, [guarded, *sources]))


def _conjunctions(merge: Merge, sources: Sequence[Annotated]) -> Iterator[Application]:
    for element in ACCESS_CONTROL:
        found = [one.arguments for source in sources for one in source.applied(element)]
        if found:
            yield Application(merge.carried[element], combine(element, found), element)
