"""Enums: union for output, intersection for input, equality for both. Source: composition, "Enums"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from schema.compose.merge.applied import merge_applied
from schema.compose.merge.context import Merge, join
from schema.compose.merge.description import merge_description
from schema.elements import EnumValue, InputValue, TypeDefinition, base_type
from schema.errors import subgraph_list


@dataclass(frozen=True, slots=True)
class Usage:
    """An example of each way the supergraph uses a type."""

    inputs: Mapping[str, str]
    outputs: Mapping[str, str]

    @classmethod
    def of(cls, merge: Merge) -> Usage:
        """Look through the merged fields, arguments and input fields; directives' arguments count as inputs."""
        inputs: dict[str, str] = {}
        outputs: dict[str, str] = {}
        for owner in merge.types.values():
            for one in owner.fields.values():
                outputs.setdefault(base_type(one.type), f"{owner.name}.{one.name}")
                _note(inputs, one.arguments, f"{owner.name}.{one.name}")
            _note(inputs, owner.input_fields, owner.name)
        for name, custom in merge.composed.items():
            _note(inputs, custom.definition.arguments, f"@{name}")
        for definition in merge.executable.values():
            _note(inputs, definition.arguments, f"@{definition.name}")
        return cls(inputs, outputs)


def _note(inputs: dict[str, str], values: Mapping[str, InputValue], owner: str) -> None:
    for one in values.values():
        inputs.setdefault(base_type(one.type), f"{owner}({one.name}:)")


def merge_values(merge: Merge, usage: Usage, parents: Mapping[str, TypeDefinition]) -> dict[str, EnumValue]:
    """Merge the values of one enum, by how the supergraph uses it."""
    merged = {}
    type_name = next(iter(parents.values())).name
    if type_name not in usage.inputs and type_name not in usage.outputs:
        message = (
            f'Enum type "{type_name}" is defined but unused. It will be included in the supergraph with all the '
            'values appearing in any subgraph ("as if" it was only used as an output type).'
        )
        merge.report.hint("UNUSED_ENUM_TYPE", message, merge.locate(parents))
    for name in dict.fromkeys(name for one in parents.values() for name in one.values):
        sources = {subgraph: one.values[name] for subgraph, one in parents.items() if name in one.values}
        missing = [subgraph for subgraph in parents if subgraph not in sources]
        is_hidden = any(one.has("inaccessible") for one in sources.values())
        if is_hidden or not missing or _keep(merge, usage, f"{type_name}.{name}", sources, missing):
            merged[name] = _merge_value(merge, f"{type_name}.{name}", sources)
    if not merged:
        message = (
            f'None of the values of enum type "{type_name}" are defined consistently in all the subgraphs defining '
            "that type. As only values common to all subgraphs are merged, this would result in an empty type."
        )
        merge.report.error("EMPTY_MERGED_ENUM_TYPE", message, merge.locate(parents))
    return merged


def _keep(merge: Merge, usage: Usage, coordinate: str, sources: Mapping[str, EnumValue], missing: list[str]) -> bool:
    type_name, _, value = coordinate.partition(".")
    where = f"it is defined in {subgraph_list(list(sources))} but not in {subgraph_list(missing)}"
    reader, writer = usage.outputs.get(type_name), usage.inputs.get(type_name)
    if reader and writer:
        message = (
            f'Enum type "{type_name}" is used as both input type (for example, as type of "{writer}") and output type '
            f'(for example, as type of "{reader}"), but value "{value}" is not defined in all the subgraphs defining '
            f'"{type_name}": {where}'
        )
        merge.report.error("ENUM_VALUE_MISMATCH", message, merge.locate(sources))
        return True
    if writer:
        message = (
            f'Value "{value}" of enum type "{type_name}" will not be part of the supergraph as it is not defined in '
            f'all the subgraphs defining "{type_name}": {where}.'
        )
        merge.report.hint("INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM", message, merge.locate(sources))
        return False
    if not writer:
        message = (
            f'Value "{value}" of enum type "{type_name}" has been added to the supergraph but is only defined in a '
            f'subset of the subgraphs defining "{type_name}": {where}.'
        )
        merge.report.hint("INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM", message, merge.locate(sources))
    return True


def _merge_value(merge: Merge, coordinate: str, sources: Mapping[str, EnumValue]) -> EnumValue:
    joins = [join("enumValue", graph=merge.graph(subgraph)) for subgraph in sources]
    return EnumValue(
        name=coordinate.rpartition(".")[2],
        description=merge_description(merge, f'Enum value "{coordinate}"', sources),
        applications=(*joins, *merge_applied(merge, coordinate, sources)),
    )
