"""The merged schema as supergraph SDL. Source: federation-directives, "Header and ordering"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from graphql import DirectiveDefinitionNode, TypeDefinitionNode, print_ast
from graphql.language.block_string import print_block_string

from schema.compose.merge.context import Merge
from schema.compose.write.parts import (
    composed_definitions,
    graph_values,
    merged_types,
    root_names,
    schema_applications,
    spec_nodes,
)
from schema.elements import Application, DirectiveDefinition, EnumValue, Field, InputValue, Kind, TypeDefinition
from schema.value import print_value

KEYWORDS = {
    Kind.OBJECT: "type",
    Kind.INTERFACE: "interface",
    Kind.UNION: "union",
    Kind.ENUM: "enum",
    Kind.INPUT: "input",
    Kind.SCALAR: "scalar",
}


def print_supergraph(merge: Merge) -> str:
    """Write the schema block, then directive definitions, then types, each sorted by name."""
    own = spec_nodes(merge)
    directives = {one.name.value: print_ast(one) for one in own if isinstance(one, DirectiveDefinitionNode)}
    directives |= {one.name: _directive(one) for one in composed_definitions(merge)}
    types = {one.name.value: print_ast(one) for one in own if isinstance(one, TypeDefinitionNode)}
    types |= {one.name: _type(one) for one in (graph_values(merge), *merged_types(merge))}
    blocks = [_schema(merge), *_sorted(directives), *_sorted(types)]
    return "\n\n".join(blocks) + "\n"


def _sorted(blocks: Mapping[str, str]) -> Iterator[str]:
    return (blocks[name] for name in sorted(blocks))


def _schema(merge: Merge) -> str:
    lines = [
        *_description(merge.schema.description, ""),
        "schema",
        *(f"  {_application(one)}" for one in schema_applications(merge)),
    ]
    return "\n".join([*lines, "{", *(f"  {name.lower()}: {name}" for name in root_names(merge)), "}"])


def _type(definition: TypeDefinition) -> str:
    head = f"{KEYWORDS[definition.kind]} {definition.name}"
    if definition.interfaces:
        head += " implements " + " & ".join(definition.interfaces)
    lines = [*_description(definition.description, ""), head]
    lines += [f"  {_application(one)}" for one in definition.applications]
    if definition.kind is Kind.UNION:
        return "\n".join([*lines, f"  = {' | '.join(definition.members)}"])
    if definition.kind is Kind.SCALAR:
        return "\n".join(lines)
    opening = [*lines, "{"] if definition.applications else [*lines[:-1], f"{lines[-1]} {{"]
    return "\n".join([*opening, *_members(definition), "}"])


def _members(definition: TypeDefinition) -> Iterator[str]:
    members: list[Field | InputValue | EnumValue] = [
        *definition.fields.values(),
        *definition.input_fields.values(),
        *definition.values.values(),
    ]
    for one in members:
        yield from _description(one.description, "  ")
        yield f"  {_member(one)}"


def _member(one: Field | InputValue | EnumValue) -> str:
    match one:
        case Field():
            text = f"{one.name}{_arguments(one.arguments.values())}: {one.type}"
        case InputValue():
            return _input(one)
        case EnumValue():
            text = one.name
    return " ".join([text, *map(_application, one.applications)])


def _arguments(arguments: Iterable[InputValue]) -> str:
    items = list(arguments)
    if not items:
        return ""
    if any(one.description is not None for one in items):
        lines = [line for one in items for line in (*_description(one.description, "    "), f"    {_input(one)}")]
        return "\n".join(["(", *lines, "  )"])
    return f"({', '.join(map(_input, items))})"


def _input(one: InputValue) -> str:
    text = f"{one.name}: {one.type}"
    if one.default is not None:
        text += f" = {print_value(one.default.value)}"
    return " ".join([text, *map(_application, one.applications)])


def _application(one: Application) -> str:
    arguments = ", ".join(f"{name}: {print_value(value)}" for name, value in one.arguments.items())
    return f"@{one.name}({arguments})" if arguments else f"@{one.name}"


def _directive(one: DirectiveDefinition) -> str:
    repeatable = " repeatable" if one.is_repeatable else ""
    text = f"directive @{one.name}{_arguments(one.arguments.values())}{repeatable} on {' | '.join(one.locations)}"
    return "\n".join([*_description(one.description, ""), text])


def _description(text: str | None, indent: str) -> list[str]:
    if text is None:
        return []
    return [f"{indent}{line}" if line else "" for line in print_block_string(text).split("\n")]
