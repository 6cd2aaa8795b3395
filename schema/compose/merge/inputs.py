"""Input objects: the fields that every subgraph has."""

from __future__ import annotations

from collections.abc import Mapping

from schema.compose.merge.applied import merge_applied
from schema.compose.merge.arguments import merge_default
from schema.compose.merge.context import Merge, join
from schema.compose.merge.description import merge_description
from schema.compose.merge.type_reference import Position, merge_type
from schema.elements import Application, InputValue, TypeDefinition
from schema.errors import subgraph_list


def merge_input_fields(merge: Merge, parents: Mapping[str, TypeDefinition]) -> dict[str, InputValue]:
    """Keep the fields all subgraphs have, and those hidden from clients; report required ones that are dropped."""
    merged = {}
    type_name = next(iter(parents.values())).name
    for name in dict.fromkeys(name for one in parents.values() for name in one.input_fields):
        sources = {subgraph: one.input_fields[name] for subgraph, one in parents.items() if name in one.input_fields}
        coordinate = f"{type_name}.{name}"
        if len(sources) == len(parents) or any(one.has("inaccessible") for one in sources.values()):
            merged[name] = _merge_field(merge, coordinate, sources, len(parents))
        else:
            _report_dropped(merge, coordinate, sources, [one for one in parents if one not in sources])
    if not merged:
        message = (
            f'None of the fields of input object type "{type_name}" are consistently defined in all the subgraphs '
            "defining that type. As only fields common to all subgraphs are merged, this would result in an empty "
            "type."
        )
        merge.report.error("EMPTY_MERGED_INPUT_TYPE", message, merge.locate(parents))
    return merged


def _report_dropped(merge: Merge, coordinate: str, sources: Mapping[str, InputValue], missing: list[str]) -> None:
    required = [subgraph for subgraph, one in sources.items() if one.is_required]
    if required:
        message = (
            f'Input object field "{coordinate}" is required in some subgraphs but does not appear in all subgraphs: '
            f"it is required in {subgraph_list(required)} but does not appear in {subgraph_list(missing)}"
        )
        merge.report.error("REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH", message, merge.locate(sources))
        return
    message = (
        f'Input object field "{coordinate}" will not be added to the supergraph as it does not appear in all '
        f"subgraphs: it is defined in {subgraph_list(list(sources))} but not in {subgraph_list(missing)}."
    )
    merge.report.hint("INCONSISTENT_INPUT_OBJECT_FIELD", message, merge.locate(sources))


def _merge_field(merge: Merge, coordinate: str, sources: Mapping[str, InputValue], parents: int) -> InputValue:
    merged = merge_type(merge, f'input field "{coordinate}"', "FIELD", sources, Position.INPUT)
    differ = len({one.type for one in sources.values()}) > 1
    joins: list[Application] = []
    if differ or len(sources) < parents:
        joins = [
            join("field", graph=merge.graph(name), type=one.type if differ else None) for name, one in sources.items()
        ]
    return InputValue(
        name=next(iter(sources.values())).name,
        type=merged,
        default=merge_default(merge, f'Input field "{coordinate}"', "INPUT_FIELD_DEFAULT_MISMATCH", sources),
        description=merge_description(merge, f'Input field "{coordinate}"', sources),
        applications=(*joins, *merge_applied(merge, coordinate, sources)),
    )
