"""Asks a schema for everything: selections and operations made from the schema itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphql import (
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_object_type,
    is_required_argument,
)

FIRST = 50


def select(schema: GraphQLSchema, named: GraphQLNamedType, depth: int) -> str:
    """Select all fields that need no argument, `depth` levels deep; of lists the first `FIRST`."""
    if is_leaf_type(named):
        return ""
    parts = ["__typename"]
    if is_abstract_type(named):
        possible = schema.get_possible_types(named)
        parts += [f"... on {one.name} {select(schema, one, depth)}" for one in possible]
    if is_object_type(named):
        parts += list(_fields(schema, named, depth))
    return "{ " + " ".join(parts) + " }"


def _fields(schema: GraphQLSchema, owner: GraphQLObjectType, depth: int) -> Iterator[str]:
    """Name each answer for its type, so that fields of several types do not conflict."""
    for name, field in owner.fields.items():
        named = get_named_type(field.type)
        needs = [argument for argument in field.args.values() if is_required_argument(argument)]
        if needs or (depth == 0 and not is_leaf_type(named)):
            continue
        arguments = f"(first: {FIRST})" if "first" in field.args else ""
        yield f"{owner.name}_{name}: {name}{arguments} {select(schema, named, depth - 1)}"


def root_operations(schema: GraphQLSchema, ids: Sequence[str], depth: int) -> Iterator[str]:
    """Ask every field of Query, with every id for each argument that takes one."""
    assert schema.query_type is not None
    for name, field in schema.query_type.fields.items():
        if name.startswith("_"):
            continue
        named_by = [key for key, argument in field.args.items() if get_named_type(argument.type).name == "ID"]
        chosen = [f"(first: {FIRST})" if "first" in field.args else ""]
        if named_by:
            chosen = [f"({', '.join(f'{key}: {_quoted(id)}' for key in named_by)})" for id in ids]
        for index, arguments in enumerate(chosen):
            yield f"{{ a{index}: {name}{arguments} {select(schema, get_named_type(field.type), depth)} }}"


def entities_operation(schema: GraphQLSchema, depth: int) -> str:
    """Ask `_entities` for everything."""
    selection = select(schema, schema.type_map["_Entity"], depth)
    return f"query($representations: [_Any!]!) {{ _entities(representations: $representations) {selection} }}"


def _quoted(text: str) -> str:
    return '"' + text + '"'
