"""SDL with the habits of the tools that print it: each of these is one subgraph, and the same to clients."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import strawberry
from graphql import GraphQLNamedType, GraphQLObjectType, parse

from schema.api_schema import to_api_schema
from tests.schema.compose.testkit import composed_raw, fed2

REVIEWS = fed2('type Product @key(fields: "upc") { upc: ID! stars: Int }')

API = {
    "Query": {"product(upc: ID!)": "Product"},
    "Product": {"upc()": "ID!", "name()": "String", "stars()": "Int"},
}
"""Shapes: type → field with its arguments → type of the field."""

FEDERATION = "https://specs.apollo.dev/federation"


@strawberry.federation.type(keys=["upc"])
class Product:
    upc: strawberry.ID
    name: str | None


@strawberry.type
class Query:
    @strawberry.field
    def product(self, upc: strawberry.ID) -> Product | None:
        return Product(upc=upc, name=None)


PRINTED: dict[str, str] = {
    "strawberry": strawberry.federation.Schema(query=Query).as_str(),
    "apollo server, as written": f'''
        # The products.
        extend schema @link(url: "{FEDERATION}/v2.3", import: ["@key", "@shareable"])
        extend type Query {{ product(upc: ID!): Product }}
        """
        Something to buy.
        """
        type Product @key(fields: "upc") {{ upc: ID!, name: String }}
    ''',
    "apollo server, whole": f'''
        schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "{FEDERATION}/v2.3", import: ["@key"])
        {{ query: Query }}
        directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
        directive @key(fields: federation__FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE
        directive @federation__requires(fields: federation__FieldSet!) on FIELD_DEFINITION
        directive @federation__provides(fields: federation__FieldSet!) on FIELD_DEFINITION
        directive @federation__external(reason: String) on OBJECT | FIELD_DEFINITION
        directive @federation__tag(name: String!) repeatable on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
          | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION | SCHEMA
        directive @federation__extends on OBJECT | INTERFACE
        directive @federation__shareable repeatable on OBJECT | FIELD_DEFINITION
        directive @federation__override(from: String!) on FIELD_DEFINITION
        enum link__Purpose {{ "Security." SECURITY "Execution." EXECUTION }}
        scalar link__Import
        scalar federation__FieldSet
        scalar _Any
        type _Service {{ sdl: String }}
        union _Entity = Product
        type Query {{
          product(upc: ID!): Product
          _entities(representations: [_Any!]!): [_Entity]!
          _service: _Service!
        }}
        type Product @key(fields: "upc") {{ upc: ID! name: String }}
    ''',
    "apollo server, federation 1": """
        directive @key(fields: _FieldSet!) repeatable on OBJECT | INTERFACE
        directive @requires(fields: _FieldSet!) on FIELD_DEFINITION
        directive @provides(fields: _FieldSet!) on FIELD_DEFINITION
        directive @external on OBJECT | FIELD_DEFINITION
        directive @extends on OBJECT | INTERFACE
        scalar _FieldSet
        scalar _Any
        union _Entity = Product
        type _Service { sdl: String }
        type Query { product(upc: ID!): Product _entities(representations: [_Any!]!): [_Entity]! _service: _Service! }
        type Product @key(fields: "upc") { upc: ID! name: String }
    """,
    "graphql-java": f'''
        schema @link(import : ["@key", "FieldSet"], url : "{FEDERATION}/v2.5") {{
          query: Query
        }}

        directive @key(fields: FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE
        directive @link(as: String, for: link__Purpose, import: [link__Import], url: String!) repeatable on SCHEMA

        "Directs the executor to include this field or fragment only when the `if` argument is true"
        directive @include("Included when true." if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
        "Marks the field, argument, input field or enum value as deprecated"
        directive @deprecated("The reason for the deprecation" reason: String! = "No longer supported")
          on FIELD_DEFINITION | ARGUMENT_DEFINITION | ENUM_VALUE | INPUT_FIELD_DEFINITION
        "Exposes a URL that specifies the behaviour of this scalar."
        directive @specifiedBy("The URL that specifies the behaviour of this scalar." url: String!) on SCALAR

        union _Entity = Product

        type Product @key(fields : "upc", resolvable : true) {{
          name: String
          upc: ID!
        }}

        type Query {{
          _entities(representations: [_Any!]!): [_Entity]!
          _service: _Service!
          product(upc: ID!): Product
        }}

        type _Service {{
          sdl: String!
        }}

        enum link__Purpose {{
          EXECUTION
          SECURITY
        }}

        scalar FieldSet

        scalar _Any

        scalar link__Import
    ''',
    "gqlgen": f"""
        extend schema @link(url: "{FEDERATION}/v2.7", import: ["@key", "@shareable", "@override"])
        scalar _Any
        type Query {{ product(upc: ID!): Product }}
        type Product @key(fields: "upc") {{
        \tupc: ID!
        \tname: String
        }}
        # a union of all types that use the @key directive
        union _Entity = Product
        type _Service {{ sdl: String }}
        extend type Query {{
        \t_entities(representations: [_Any!]!): [_Entity]!
        \t_service: _Service!
        }}
    """,
    "hot chocolate": f'''
        schema @link(url: "{FEDERATION.replace("/", chr(92) + "/")}\\/v2.6", import: [ "@key", "@tag", "FieldSet" ]) {{
          query: Query
        }}

        type Product @key(fields: "upc") {{
          upc: ID!
          name: String
        }}

        type Query {{
          product(upc: ID!): Product
          _service: _Service!
          _entities(representations: [_Any!]!): [_Entity]!
        }}

        """
        This type provides a field named sdl: String! which exposes the SDL of the service's schema.
        """
        type _Service {{
          sdl: String!
        }}

        "Union of all types that key directive applied."
        union _Entity = Product

        "Used to indicate a combination of fields."
        directive @key(fields: FieldSet! resolvable: Boolean = true) repeatable on OBJECT | INTERFACE

        "Links definitions from external specs."
        directive @link("The feature." url: String! "What is imported." import: [String!]) repeatable on SCHEMA

        "Scalar representing a set of fields."
        scalar FieldSet

        "The _Any scalar is used to pass representations of entities."
        scalar _Any
    ''',
}


@pytest.mark.parametrize("printer", PRINTED)
def test_what_a_tool_prints_is_a_subgraph(printer: str) -> None:
    assert api_of(PRINTED[printer]) == API


@pytest.mark.parametrize("printer", PRINTED)
def test_windows_line_ends_and_a_byte_order_mark_change_nothing(printer: str) -> None:
    assert api_of("\ufeff" + PRINTED[printer].replace("\n", "\r\n")) == API


def api_of(sdl: str) -> dict[str, dict[str, str]]:
    """What clients see of it beside another subgraph, without descriptions."""
    composition = composed_raw(products=sdl, reviews=REVIEWS)
    assert composition.supergraph_sdl is not None, [error.render() for error in composition.errors]
    schema = to_api_schema(parse(composition.supergraph_sdl))
    types = {name: one for name, one in schema.type_map.items() if not name.startswith("__")}
    assert types.keys() - API.keys() <= {"ID", "String", "Int", "Boolean"}
    return {name: dict(fields(types[name])) for name in API}


def fields(one: GraphQLNamedType) -> Iterator[tuple[str, str]]:
    assert isinstance(one, GraphQLObjectType)
    for name, field in one.fields.items():
        arguments = ", ".join(f"{argument}: {value.type}" for argument, value in field.args.items())
        yield f"{name}({arguments})", str(field.type)
