"""Sharing: a field that several subgraphs resolve must be `@shareable` in each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from schema.compose.merge.context import Merge
from schema.compose.merge.overrides import Overrides
from schema.elements import Field, Kind, TypeDefinition
from schema.errors import subgraph_list


def check_sharing(
    merge: Merge,
    parents: Mapping[str, TypeDefinition],
    sources: Mapping[str, Field],
    overrides: Overrides,
    coordinate: str,
) -> None:
    """Report an object's field with two resolvers when one of them does not share it."""
    type_name, _, name = coordinate.partition(".")
    if merge.types[type_name].kind is not Kind.OBJECT:
        return
    if type_name == "Subscription":
        _check_subscription(merge, sources, coordinate)
    resolvers = {
        subgraph: (type_name, name)
        for subgraph in sources
        if subgraph not in overrides.overridden and not merge.facts[subgraph].is_fully_external(type_name, name)
    }
    labels = {subgraph: f'"{subgraph}"' for subgraph in resolvers}
    for subgraph, interface in stand_ins(merge, type_name, name):
        if subgraph not in parents:
            resolvers[subgraph] = (interface, name)
            labels[subgraph] = f'"{subgraph}" (through @interfaceObject field "{interface}.{name}")'
    alone = [subgraph for subgraph, place in resolvers.items() if place not in merge.facts[subgraph].shareable]
    if len(resolvers) == 1 or not alone:
        return
    where = "all of them" if len(alone) == len(resolvers) else subgraph_list(alone)
    unknown = sorted(overrides.unknown)
    maybe = (
        f' ({subgraph_list(unknown)} overrides it from a subgraph that does not exist: is "from" misspelt?)'
        if unknown
        else ""
    )
    message = (
        f'Non-shareable field "{coordinate}" is resolved from multiple subgraphs: it is resolved from subgraphs '
        f"{', '.join(labels.values())} and defined as non-shareable in {where}{maybe}"
    )
    fix = "Mark it @shareable in each of them if they all resolve it to the same value."
    resolving = {subgraph: merge.subgraph(subgraph).field(*place) for subgraph, place in resolvers.items()}
    merge.report.error("INVALID_FIELD_SHARING", message, merge.locate(resolving), fix)


def _check_subscription(merge: Merge, sources: Mapping[str, Field], coordinate: str) -> None:
    shared = {subgraph: one for subgraph, one in sources.items() if one.has("shareable")}
    if shared:
        message = (
            f'Fields on root level subscription object cannot be marked as shareable: "{coordinate}" is in '
            f"{subgraph_list(list(shared))}."
        )
        merge.report.error("INVALID_FIELD_SHARING", message, merge.locate(shared))


def stand_ins(merge: Merge, type_name: str, name: str) -> Iterator[tuple[str, str]]:
    """Interface objects that give the field to this implementation."""
    interfaces = merge.types[type_name].interfaces
    for subgraph in merge.subgraphs if interfaces else ():
        for interface in interfaces:
            declared = subgraph.types.get(interface)
            if declared is None or not declared.is_interface_object or name not in declared.fields:
                continue
            if not merge.facts[subgraph.name].is_fully_external(interface, name):
                yield subgraph.name, interface
