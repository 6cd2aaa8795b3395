"""Drives the merge; every pass reports what it finds and goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from schema.compose.merge.access_control import propagate_access_control
from schema.compose.merge.applied import merge_applied
from schema.compose.merge.compose_directive import find_composed
from schema.compose.merge.context import Merge
from schema.compose.merge.description import merge_description
from schema.compose.merge.entity_interfaces import check_entity_interfaces
from schema.compose.merge.enums import Usage, merge_values
from schema.compose.merge.executable import merge_executable
from schema.compose.merge.fields import merge_fields
from schema.compose.merge.inputs import merge_input_fields
from schema.compose.merge.interface_objects import add_interface_object_fields
from schema.compose.merge.joined import join_links
from schema.compose.merge.presence import hint_absences
from schema.compose.merge.shallow import join_type, merge_shallow
from schema.compose.merge.specs import find_carried, hint_upgrades
from schema.elements import Application, Kind, Schema, TypeDefinition
from schema.errors import Report
from schema.subgraph import Subgraph


def merge_subgraphs(subgraphs: Sequence[Subgraph], report: Report) -> Merge:
    """Merge everything, enums last: how they are used is then known."""
    merge = Merge.of(subgraphs, report)
    hint_upgrades(merge)
    find_carried(merge)
    find_composed(merge)
    if report.errors:
        return merge
    merge.schema = _merge_schema(merge)
    merge_shallow(merge)
    merge_executable(merge)
    for kind in (Kind.UNION, Kind.SCALAR, Kind.INPUT, Kind.INTERFACE, Kind.OBJECT):
        _merge_kind(merge, kind)
    check_entity_interfaces(merge)
    add_interface_object_fields(merge)
    propagate_access_control(merge)
    _merge_enums(merge)
    _check_queries(merge)
    return merge


def _merge_schema(merge: Merge) -> Schema:
    schemas = {one.name: one.schema for one in merge.subgraphs}
    applications = (*join_links(merge), *merge_applied(merge, "schema", schemas))
    return Schema(applications, merge_description(merge, "The schema", schemas))


def _merge_kind(merge: Merge, kind: Kind) -> None:
    for name, shallow in merge.types.items():
        if shallow.kind is kind:
            parents = merge.declarations(name)
            hint_absences(merge, shallow, parents)
            merge.types[name] = replace(
                _with_fields(merge, shallow, parents), applications=_applications(merge, shallow, parents)
            )


def _with_fields(merge: Merge, shallow: TypeDefinition, parents: Mapping[str, TypeDefinition]) -> TypeDefinition:
    match shallow.kind:
        case Kind.OBJECT | Kind.INTERFACE:
            return replace(shallow, fields=merge_fields(merge, parents))
        case Kind.INPUT:
            return replace(shallow, input_fields=merge_input_fields(merge, parents))
        case _:
            return shallow


def _merge_enums(merge: Merge) -> None:
    usage = Usage.of(merge)
    for name, shallow in merge.types.items():
        if shallow.kind is Kind.ENUM:
            parents = merge.declarations(name)
            values = merge_values(merge, usage, parents)
            merge.types[name] = replace(shallow, values=values, applications=_applications(merge, shallow, parents))


def _applications(
    merge: Merge, shallow: TypeDefinition, parents: Mapping[str, TypeDefinition]
) -> tuple[Application, ...]:
    return (*join_type(merge, parents), *merge_applied(merge, shallow.name, parents))


def _check_queries(merge: Merge) -> None:
    query = merge.types.get("Query")
    if query is None or not query.fields:
        message = "No queries found in any subgraph: a supergraph must have a query root type."
        merge.report.error("NO_QUERIES", message, merge.locate({one.name: None for one in merge.subgraphs}))
