"""Draws valid operations against an API schema: fragments, aliases that clash with names, conditions, variables."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    NameNode,
    OperationDefinitionNode,
    OverlappingFieldsCanBeMergedRule,
    Visitor,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_leaf_type,
    is_object_type,
    parse,
    print_ast,
    validate,
    visit,
)

from router.errors import LimitError
from router.policies.limits import enforce
from router.settings import Limits
from tests.drawn.inputs import Inputs
from tests.records import Json

DEPTH = 5


@dataclass(frozen=True, slots=True)
class DrawnOperation:
    text: str
    variables: Mapping[str, Json]


def draw_operation(rng: random.Random, schema: GraphQLSchema) -> DrawnOperation:
    """Draw a query, or a mutation where there are any; not more than the router's limits let through."""
    while True:
        drawing = _Drawing(rng, schema, Inputs(rng))
        document = _draw(drawing)
        if document is not None and not _is_too_large(document):
            return DrawnOperation(print_ast(document), drawing.inputs.values)


def _is_too_large(document: DocumentNode) -> bool:
    definition = next(one for one in document.definitions if isinstance(one, OperationDefinitionNode))
    try:
        enforce(Limits(), document, definition)
    except LimitError:
        return True
    return False


def _draw(drawing: _Drawing) -> DocumentNode | None:
    rng, schema = drawing.rng, drawing.schema
    kind = "mutation" if schema.mutation_type and rng.random() < 0.4 else "query"
    root = schema.mutation_type if kind == "mutation" else schema.query_type
    assert root is not None
    body = drawing.selections(root, DEPTH if kind == "query" else DEPTH - 1)
    declared = f"({', '.join(drawing.inputs.declared)})" if drawing.inputs.declared else ""
    document = parse("\n".join([f"{kind} Drawn{declared} {body}", *drawing.fragments]), no_location=True)
    return _without_conflicts(document, schema)


def _without_conflicts(document: DocumentNode, schema: GraphQLSchema) -> DocumentNode | None:
    """Give fields that cannot be merged aliases of their own; others keep what was drawn.

    None: there are too many fields to look at.
    """
    count = 0
    while errors := validate(schema, document, [OverlappingFieldsCanBeMergedRule]):
        conflicting = {id(node) for error in errors for node in error.nodes or ()}
        if not conflicting:
            return None
        renaming = _Renaming(conflicting, count)
        document = visit(document, renaming)
        count = renaming.count
    return document


class _Renaming(Visitor):
    def __init__(self, chosen: set[int], count: int) -> None:
        super().__init__()
        self._chosen = chosen
        self.count = count

    def enter_field(self, node: FieldNode, *_: object) -> FieldNode | None:
        if id(node) not in self._chosen:
            return None
        self.count += 1
        return replace(node, alias=NameNode(value=f"a{self.count}"))


@dataclass(slots=True)
class _Drawing:
    """One operation in the making. Units: depth counts the levels that may still follow."""

    rng: random.Random
    schema: GraphQLSchema
    inputs: Inputs
    fragments: list[str] = field(default_factory=list)
    simple: list[tuple[str, GraphQLNamedType]] = field(default_factory=list)  # fragments that spread no others

    def selections(self, parent: GraphQLNamedType, depth: int) -> str:
        width = self.rng.choice([1, 2, 2, 3, 3, 4, 6])
        return f"{{ {' '.join(self._selection(parent, depth) for _ in range(width))} }}"

    def _selection(self, parent: GraphQLNamedType, depth: int) -> str:
        kind = self.rng.random()
        if kind < 0.2 and depth:
            return self._fragment(parent, depth)
        fields: Mapping[str, GraphQLField] = getattr(parent, "fields", {})
        usable = [name for name, one in fields.items() if depth or is_leaf_type(get_named_type(one.type))]
        if not usable and depth and kind < 0.9:
            return self._fragment(parent, depth)
        if kind > 0.92 or not usable:
            return f"{self.rng.choice(['', '', 'kind: ', 'id: '])}__typename"
        return self._field(self.rng.choice(usable), fields, depth)

    def _field(self, name: str, fields: Mapping[str, GraphQLField], depth: int) -> str:
        one = fields[name]
        alias = f"{self.rng.choice(['x', 'id', 'f0', 'f1', *fields])}: " if self.rng.random() < 0.15 else ""
        below = get_named_type(one.type)
        selected = f" {self.selections(below, depth - 1)}" if is_composite_type(below) else ""
        return f"{alias}{name}{self.inputs.arguments(one.args)}{self.inputs.condition()}{selected}"

    def _fragment(self, parent: GraphQLNamedType, depth: int) -> str:
        overlapping = self._overlapping(parent)
        again = [name for name, on in self.simple if on in overlapping]
        if again and self.rng.random() < 0.3:
            return f"...{self.rng.choice(again)}{self.inputs.condition()}"
        on = self.rng.choice(overlapping)
        body = self.selections(on, depth - 1)
        if self.rng.random() < 0.5:
            name = on.name if self.rng.random() < 0.95 or on is not parent else ""
            return f"...{f' on {name}' if name else ''}{self.inputs.condition()} {body}"
        name = f"F{len(self.fragments)}"
        self.fragments.append(f"fragment {name} on {on.name} {body}")
        if "...F" not in body:
            self.simple.append((name, on))
        return f"...{name}{self.inputs.condition()}"

    def _overlapping(self, parent: GraphQLNamedType) -> list[GraphQLNamedType]:
        wanted = self._possible(parent)
        types = [one for name, one in self.schema.type_map.items() if is_composite_type(one) and name[:2] != "__"]
        return [one for one in types if wanted & self._possible(one)]

    def _possible(self, one: GraphQLNamedType) -> frozenset[str]:
        if is_abstract_type(one):
            return frozenset(possible.name for possible in self.schema.get_possible_types(one))
        return frozenset({one.name}) if is_object_type(one) else frozenset()
