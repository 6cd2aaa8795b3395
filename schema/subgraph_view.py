"""What a supergraph says each subgraph has. Source: federation-directives, "Reading the supergraph back"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from graphql import (
    DocumentNode,
    FieldDefinitionNode,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    UnionTypeDefinitionNode,
    parse_type,
)

from schema.context import ContextArgument, Contexts
from schema.elements import type_text
from schema.federation import CONTEXT
from schema.join import JoinField, JoinType, applications, join_fields, join_types, named_type
from schema.link import directive_name, read_links
from schema.query_graph.field_set import parse_field_set
from schema.query_graph.selection import Field, InlineFragment, SelectionSet

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
    composites = {node.name.value: _Composite(node) for node in document.definitions if isinstance(node, CompositeNode)}
    for name, one in composites.items():
        for interface in one.interfaces.keys() & composites.keys():
            composites[interface].implementations.append(name)
    for graph in graphs:
        _place_value_types(graph, composites)
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


class _Composite:
    """The join facts of one composite type of the supergraph."""

    def __init__(self, node: CompositeNode) -> None:
        self.node = node
        self.is_object = isinstance(node, ObjectTypeDefinitionNode)
        self.owner = next((one["graph"] for one in applications(node.directives, "join__owner")), None)
        self.joins: dict[str, list[JoinType]] = defaultdict(list)
        for join in join_types(node.directives):
            self.joins[join.graph].append(join)
        self.graphs = set(self.joins)
        self.interfaces = _interfaces(node)
        self.implementations: list[str] = []
        self.fields = {} if isinstance(node, UnionTypeDefinitionNode) else {f.name.value: f for f in node.fields or ()}
        self.field_joins = {name: join_fields(field.directives) for name, field in self.fields.items()}
        self.is_root = not self.joins and any(self.field_joins.values())  # as join v0.1 writes them

    def implements(self, interface: str, graph: str) -> bool:
        graphs = self.interfaces[interface]
        return graphs is None or graph in graphs

    def members(self, graph: str) -> frozenset[str]:
        if not isinstance(self.node, UnionTypeDefinitionNode):
            return frozenset()
        joined = applications(self.node.directives, "join__unionMember")
        if joined:
            return frozenset(one["member"] for one in joined if one["graph"] == graph)
        return frozenset(one.name.value for one in self.node.types or ())


def _interfaces(node: CompositeNode) -> dict[str, set[str] | None]:
    """Interfaces of a type, each with the graphs that say so; None for all, where nothing says which."""
    if isinstance(node, UnionTypeDefinitionNode):
        return {}
    joined = applications(node.directives, "join__implements")
    if not joined:
        return {one.name.value: None for one in node.interfaces or ()}
    graphs: dict[str, set[str] | None] = {}
    for one in joined:
        known = graphs.setdefault(one["interface"], set())
        if known is not None:
            known.add(one["graph"])
    return graphs


def _place_value_types(graph: str, composites: Mapping[str, _Composite]) -> None:
    """Put types without `@join__type`, which join v0.1 has, into a graph whose types mention them."""
    if all(one.joins for one in composites.values()):
        return
    waiting = [one for one in composites.values() if graph in one.graphs or one.is_root]
    while waiting:
        reached = waiting.pop()
        reached.graphs.add(graph)
        found = [composites[name] for name in _mentioned(graph, reached, composites) if name in composites]
        waiting += (one for one in found if not one.joins and graph not in one.graphs)


def _mentioned(graph: str, composite: _Composite, composites: Mapping[str, _Composite]) -> Iterator[str]:
    """Names of types that a graph has to have, having this one."""
    for name, node in composite.fields.items():
        if join := _join_in(graph, composite, name):
            base_type = _base_type(node, join)
            yield base_type
            yield from _read_of(composite, join.requires, composites)
            yield from _read_of(composites.get(base_type), join.provides, composites)
    for one in composite.joins.get(graph, ()):
        yield from _read_of(composite, one.key, composites)
    yield from composite.members(graph)
    if not composite.is_object:
        interface = composite.node.name.value
        yield from (name for name in composite.implementations if composites[name].implements(interface, graph))


def _read_of(
    composite: _Composite | None, field_set: str | None, composites: Mapping[str, _Composite]
) -> Iterator[str]:
    """Names of the types that a field set goes through."""
    waiting = [(composite, one) for one in parse_field_set(field_set)] if field_set else []
    while waiting:
        parent, one = waiting.pop()
        if isinstance(one, InlineFragment):
            name = one.type_condition
        else:
            name = _base_type(parent.fields[one.name]) if parent and one.name in parent.fields else None
        if name is not None:
            yield name
        below = composites.get(name, parent) if name else parent
        waiting += ((below, deeper) for deeper in one.selections)


def _setters(composites: Mapping[str, _Composite], directive: str) -> dict[str, frozenset[str]]:
    """For each context the types that set it, and those that objects of such a type may have."""
    found: dict[str, frozenset[str]] = defaultdict(frozenset)
    for name, one in composites.items():
        for context in applications(one.node.directives, directive):
            members = (member for graph in one.graphs for member in one.members(graph))
            found[context["name"]] |= {name, *one.implementations, *members}
    return found


def _view(graph: str, composite: _Composite, composites: Mapping[str, _Composite], contexts: Contexts) -> TypeView:
    name = composite.node.name.value
    joins = composite.joins.get(graph, ())
    is_interface_object = any(join.is_interface_object for join in joins)
    is_abstract = not composite.is_object and not is_interface_object
    keys = tuple(KeyView(parse_field_set(join.key or ""), join.resolvable) for join in _keyed(graph, composite))
    return TypeView(
        name=name,
        is_abstract=is_abstract,
        is_interface_object=is_interface_object,
        possible_types=_possible_types(graph, composite, composites) if is_abstract else frozenset({name}),
        fields=_fields(graph, composite, keys, contexts),
        keys=keys,
    )


def _keyed(graph: str, composite: _Composite) -> list[JoinType]:
    return [join for join in composite.joins.get(graph, ()) if join.key]


def _possible_types(graph: str, composite: _Composite, composites: Mapping[str, _Composite]) -> frozenset[str]:
    name = composite.node.name.value
    local = ((other, composites[other]) for other in composite.implementations)
    implementations = {
        other for other, one in local if one.is_object and graph in one.graphs and one.implements(name, graph)
    }
    members = {one for one in composite.members(graph) if one in composites and graph in composites[one].graphs}
    return frozenset(implementations | members)


def _fields(graph: str, composite: _Composite, keys: Iterable[KeyView], contexts: Contexts) -> dict[str, FieldView]:
    views: dict[str, FieldView] = {}
    repeated = [key for key, join in zip(keys, _keyed(graph, composite), strict=True) if join.is_extension]
    for name, node in composite.fields.items():
        join = _join_in(graph, composite, name)
        if join is None and composite.owner is not None and _is_of_key(name, keys):
            join = JoinField(graph)  # join v0.1 marks key fields for their owner only
        if join is not None and join.used_overridden and _is_of_key(name, repeated):
            join = replace(join, used_overridden=False)  # an extension resolves its key, whoever else does
        if join is not None:
            views[name] = _field(node, join, contexts.arguments(graph, join.context_arguments))
    return views


def _join_in(graph: str, composite: _Composite, name: str) -> JoinField | None:
    """How a graph has a field: as all that have the type, or as it says itself; None if it does not."""
    joins = composite.field_joins[name]
    if not joins:
        return JoinField(graph) if composite.owner in (None, graph) else None
    return next((join for join in joins if join.graph == graph), None)


def _base_type(node: FieldDefinitionNode, join: JoinField | None = None) -> str:
    type_node = parse_type(join.type, no_location=True) if join and join.type else node.type
    return named_type(type_node)[0]


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
