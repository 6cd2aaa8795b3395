"""Entity interfaces: who has their key knows all implementations, who has an interface object knows none."""

from __future__ import annotations

from collections.abc import Collection

from schema.compose.merge.context import Merge
from schema.elements import Kind, TypeDefinition
from schema.subgraph import Subgraph


def check_entity_interfaces(merge: Merge) -> None:
    """Report subgraphs that know too few or too many implementations of an interface."""
    for definition in merge.types.values():
        if definition.kind is not Kind.INTERFACE:
            continue
        implementations = [
            one.name for one in merge.types.values() if one.kind is Kind.OBJECT and definition.name in one.interfaces
        ]
        for name, declared in merge.declarations(definition.name).items():
            check = _check_interface_object if declared.is_interface_object else _check_key
            check(merge, merge.subgraph(name), declared, implementations)


def _check_interface_object(
    merge: Merge, subgraph: Subgraph, declared: TypeDefinition, implementations: Collection[str]
) -> None:
    known = [f'"{name}"' for name in implementations if name in subgraph.types]
    if known:
        message = (
            f'[{subgraph.name}] Interface type "{declared.name}" is defined as an @interfaceObject in subgraph '
            f'"{subgraph.name}" so that subgraph should not define any of the implementation types of '
            f'"{declared.name}", but it defines {", ".join(known)}'
        )
        merge.report.error("INTERFACE_OBJECT_USAGE_ERROR", message, [subgraph.locate(declared.node)])


def _check_key(merge: Merge, subgraph: Subgraph, declared: TypeDefinition, implementations: Collection[str]) -> None:
    key = next((one for one in declared.applied("key") if one.arguments.get("resolvable") is not False), None)
    missing = [f'"{name}"' for name in implementations if name not in subgraph.runtime_types(declared.name)]
    if key is not None and missing:
        message = (
            f'[{subgraph.name}] Interface type "{declared.name}" has a resolvable key '
            f'(@key(fields: "{key.text("fields")}")) in subgraph "{subgraph.name}" but that subgraph is missing some '
            f'of the supergraph implementation types of "{declared.name}".'
        )
        fix = (
            f'Subgraph "{subgraph.name}" should define {", ".join(missing)} (and have it implement "{declared.name}").'
        )
        merge.report.error("INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE", message, [subgraph.locate(key.node)], fix)
