"""What the SDL of a fixture's subgraph says: its federation directives as facts, and its executable schema."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    ConstDirectiveNode,
    DocumentNode,
    FieldNode,
    GraphQLSchema,
    InterfaceTypeDefinitionNode,
    InterfaceTypeExtensionNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    SelectionSetNode,
    build_ast_schema,
    extend_schema,
    parse,
)
from graphql.language import ast

from tests.records import Json, field_set

Coordinate = tuple[str, str]  # type name, field name
CompositeBlock = (
    ObjectTypeDefinitionNode | ObjectTypeExtensionNode | InterfaceTypeDefinitionNode | InterfaceTypeExtensionNode
)

SERVICE = "scalar _Any type _Service { sdl: String } extend type Query { _service: _Service! }"
ENTITIES = "union _Entity = {} extend type Query {{ _entities(representations: [_Any!]!): [_Entity]! }}"


@dataclass(frozen=True, slots=True)
class Override:
    """A field that is taken over from another subgraph; with a label, only while that is active."""

    field: Coordinate
    source: str
    label: str | None


@dataclass(frozen=True, slots=True)
class SubgraphFacts:
    """The directives of an SDL, by type and field. `keys` has the resolvable ones, `entities` their object types."""

    fields: frozenset[Coordinate]
    external: frozenset[Coordinate]
    keys: Mapping[str, tuple[SelectionSetNode, ...]]
    entities: frozenset[str]
    requires: Mapping[Coordinate, SelectionSetNode]
    provides: Mapping[Coordinate, SelectionSetNode]
    contextual: Mapping[Coordinate, tuple[str, ...]]  # arguments that come from a context
    overrides: tuple[Override, ...]

    @classmethod
    def of(cls, document: DocumentNode) -> SubgraphFacts:
        blocks = composite_blocks(document)
        directives = {
            (block.name.value, node.name.value): node.directives or ()
            for block in blocks
            for node in block.fields or ()
        }
        keys = _resolvable_keys(blocks)
        objects = {one.name.value for one in blocks if one.kind.startswith("object")}
        return cls(
            fields=frozenset(directives),
            external=_external(blocks),
            keys=keys,
            entities=frozenset(name for name in objects if keys.get(name)),
            requires={at: _fields(one) for at, all_ in directives.items() for one in applied(all_, "requires")},
            provides={at: _fields(one) for at, all_ in directives.items() for one in applied(all_, "provides")},
            contextual=_contextual(blocks),
            overrides=_overrides(directives),
        )


def not_resolved(facts: Mapping[str, SubgraphFacts], labels: Collection[str]) -> dict[str, frozenset[Coordinate]]:
    """Tell what each subgraph leaves to another one because of `@override`."""
    lost: dict[str, set[Coordinate]] = {name: set() for name in facts}
    for name, one in facts.items():
        for override in one.overrides:
            active = override.label is None or override.label in labels
            lost.setdefault(override.source if active else name, set()).add(override.field)
    return {name: frozenset(fields) for name, fields in lost.items()}


def composite_blocks(document: DocumentNode) -> list[CompositeBlock]:
    """List the definitions and extensions of object types and interfaces."""
    return [one for one in document.definitions if isinstance(one, CompositeBlock)]


def possible_types(documents: Sequence[DocumentNode]) -> dict[str, frozenset[str]]:
    """Collect the object types of each interface and union over all subgraphs."""
    possible: dict[str, frozenset[str]] = {}
    for document in documents:
        for definition in document.definitions:
            if isinstance(definition, ObjectTypeDefinitionNode | ObjectTypeExtensionNode):
                for interface in definition.interfaces or ():
                    name = interface.name.value
                    possible[name] = possible.get(name, frozenset()) | {definition.name.value}
            elif isinstance(definition, ast.UnionTypeDefinitionNode | ast.UnionTypeExtensionNode):
                name = definition.name.value
                possible[name] = possible.get(name, frozenset()) | {one.name.value for one in definition.types or ()}
    return possible


def applied(directives: Sequence[ConstDirectiveNode] | None, name: str) -> list[ConstDirectiveNode]:
    """List the applications of one directive."""
    return [one for one in directives or () if one.name.value == name]


def argument(directive: ConstDirectiveNode, name: str) -> Json:
    """Give the value of a string or boolean argument, None when it is absent."""
    values: list[Any] = [one.value for one in directive.arguments or () if one.name.value == name]
    return values[0].value if values else None


def _fields(directive: ConstDirectiveNode) -> SelectionSetNode:
    return field_set(argument(directive, "fields"))


def _resolvable_keys(blocks: Sequence[CompositeBlock]) -> dict[str, tuple[SelectionSetNode, ...]]:
    keys: dict[str, tuple[SelectionSetNode, ...]] = {}
    for block in blocks:
        usable = [_fields(key) for key in applied(block.directives, "key") if argument(key, "resolvable") is not False]
        keys[block.name.value] = (*keys.get(block.name.value, ()), *usable)
    return keys


def _external(blocks: Sequence[CompositeBlock]) -> frozenset[Coordinate]:
    """Find the fields that are resolved elsewhere; a key that an extension repeats as external is resolvable here."""
    whole = {block.name.value for block in blocks if applied(block.directives, "external")}
    repeated = {
        (block.name.value, node.name.value)
        for block in blocks
        if block.kind.endswith("extension") or applied(block.directives, "extends")
        for key in applied(block.directives, "key")
        for node in _fields(key).selections
        if isinstance(node, FieldNode)
    }
    declared = {
        (block.name.value, node.name.value): block.name.value in whole or bool(applied(node.directives, "external"))
        for block in blocks
        for node in block.fields or ()
    }
    return frozenset(at for at, external in declared.items() if external and at not in repeated)


def _overrides(directives: Mapping[Coordinate, Sequence[ConstDirectiveNode]]) -> tuple[Override, ...]:
    return tuple(
        Override(at, argument(one, "from"), argument(one, "label"))
        for at, on_field in directives.items()
        for one in applied(on_field, "override")
    )


def _contextual(blocks: Sequence[CompositeBlock]) -> dict[Coordinate, tuple[str, ...]]:
    return {
        (block.name.value, node.name.value): names
        for block in blocks
        for node in block.fields or ()
        if (names := tuple(one.name.value for one in node.arguments or () if applied(one.directives, "fromContext")))
    }


def executable(document: DocumentNode, entities: Sequence[str]) -> GraphQLSchema:
    """Build the schema that a subgraph library would serve: extensions joined in, `_service` and `_entities` added."""
    added = parse(SERVICE + (ENTITIES.format(" | ".join(entities)) if entities else ""))
    definitions = [*_defined_first(document), *added.definitions]
    bases = [one for one in definitions if not one.kind.endswith("_extension")]
    extensions = [one for one in definitions if one.kind.endswith("_extension")]
    schema = build_ast_schema(DocumentNode(definitions=tuple(bases)), assume_valid=True, assume_valid_sdl=True)
    return extend_schema(schema, DocumentNode(definitions=tuple(extensions)), assume_valid=True, assume_valid_sdl=True)


def _defined_first(document: DocumentNode) -> Iterator[ast.TypeDefinitionNode | ast.TypeExtensionNode]:
    """Make a definition of the first extension of a type that has no definition here; drop the links."""
    types = [one for one in document.definitions if isinstance(one, ast.TypeDefinitionNode | ast.TypeExtensionNode)]
    defined = {one.name.value for one in types if isinstance(one, ast.TypeDefinitionNode)}
    if all(one.name.value != "Query" for one in types):
        yield ast.ObjectTypeDefinitionNode(name=ast.NameNode(value="Query"))
    for one in types:
        if one.name.value in defined:
            yield one
        else:
            defined.add(one.name.value)
            yield _as_definition(one)


def _as_definition(extension: ast.TypeDefinitionNode | ast.TypeExtensionNode) -> ast.TypeDefinitionNode:
    kind = getattr(ast, type(extension).__name__.replace("Extension", "Definition"))
    definition: ast.TypeDefinitionNode = kind(
        **{key: getattr(extension, key) for key in extension.keys if key != "loc"}
    )
    return definition
