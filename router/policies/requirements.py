"""What the supergraph demands of who asks: `@authenticated`, `@requiresScopes` and `@policy`, read as data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import cast

from graphql import (
    DefinitionNode,
    DirectiveNode,
    DocumentNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLWrappingType,
    ListValueNode,
    StringValueNode,
    ValueNode,
    get_named_type,
    is_abstract_type,
    is_list_type,
)

from router.request import Identity
from schema.federation import AUTHENTICATED, POLICY, REQUIRES_SCOPES
from schema.link import read_links


class Kind(Enum):
    """The directive that states a requirement."""

    AUTHENTICATED = "authenticated"
    SCOPES = "requiresScopes"
    POLICIES = "policy"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One application of a directive: all names of any one of `alternatives` have to be granted.

    Scopes are somebody's, policies may be granted to anybody; where no name is demanded, somebody is.
    Source: Apollo Federation, "@authenticated", "@requiresScopes", "@policy".
    """

    kind: Kind
    alternatives: frozenset[frozenset[str]] = frozenset()

    def is_met_by(self, identity: Identity | None, policies: frozenset[str] = frozenset()) -> bool:
        """Whether this caller, to whom policies were granted, may have what stands under the requirement."""
        if self.kind is Kind.POLICIES:
            held = policies | identity.policies if identity else policies
        else:
            held = identity.scopes if identity else frozenset()
        return self._is_open_to(identity) or any(names and names <= held for names in self.alternatives)

    def _is_open_to(self, identity: Identity | None) -> bool:
        """Whether somebody is demanded and nothing else, and this is somebody."""
        return identity is not None and (not self.alternatives or frozenset() in self.alternatives)

    def __str__(self) -> str:
        """Write it as the supergraph does, alternatives in order."""
        if self.kind is Kind.AUTHENTICATED:
            return "@authenticated"
        argument = "scopes" if self.kind is Kind.SCOPES else "policies"
        return f"@{self.kind.value}({argument}: {json.dumps(sorted(sorted(names) for names in self.alternatives))})"


class Requirements:
    """All requirements of a supergraph, by type and field."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._kinds = _directive_names(schema)
        self._types = {name: frozenset(self._of(one)) for name, one in schema.type_map.items()}
        composites = [
            one for one in schema.type_map.values() if isinstance(one, GraphQLObjectType | GraphQLInterfaceType)
        ]
        self._fields = {
            (one.name, name): frozenset(self._of(field)) | self._types[get_named_type(field.type).name]
            for one in composites
            for name, field in one.fields.items()
        }
        self._fields |= {
            (one.name, name): self._fields[one.name, name].union(*self._of_interfaces(one, name))
            for one in composites
            for name, field in one.fields.items()
            if _comes_from_interface_object(field)
        }
        self.any = any(self._types.values()) or any(self._fields.values())

    def of_field(self, parent: str, name: str) -> frozenset[Requirement]:
        """Collect what a selection of this field on this type demands: of the type, the field and the field's type.

        On an interface also what each possible object demands, since any of them may be behind it.
        """
        own = self._types[parent] | self._fields.get((parent, name), frozenset())
        selected_on = self._schema.type_map[parent]
        if not is_abstract_type(selected_on):
            return own
        possible = self._schema.get_possible_types(selected_on)
        return own.union(*(self._types[one.name] | self._fields.get((one.name, name), frozenset()) for one in possible))

    def type_of(self, parent: str, name: str) -> str:
        """Name the type that a field leads to, lists taken off."""
        return get_named_type(self._field(parent, name).type).name

    def list_depth(self, parent: str, name: str) -> int:
        """Count the levels of lists between a field and the objects it leads to."""
        wrapped, depth = self._field(parent, name).type, 0
        while isinstance(wrapped, GraphQLWrappingType):
            depth += is_list_type(wrapped)
            wrapped = wrapped.of_type
        return depth

    def _of_interfaces(
        self, one: GraphQLObjectType | GraphQLInterfaceType, name: str
    ) -> Iterator[frozenset[Requirement]]:
        return (self._fields.get((interface.name, name), frozenset()) for interface in one.interfaces)

    def _field(self, parent: str, name: str) -> GraphQLField:
        composite = cast("GraphQLObjectType | GraphQLInterfaceType", self._schema.type_map[parent])
        field: GraphQLField = composite.fields[name]
        return field

    def _of(self, element: GraphQLNamedType | object) -> Iterator[Requirement]:
        nodes = [getattr(element, "ast_node", None), *(getattr(element, "extension_ast_nodes", None) or ())]
        for node in nodes:
            for directive in getattr(node, "directives", None) or ():
                kind = self._kinds.get(directive.name.value)
                if kind is not None:
                    yield Requirement(kind, _alternatives(directive))


def _comes_from_interface_object(field: GraphQLField) -> bool:
    """Whether the field is on its type only through an `@interfaceObject`; its guards may stand on the interface alone.

    Source: join spec, "@join__field", without a graph.
    """
    directives = field.ast_node.directives if field.ast_node else None
    return any(one.name.value == "join__field" and not one.arguments for one in directives or ())


def _directive_names(schema: GraphQLSchema) -> dict[str, Kind]:
    """Say what the directives are called in this supergraph: an alias must not open what they guard."""
    nodes = [node for node in (schema.ast_node, *schema.extension_ast_nodes) if node]
    document = DocumentNode(definitions=tuple(cast("list[DefinitionNode]", nodes)))
    links = {link.identity: link for link in read_links(document)}
    specs = {AUTHENTICATED: Kind.AUTHENTICATED, REQUIRES_SCOPES: Kind.SCOPES, POLICY: Kind.POLICIES}
    return {
        links[identity].directive_name(kind.value) if identity in links else kind.value: kind
        for identity, kind in specs.items()
    }


def _alternatives(directive: DirectiveNode) -> frozenset[frozenset[str]]:
    return frozenset(
        frozenset(_strings(inner)) for argument in directive.arguments or () for inner in _items(argument.value)
    )


def _items(value: ValueNode) -> tuple[ValueNode, ...]:
    """Read a list; a single value stands for a list of one. Source: GraphQL, "List", "Input Coercion"."""
    return tuple(value.values) if isinstance(value, ListValueNode) else (value,)


def _strings(value: ValueNode) -> Iterator[str]:
    return (item.value for item in _items(value) if isinstance(item, StringValueNode))
