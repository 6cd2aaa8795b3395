"""Fields that an interface object gives to an interface go onto its implementations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from schema.compose.merge.context import Merge, join
from schema.compose.merge.overrides import Overrides
from schema.compose.merge.sharing import check_sharing
from schema.elements import Field, Kind, TypeDefinition


def add_interface_object_fields(merge: Merge) -> None:
    """Copy onto each implementation the fields it has only through an interface object, joined to no subgraph."""
    for name, definition in merge.types.items():
        if definition.kind is not Kind.OBJECT:
            continue
        added = {
            one.name: _on_implementation(one)
            for interface in definition.interfaces
            for one in _given(merge, interface)
            if one.name not in definition.fields
        }
        if added:
            merge.types[name] = replace(definition, fields={**definition.fields, **added})
        for one in added:
            check_sharing(merge, {}, {}, Overrides(), f"{name}.{one}")


def _given(merge: Merge, interface: str) -> Iterator[Field]:
    merged = merge.types.get(interface, TypeDefinition(interface, Kind.INTERFACE))
    for subgraph in merge.subgraphs:
        declared = subgraph.types.get(interface)
        if declared is None or not declared.is_interface_object:
            continue
        for name in declared.fields:
            if name in merged.fields and not merge.facts[subgraph.name].is_external(interface, name):
                yield merged.fields[name]


def _on_implementation(one: Field) -> Field:
    kept = tuple(application for application in one.applications if application.name != "join__field")
    return replace(one, applications=(join("field"), *kept))
