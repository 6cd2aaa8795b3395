"""Fields of objects and interfaces: the union over the subgraphs. Source: composition, "Fields"."""

from __future__ import annotations

from collections.abc import Mapping

from schema.compose.merge.applied import merge_applied
from schema.compose.merge.arguments import merge_arguments
from schema.compose.merge.context import Merge
from schema.compose.merge.description import merge_description
from schema.compose.merge.external import check_externals, report_missing_base
from schema.compose.merge.join_field import join_field
from schema.compose.merge.overrides import apply_overrides
from schema.compose.merge.sharing import check_sharing, stand_ins
from schema.compose.merge.type_reference import Position, merge_type
from schema.elements import Field, TypeDefinition


def merge_fields(merge: Merge, parents: Mapping[str, TypeDefinition]) -> dict[str, Field]:
    """Merge the fields of one type."""
    merged = {}
    for name in dict.fromkeys(name for one in parents.values() for name in one.fields):
        one = _merge_field(merge, parents, name)
        if one is not None:
            merged[name] = one
    return merged


def _merge_field(merge: Merge, parents: Mapping[str, TypeDefinition], name: str) -> Field | None:
    sources = {subgraph: one.fields[name] for subgraph, one in parents.items() if name in one.fields}
    type_name = next(iter(parents.values())).name
    coordinate = f"{type_name}.{name}"
    resolved = {
        subgraph: one for subgraph, one in sources.items() if not merge.facts[subgraph].is_external(type_name, name)
    }
    overrides = apply_overrides(merge, parents, sources, name)
    if not resolved:
        resolved = _by_interface_objects(merge, type_name, name)
    if not resolved:
        report_missing_base(merge, type_name, sources, coordinate)
        return None
    merged_type = merge_type(merge, f'field "{coordinate}"', "FIELD", resolved, Position.OUTPUT)
    merged = Field(
        name=name,
        type=merged_type,
        arguments=merge_arguments(merge, coordinate, resolved),
        description=merge_description(merge, f'Field "{coordinate}"', resolved),
        applications=tuple(merge_applied(merge, coordinate, resolved)),
    )
    externals = {subgraph: one for subgraph, one in sources.items() if subgraph not in resolved}
    check_externals(merge, coordinate, merged, resolved, externals)
    check_sharing(merge, parents, sources, overrides, coordinate)
    joins = join_field(merge, parents, sources, overrides)
    return Field(name, merged.type, merged.arguments, merged.description, (*joins, *merged.applications))


def _by_interface_objects(merge: Merge, type_name: str, name: str) -> dict[str, Field]:
    """The field as interface objects resolve it for this implementation."""
    given = stand_ins(merge, type_name, name)
    return {subgraph: merge.subgraph(subgraph).types[interface].fields[name] for subgraph, interface in given}
