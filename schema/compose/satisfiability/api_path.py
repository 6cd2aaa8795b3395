"""A way through the API schema, as clients go it, and the query that goes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    get_named_type,
    is_composite_type,
    is_required_input_field,
)

from schema.value import EnumName, FloatText, Value, print_value

_SCALAR_VALUES: dict[str, Value] = {
    "Int": 0,
    "Float": FloatText("3.14"),
    "Boolean": True,
    "String": "A string value",
    "ID": "<any id>",
}
_OPERATIONS = {"Query": "", "Mutation": "mutation ", "Subscription": "subscription "}
_LINE = 80


@dataclass(frozen=True, slots=True)
class ApiPath:
    """One step, and those before it: a field taken, or a type narrowed to; the first step names the root type."""

    parent: ApiPath | None
    type_name: str
    field_name: str | None = None
    field: GraphQLField | None = None

    def take(self, type_name: str, field_name: str, field: GraphQLField) -> ApiPath:
        return ApiPath(self, type_name, field_name, field)

    def narrow(self, type_name: str) -> ApiPath:
        return ApiPath(self, type_name)

    def steps(self) -> list[ApiPath]:
        """All steps, the root first."""
        found: list[ApiPath] = []
        step: ApiPath | None = self
        while step is not None:
            found.append(step)
            step = step.parent
        return found[::-1]


def witness(path: ApiPath) -> str:
    """Write the shortest operation that takes this path."""
    root, *steps = path.steps()
    return "\n".join([f"{_OPERATIONS[root.type_name]}{{", *_lines(steps, "  "), "}"])


def _lines(steps: list[ApiPath], indent: str) -> Iterator[str]:
    if not steps:
        yield f"{indent}..."
        return
    step, *rest = steps
    if step.field is None:
        opened = f"{indent}... on {step.type_name}"
    else:
        opened = f"{indent}{step.field_name}{_arguments(step.field, f'{indent}{step.field_name}', indent)}"
        if not is_composite_type(get_named_type(step.field.type)):
            yield opened
            return
    yield f"{opened} {{"
    yield from _lines(rest, f"{indent}  ")
    yield f"{indent}}}"


def _arguments(field: GraphQLField, before: str, indent: str) -> str:
    """All arguments, optional ones too, on one line each when they are long."""
    texts = [f"{name}: {print_value(_value(one.type))}" for name, one in field.args.items()]
    if not texts:
        return ""
    line = f"({', '.join(texts)})"
    if len(before) + len(line) <= _LINE:
        return line
    return "\n".join(["(", *(f"{indent}  {text}" for text in texts), f"{indent})"])


def _value(wanted: GraphQLInputType) -> Value:
    match wanted:
        case GraphQLNonNull():
            return _value(wanted.of_type)
        case GraphQLList():
            return []
        case GraphQLEnumType():
            return EnumName(next(iter(wanted.values)))
        case GraphQLInputObjectType():
            return {name: _value(one.type) for name, one in wanted.fields.items() if is_required_input_field(one)}
        case _:
            return _SCALAR_VALUES.get(str(wanted), "<some value>")


def root_path(type_name: str) -> ApiPath:
    """Begin an operation."""
    return ApiPath(None, type_name)
