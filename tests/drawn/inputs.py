"""Draws what operations are given: arguments, conditions, and the variables of both."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    Undefined,
    is_required_argument,
)

from tests.records import Json

INTS = (0, 1, 2, 3)


@dataclass(slots=True)
class Inputs:
    """The variables of one operation in the making: how they are declared, and their values."""

    rng: random.Random
    declared: list[str] = field(default_factory=list)
    values: dict[str, Json] = field(default_factory=dict)

    def condition(self) -> str:
        """Draw directives that may leave a selection out, most often none."""
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

    def arguments(self, arguments: Mapping[str, GraphQLArgument]) -> str:
        """Draw values of arguments; those that may be left out sometimes are."""
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
