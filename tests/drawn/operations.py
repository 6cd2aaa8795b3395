"""Draws valid operations against an API schema: fragments, aliases that clash with names, conditions, variables."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLSchema,
    NameNode,
    OperationDefinitionNode,
    OverlappingFieldsCanBeMergedRule,
    Undefined,
    Visitor,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_leaf_type,
    is_object_type,
    is_required_argument,
    parse,
    print_ast,
    validate,
    visit,
)

from router.errors import LimitError
from router.policies.limits import enforce
from router.settings import Limits
from tests.records import Json

DEPTH = 5
INTS = (0, 1, 2, 3)


@dataclass(frozen=True, slots=True)
class DrawnOperation:
    text: str
    variables: Mapping[str, Json]


def draw_operation(rng: random.Random, schema: GraphQLSchema) -> DrawnOperation:
    """Draw a query, or a mutation where there are any; not more than the router's limits let through."""
    while _is_too_large(drawn := _draw(rng, schema)):
        pass
    return drawn


def _is_too_large(drawn: DrawnOperation) -> bool:
    document = parse(drawn.text)
    definition = next(one for one in document.definitions if isinstance(one, OperationDefinitionNode))
    try:
        enforce(Limits(), document, definition)
    except LimitError:
        return True
    return False


def _draw(rng: random.Random, schema: GraphQLSchema) -> DrawnOperation:
    drawing = _Drawing(rng, schema)
    kind = "mutation" if schema.mutation_type and rng.random() < 0.4 else "query"
    root = schema.mutation_type if kind == "mutation" else schema.query_type
    assert root is not None
    body = drawing.selections(root, DEPTH if kind == "query" else DEPTH - 1)
    declared = f"({', '.join(drawing.declared)})" if drawing.declared else ""
    document = parse("\n".join([f"{kind} Drawn{declared} {body}", *drawing.fragments]))
    return DrawnOperation(print_ast(_without_conflicts(document, schema)), drawing.values)


