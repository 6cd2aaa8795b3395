"""What a supergraph says each subgraph has. Source: federation-directives, "Reading the supergraph back"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldDefinitionNode,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    UnionTypeDefinitionNode,
    parse_type,
    print_ast,
)

from schema.join import JoinField, JoinType, applications, join_fields, join_types, named_type
from schema.query_graph.field_set import parse_field_set
from schema.query_graph.selection import Field, SelectionSet

CompositeNode = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode | UnionTypeDefinitionNode


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
    composites = {
        node.name.value: _Composite(node, tuple(graphs))
        for node in document.definitions
        if isinstance(node, CompositeNode)
    }
    return {
        name: {
            type_name: _view(graph, composite, composites)
            for type_name, composite in composites.items()
            if graph in composite.graphs
        }
        for graph, name in graphs.items()
    }


class _Composite:
    """The join facts of one composite type of the supergraph."""

    def __init__(self, node: CompositeNode, graphs: tuple[str, ...]) -> None:
        self.node = node
        self.is_object = isinstance(node, ObjectTypeDefinitionNode)
        self.owner = next((one["graph"] for one in applications(node.directives, "join__owner")), None)
        self.joins: dict[str, list[JoinType]] = defaultdict(list)
        for join in join_types(node.directives):
            self.joins[join.graph].append(join)
        self.graphs = tuple(self.joins) or graphs  # join v0.1 writes none for value types: wherever they are mentioned
        self.fields = {} if isinstance(node, UnionTypeDefinitionNode) else {f.name.value: f for f in node.fields or ()}

    def interfaces(self, graph: str) -> frozenset[str]:
        if isinstance(self.node, UnionTypeDefinitionNode):
            return frozenset()
        joined = applications(self.node.directives, "join__implements")
        if joined:
            return frozenset(one["interface"] for one in joined if one["graph"] == graph)
        return frozenset(one.name.value for one in self.node.interfaces or ())

    def members(self, graph: str) -> frozenset[str]:
        if not isinstance(self.node, UnionTypeDefinitionNode):
            return frozenset()
        joined = applications(self.node.directives, "join__unionMember")
        if joined:
            return frozenset(one["member"] for one in joined if one["graph"] == graph)
        return frozenset(one.name.value for one in self.node.types or ())


def _view(graph: str, composite: _Composite, composites: Mapping[str, _Composite]) -> TypeView:
    name = composite.node.name.value
    joins = composite.joins.get(graph, [])
    is_interface_object = any(join.is_interface_object for join in joins)
    is_abstract = not composite.is_object and not is_interface_object
    keys = tuple(KeyView(parse_field_set(join.key), join.resolvable) for join in joins if join.key)
    return TypeView(
        name=name,
        is_abstract=is_abstract,
        is_interface_object=is_interface_object,
        possible_types=_possible_types(graph, composite, composites) if is_abstract else frozenset({name}),
        fields=_fields(graph, composite, keys),
        keys=keys,
    )


def _possible_types(graph: str, composite: _Composite, composites: Mapping[str, _Composite]) -> frozenset[str]:
    name = composite.node.name.value
    implementations = {
        other
        for other, one in composites.items()
        if one.is_object and graph in one.graphs and name in one.interfaces(graph)
    }
    members = {one for one in composite.members(graph) if one in composites and graph in composites[one].graphs}
    return frozenset(implementations | members)


def _fields(graph: str, composite: _Composite, keys: Iterable[KeyView]) -> dict[str, FieldView]:
    views: dict[str, FieldView] = {}
    for name, node in composite.fields.items():
        joins = join_fields(node.directives)
        if not joins and composite.owner in (None, graph):
            views[name] = _field(node, JoinField(graph))
        elif here := next((join for join in joins if join.graph == graph), None):
            views[name] = _field(node, here)
        elif composite.owner is not None and _is_of_key(name, keys):  # join v0.1 marks key fields for their owner only
            views[name] = _field(node, JoinField(graph))
    return views


def _is_of_key(name: str, keys: Iterable[KeyView]) -> bool:
    return any(isinstance(one, Field) and one.name == name for key in keys for one in key.selection)


def _field(node: FieldDefinitionNode, join: JoinField) -> FieldView:
    type_node = parse_type(join.type, no_location=True) if join.type else node.type
    base_type, list_depth = named_type(type_node)
    return FieldView(
        name=node.name.value,
        type=print_ast(type_node),
        base_type=base_type,
        list_depth=list_depth,
        is_resolvable=_is_resolvable(join),
        requires=parse_field_set(join.requires) if join.requires else (),
        provides=parse_field_set(join.provides) if join.provides else (),
        label=Label(join.override_label, join.override is not None) if join.override_label else None,
    )


def _is_resolvable(join: JoinField) -> bool:
    if join.external or join.has_context_arguments:
        return False
    return not join.used_overridden or join.override_label is not None
