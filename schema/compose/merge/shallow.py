"""Types without their fields: kinds, interfaces, union members, and how each joins its subgraphs."""

from __future__ import annotations

from collections.abc import Mapping

from schema.compose.field_facts import is_on_extension
from schema.compose.merge.context import Merge, join
from schema.compose.merge.description import merge_description
from schema.compose.merge.type_reference import join_groups
from schema.elements import Application, Kind, TypeDefinition
from schema.federation import ROOT_TYPES


def merge_shallow(merge: Merge) -> None:
    """Fill `merge.types` with every type that can be merged, without fields."""
    for name in sorted({name for one in merge.subgraphs for name in one.types}):
        sources = merge.declarations(name)
        kind = _merge_kind(merge, name, sources)
        _check_base(merge, name, sources)
        merge.types[name] = TypeDefinition(
            name=name,
            kind=kind,
            description=merge_description(merge, f'Type "{name}"', sources),
            interfaces=_union(sources, "interfaces"),
            members=_union(sources, "members"),
        )


def _label(source: TypeDefinition) -> str:
    return f"{source.kind.value} (with @interfaceObject)" if source.is_interface_object else source.kind.value


def _merge_kind(merge: Merge, name: str, sources: Mapping[str, TypeDefinition]) -> Kind:
    kinds = {one.merged_kind for one in sources.values()}
    if len(kinds) > 1:
        groups: dict[str, list[str]] = {}
        for subgraph, one in sources.items():
            groups.setdefault(f"{_label(one)}", []).append(subgraph)
        message = f'Type "{name}" has mismatched kind: it is defined as {join_groups(groups)}'
        merge.report.error("TYPE_KIND_MISMATCH", message, merge.locate(sources))
        return next(iter(sources.values())).merged_kind
    if all(one.is_interface_object for one in sources.values()):
        message = f'Type "{name}" is declared with @interfaceObject in all the subgraphs in which it is defined'
        fix = f'Define "{name}" as an interface in at least one subgraph.'
        merge.report.error("INTERFACE_OBJECT_USAGE_ERROR", message, merge.locate(sources), fix)
    return kinds.pop()


def _check_base(merge: Merge, name: str, sources: Mapping[str, TypeDefinition]) -> None:
    if name in ROOT_TYPES or not all(one.is_only_extended for one in sources.values()):
        return
    for subgraph, source in sources.items():
        message = (
            f'[{subgraph}] Type "{name}" is an extension type, but there is no type definition for "{name}" in any '
            "subgraph."
        )
        fix = f'Write "{name}" without "extend" in the subgraph that it belongs to.'
        merge.report.error("EXTENSION_WITH_NO_BASE", message, merge.locate({subgraph: source}), fix)


def _union(sources: Mapping[str, TypeDefinition], attribute: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for one in sources.values() for name in getattr(one, attribute)))


def join_type(merge: Merge, sources: Mapping[str, TypeDefinition]) -> list[Application]:
    """How a type joins its subgraphs: one `join__type` for each key, one `join__implements` for each interface."""
    implements = [
        join("implements", graph=merge.graph(subgraph), interface=interface)
        for subgraph, source in sources.items()
        for interface in source.interfaces
    ]
    types = [
        join("type", graph=merge.graph(subgraph), **arguments)
        for subgraph, source in sources.items()
        for arguments in _key_arguments(source)
    ]
    members = [
        join("unionMember", graph=merge.graph(subgraph), member=member)
        for member in _union(sources, "members")
        for subgraph, source in sources.items()
        if member in source.members
    ]
    return [*implements, *types, *members]


def _key_arguments(source: TypeDefinition) -> list[dict[str, str | bool | None]]:
    interface_object = True if source.is_interface_object else None
    keys = source.applied("key")
    return [
        {
            "key": key.text("fields"),
            "extension": True if is_on_extension(source, key) else None,
            "resolvable": False if key.arguments.get("resolvable") is False else None,
            "isInterfaceObject": interface_object,
        }
        for key in keys
    ] or [{"isInterfaceObject": interface_object}]
