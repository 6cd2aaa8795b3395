"""What a supergraph says each subgraph has. Source: federation-directives, "Reading the supergraph back"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from graphql import (
    DocumentNode,
    FieldDefinitionNode,
    parse_type,
)

from schema.composite import Composite, read_composites
from schema.context import ContextArgument, Contexts
from schema.elements import type_text
from schema.federation import CONTEXT
from schema.join import JoinField, applications, named_type
from schema.link import directive_name, read_links
from schema.query_graph.field_set import parse_field_set
from schema.query_graph.selection import Field, SelectionSet


@dataclass(frozen=True, slots=True)
class Label:
    """A progressive override: the field is here while the label is active (`wanted`), or while it is not."""

    name: str
    wanted: bool


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field as one subgraph declares it. Shapes: type as printed `[ID!]!`; list_depth counts its list wrappers."""

    name: str
    type: str
    base_type: str
    list_depth: int
    is_resolvable: bool
    requires: SelectionSet = ()
    provides: SelectionSet = ()
    label: Label | None = None
    context: tuple[ContextArgument, ...] = ()

    @property
    def is_non_null(self) -> bool:
        return self.type.endswith("!")


@dataclass(frozen=True, slots=True)
class KeyView:
    """One `@key` of a type in a subgraph; only a resolvable one lets others in."""

    selection: SelectionSet
    is_resolvable: bool


@dataclass(frozen=True, slots=True)
class TypeView:
    """A composite type as one subgraph has it; an interface object is an object here, and not abstract."""

    name: str
    is_abstract: bool
    is_interface_object: bool
    possible_types: frozenset[str]
    fields: Mapping[str, FieldView]
    keys: tuple[KeyView, ...]


Views = Mapping[str, Mapping[str, TypeView]]


def read_views(document: DocumentNode, graphs: Mapping[str, str]) -> Views:
    """Split a supergraph into the composite types of each subgraph: subgraph name → type name → view.

    Shapes: graphs from enum value of `join__Graph` to subgraph name.
    """
    composites = read_composites(document, graphs)
    sets_context = directive_name(read_links(document), CONTEXT, "context")
    contexts = Contexts(_setters(composites, sets_context), graphs)
    return {
        name: {
            type_name: _view(graph, composite, composites, contexts)
            for type_name, composite in composites.items()
            if graph in composite.graphs
        }
        for graph, name in graphs.items()
    }


def _setters(composites: Mapping[str, Composite], directive: str) -> dict[str, frozenset[str]]:
    """For each context the types that set it, and those that objects of such a type may have."""
    found: dict[str, frozenset[str]] = defaultdict(frozenset)
    for name, one in composites.items():
        for context in applications(one.node.directives, directive):
            members = (member for graph in one.graphs for member in one.members(graph))
            found[context["name"]] |= {name, *one.implementations, *members}
    return found


def _view(graph: str, composite: Composite, composites: Mapping[str, Composite], contexts: Contexts) -> TypeView:
    name = composite.node.name.value
    joins = composite.joins.get(graph, ())
    is_interface_object = any(join.is_interface_object for join in joins)
    is_abstract = not composite.is_object and not is_interface_object
    keys = tuple(KeyView(parse_field_set(join.key or ""), join.resolvable) for join in composite.keyed(graph))
    return TypeView(
        name=name,
        is_abstract=is_abstract,
        is_interface_object=is_interface_object,
        possible_types=_possible_types(graph, composite, composites) if is_abstract else frozenset({name}),
        fields=_fields(graph, composite, keys, contexts),
        keys=keys,
    )


def _possible_types(graph: str, composite: Composite, composites: Mapping[str, Composite]) -> frozenset[str]:
    name = composite.node.name.value
    local = ((other, composites[other]) for other in composite.implementations)
    implementations = {
        other for other, one in local if one.is_object and graph in one.graphs and one.implements(name, graph)
    }
    members = {one for one in composite.members(graph) if one in composites and graph in composites[one].graphs}
    return frozenset(implementations | members)


def _fields(graph: str, composite: Composite, keys: Iterable[KeyView], contexts: Contexts) -> dict[str, FieldView]:
    views: dict[str, FieldView] = {}
    repeated = [key for key, join in zip(keys, composite.keyed(graph), strict=True) if join.is_extension]
    for name, node in composite.fields.items():
        join = composite.join_in(graph, name)
        if join is None and composite.owner is not None and _is_of_key(name, keys):
            join = JoinField(graph)  # join v0.1 marks key fields for their owner only
        if join is not None and join.used_overridden and _is_of_key(name, repeated):
            join = replace(join, used_overridden=False)  # an extension resolves its key, whoever else does
        if join is not None:
            views[name] = _field(node, join, contexts.arguments(graph, join.context_arguments))
    return views


def _is_of_key(name: str, keys: Iterable[KeyView]) -> bool:
    return any(isinstance(one, Field) and one.name == name for key in keys for one in key.selection)


def _field(node: FieldDefinitionNode, join: JoinField, context: tuple[ContextArgument, ...]) -> FieldView:
    type_node = parse_type(join.type, no_location=True) if join.type else node.type
    base_type, list_depth = named_type(type_node)
    return FieldView(
        name=node.name.value,
        type=type_text(type_node),
        base_type=base_type,
        list_depth=list_depth,
        is_resolvable=_is_resolvable(join),
        requires=parse_field_set(join.requires) if join.requires else (),
        provides=parse_field_set(join.provides) if join.provides else (),
        label=Label(join.override_label, join.override is not None) if join.override_label else None,
        context=context,
    )


def _is_resolvable(join: JoinField) -> bool:
    if join.external:
        return False
    return not join.used_overridden or join.override_label is not None
