"""Entity interfaces and interface objects. Source: composition, "Interfaces, interface objects"."""

from __future__ import annotations

from graphql import FieldNode, GraphQLSyntaxError, InlineFragmentNode, SelectionNode, SelectionSetNode, print_ast

from schema.compose.field_set import is_readable, parse_field_set
from schema.elements import Application, Kind, TypeDefinition
from schema.errors import Report
from schema.subgraph import Subgraph

FieldSet = frozenset["str | tuple[str, FieldSet]"]


def check_interface_keys(subgraph: Subgraph, report: Report) -> None:
    """Report implementations that lack a key of their interface."""
    for definition in subgraph.types.values():
        if definition.kind is not Kind.INTERFACE:
            continue
        implementations = [subgraph.types[name] for name in sorted(subgraph.runtime_types(definition.name))]
        if not all(_is_readable(subgraph, one) for one in (definition, *implementations)):
            continue  # reported where field sets are validated
        for key in definition.applied("key"):
            lacking = [one.name for one in implementations if not _has(one, key)]
            if lacking:
                names = ", ".join(f'"{name}"' for name in lacking)
                message = (
                    f'[{subgraph.name}] Key @key(fields: "{key.text("fields")}") on interface type '
                    f'"{definition.name}" is missing (or not resolvable) on implementation types {names}.'
                )
                report.error("INTERFACE_KEY_NOT_ON_IMPLEMENTATION", message, [subgraph.locate(key.node)])


def _is_readable(subgraph: Subgraph, definition: TypeDefinition) -> bool:
    return all(is_readable(subgraph, definition.name, key.text("fields")) for key in definition.applied("key"))


def _has(implementation: TypeDefinition, key: Application) -> bool:
    wanted, resolvable = _as_set(key), _is_resolvable(key)
    return any(
        _as_set(one) == wanted and (_is_resolvable(one) or not resolvable) for one in implementation.applied("key")
    )


def _is_resolvable(key: Application) -> bool:
    return key.arguments.get("resolvable") is not False


def _as_set(key: Application) -> FieldSet | None:
    try:
        return _selections(parse_field_set(key.text("fields")))
    except (GraphQLSyntaxError, TypeError):
        return None


def _selections(selections: SelectionSetNode) -> FieldSet:
    return frozenset(map(_selection, selections.selections))


def _selection(node: SelectionNode) -> str | tuple[str, FieldSet]:
    match node:
        case FieldNode(selection_set=None):
            return print_ast(node)
        case FieldNode(name=name, selection_set=SelectionSetNode() as nested):
            return name.value, _selections(nested)
        case InlineFragmentNode(type_condition=condition, selection_set=nested):
            return f"... on {condition.name.value if condition else ''}", _selections(nested)
        case _:
            return ""


def check_interface_object_key(subgraph: Subgraph, report: Report) -> None:
    """Report interface objects that cannot be entered."""
    for definition in subgraph.types.values():
        if definition.is_interface_object and not definition.has("key"):
            message = (
                f"[{subgraph.name}] The @interfaceObject directive can only be applied to entity types but type "
                f'"{definition.name}" has no @key in this subgraph.'
            )
            report.error("INTERFACE_OBJECT_USAGE_ERROR", message, [subgraph.locate(definition.node)])