def _without_conflicts(document: DocumentNode, schema: GraphQLSchema) -> DocumentNode:
    """Give fields that cannot be merged aliases of their own; others keep what was drawn."""
    count = 0
    while errors := validate(schema, document, [OverlappingFieldsCanBeMergedRule]):
        renaming = _Renaming({id(node) for error in errors for node in error.nodes or ()}, count)
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
    declared: list[str] = field(default_factory=list)
    values: dict[str, Json] = field(default_factory=dict)
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
        return f"{alias}{name}{self._arguments(one.args)}{self._condition()}{selected}"

    def _fragment(self, parent: GraphQLNamedType, depth: int) -> str:
        overlapping = self._overlapping(parent)
        again = [name for name, on in self.simple if on in overlapping]
        if again and self.rng.random() < 0.3:
            return f"...{self.rng.choice(again)}{self._condition()}"
        on = self.rng.choice(overlapping)
        body = self.selections(on, depth - 1)
        if self.rng.random() < 0.5:
            name = on.name if self.rng.random() < 0.95 or on is not parent else ""
            return f"...{f' on {name}' if name else ''}{self._condition()} {body}"
        name = f"F{len(self.fragments)}"
        self.fragments.append(f"fragment {name} on {on.name} {body}")
        if "...F" not in body:
            self.simple.append((name, on))
        return f"...{name}{self._condition()}"

    def _overlapping(self, parent: GraphQLNamedType) -> list[GraphQLNamedType]:
        wanted = self._possible(parent)
        types = [one for name, one in self.schema.type_map.items() if is_composite_type(one) and name[:2] != "__"]
        return [one for one in types if wanted & self._possible(one)]

    def _possible(self, one: GraphQLNamedType) -> frozenset[str]:
        if is_abstract_type(one):
            return frozenset(possible.name for possible in self.schema.get_possible_types(one))
        return frozenset({one.name}) if is_object_type(one) else frozenset()

    def _condition(self) -> str:
        if self.rng.random() > 0.15:
            return ""
        first, second = self.rng.sample(["skip", "include"], 2)
        return self._conditional(first) + (self._conditional(second) if self.rng.random() < 0.15 else "")

    def _conditional(self, name: str) -> str:
        value = self.rng.random() < 0.5
        if self.rng.random() < 0.3:
            return f" @{name}(if: {json.dumps(value)})"
        same = [one for one in self.values if f"${one}: Boolean!" in self.declared]
        if same and self.rng.random() < 0.4:
            return f" @{name}(if: ${self.rng.choice(same)})"
        return f" @{name}(if: {self._variable('Boolean!', value)})"

    def _arguments(self, arguments: Mapping[str, GraphQLArgument]) -> str:
        given = [
            f"{name}: {self._argument(one)}"
            for name, one in arguments.items()
            if is_required_argument(one) or self.rng.random() < 0.6
        ]
        return f"({', '.join(given)})" if given else ""

    def _argument(self, one: GraphQLArgument) -> str:
        """Write a literal, perhaps with variables in it, or a variable; one that may be left out sometimes is."""
        value = self._value(one.type)
        if self.rng.random() < 0.5:
            return self._literal(value, one.type)
        if not is_required_argument(one) and self.rng.random() < 0.2:
            return self._variable(str(one.type).rstrip("!"), Undefined)
        return self._given(value, one.type)

    def _given(self, value: Json, type_: GraphQLInputType) -> str:
        """Write a variable that has this value, be it by default."""
        if self.rng.random() < 0.3 and value is not None:
            mark = self.rng.choice(["", "!"]) if isinstance(type_, GraphQLNonNull) else ""
            return self._variable(f"{str(type_).rstrip('!')}{mark}", Undefined, f" = {_literal(value, type_)}")
        return self._variable(str(type_), value)

    def _variable(self, type_: str, value: Json, default: str = "") -> str:
        name = f"v{len(self.declared)}"
        self.declared.append(f"${name}: {type_}{default}")
        if value is not Undefined:
            self.values[name] = value
        return f"${name}"

    def _literal(self, value: Json, type_: GraphQLInputType) -> str:
        """Write a literal; within lists and input objects some values are variables."""
        match type_:
            case GraphQLNonNull():
                return self._literal(value, type_.of_type)
            case GraphQLList() if isinstance(value, list):
                return f"[{', '.join(self._within(item, type_.of_type) for item in value)}]"
            case GraphQLList():
                return self._literal(value, type_.of_type)
            case GraphQLInputObjectType() if value is not None:
                given = (f"{name}: {self._within(one, type_.fields[name].type)}" for name, one in value.items())
                return f"{{{', '.join(given)}}}"
        return _literal(value, type_)

    def _within(self, value: Json, type_: GraphQLInputType) -> str:
        return self._given(value, type_) if self.rng.random() < 0.2 else self._literal(value, type_)

    def _value(self, type_: GraphQLInputType) -> Json:
        if isinstance(type_, GraphQLNonNull):
            return self._non_null(type_.of_type)
        return None if self.rng.random() < 0.15 else self._non_null(type_)

    def _non_null(self, type_: GraphQLInputType) -> Json:
        match type_:
            case GraphQLList():
                items = [self._value(type_.of_type) for _ in range(self.rng.randint(0, 2))]
                alone = len(items) == 1 and items[0] is not None and not isinstance(items[0], list)
                return items[0] if alone and self.rng.random() < 0.3 else items  # one item may stand for its list
            case GraphQLEnumType():
                return self.rng.choice(sorted(type_.values))
            case GraphQLInputObjectType():
                return {
                    name: self._value(one.type)
                    for name, one in type_.fields.items()
                    if isinstance(one.type, GraphQLNonNull) or self.rng.random() < 0.6
                }
        scalars: dict[str, Json] = {
            "Int": self.rng.choice(INTS),
            "Float": self.rng.choice([0.5, 2]),
            "Boolean": self.rng.random() < 0.5,
            "ID": self.rng.choice(["7", 7]),
            "Date": self.rng.choice(["2026-02-03", 5, {"day": 1, "of": ["MAY", None]}]),
        }
        return scalars.get(str(type_), f"text {self.rng.choice(INTS)}")


def _literal(value: Json, type_: GraphQLInputType) -> str:
    match type_:
        case GraphQLNonNull():
            return _literal(value, type_.of_type)
        case GraphQLList() if isinstance(value, list):
            return f"[{', '.join(_literal(item, type_.of_type) for item in value)}]"
        case GraphQLList():
            return _literal(value, type_.of_type)
        case GraphQLInputObjectType() if value is not None:
            given = (f"{name}: {_literal(one, type_.fields[name].type)}" for name, one in value.items())
            return f"{{{', '.join(given)}}}"
        case GraphQLEnumType() if value is not None:
            return str(value)
    return _untyped(value)


def _untyped(value: Json) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name}: {_untyped(one)}' for name, one in value.items())}}}"
    return f"[{', '.join(map(_untyped, value))}]" if isinstance(value, list) else json.dumps(value)
