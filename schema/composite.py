"""The composite types of a supergraph, each with what joins it to its graphs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from graphql import (
    DocumentNode,
    FieldDefinitionNode,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    UnionTypeDefinitionNode,
    parse_type,
)

from schema.join import JoinField, JoinType, applications, join_fields, join_types, named_type
from schema.query_graph.field_set import parse_field_set
from schema.query_graph.selection import InlineFragment

CompositeNode = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode | UnionTypeDefinitionNode


class Composite:
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
        """The graph says that the type implements the interface."""
        graphs = self.interfaces[interface]
        return graphs is None or graph in graphs

    def keyed(self, graph: str) -> list[JoinType]:
        """How the graph has the type, once for each of its keys there."""
        return [join for join in self.joins.get(graph, ()) if join.key]

    def join_in(self, graph: str, name: str) -> JoinField | None:
        """How a graph has a field: as all that have the type, or as it says itself; None if it does not."""
        joins = self.field_joins[name]
        if not joins:
            return JoinField(graph) if self.owner in (None, graph) else None
        return next((join for join in joins if join.graph == graph), None)

    def members(self, graph: str) -> frozenset[str]:
        """The members that a union has in the graph."""
        if not isinstance(self.node, UnionTypeDefinitionNode):
            return frozenset()
        joined = applications(self.node.directives, "join__unionMember")
        if joined:
            return frozenset(one["member"] for one in joined if one["graph"] == graph)
        return frozenset(one.name.value for one in self.node.types or ())


def read_composites(document: DocumentNode, graphs: Iterable[str]) -> Mapping[str, Composite]:
    """Read every object, interface and union; types that say nothing of graphs are placed in those that need them."""
    composites = {node.name.value: Composite(node) for node in document.definitions if isinstance(node, CompositeNode)}
    for name, one in composites.items():
        for interface in one.interfaces.keys() & composites.keys():
            composites[interface].implementations.append(name)
    for graph in graphs:
        _place_value_types(graph, composites)
    return composites


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


def _place_value_types(graph: str, composites: Mapping[str, Composite]) -> None:
    """Put types without `@join__type`, which join v0.1 has, into a graph whose types mention them."""
    if all(one.joins for one in composites.values()):
        return
    waiting = [one for one in composites.values() if graph in one.graphs or one.is_root]
    while waiting:
        reached = waiting.pop()
        reached.graphs.add(graph)
        found = [composites[name] for name in _mentioned(graph, reached, composites) if name in composites]
        waiting += (one for one in found if not one.joins and graph not in one.graphs)


def _mentioned(graph: str, composite: Composite, composites: Mapping[str, Composite]) -> Iterator[str]:
    """Names of types that a graph has to have, having this one."""
    for name, node in composite.fields.items():
        if join := composite.join_in(graph, name):
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


def _read_of(composite: Composite | None, field_set: str | None, composites: Mapping[str, Composite]) -> Iterator[str]:
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


def _base_type(node: FieldDefinitionNode, join: JoinField | None = None) -> str:
    type_node = parse_type(join.type, no_location=True) if join and join.type else node.type
    return named_type(type_node)[0]
