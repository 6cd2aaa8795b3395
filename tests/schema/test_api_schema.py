from __future__ import annotations

from textwrap import dedent

import pytest
from graphql import parse, print_schema

from schema.api_schema import InvalidApiSchema, to_api_schema

HEADER = """
schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/tag/v0.3", import: [{name: "@tag", as: "@label"}])
  @link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY)
  @link(url: "https://specs.example.dev/caching/v0.1", import: ["@cacheControl"])
{ query: Query }

directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
directive @join__type(graph: join__Graph!, key: join__FieldSet) repeatable on OBJECT | INTERFACE | UNION | ENUM
directive @label(name: String!) repeatable on FIELD_DEFINITION
directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | ENUM_VALUE | ARGUMENT_DEFINITION
directive @cacheControl(scope: caching__Scope) on FIELD_DEFINITION
directive @defer(if: Boolean) on INLINE_FRAGMENT
directive @live(every: Int = 1) on QUERY
enum link__Purpose { SECURITY EXECUTION }
enum caching__Scope { PUBLIC }
enum join__Graph { A }
scalar link__Import
scalar join__FieldSet
"""


def api(sdl: str) -> str:
    return print_schema(to_api_schema(parse(HEADER + sdl)))


def test_only_what_clients_may_see_is_left() -> None:
    shown = api("""
        type Query @join__type(graph: A) {
          "Text."
          a(x: Int, y: Int @inaccessible): Int @label(name: "l") @deprecated(reason: "old") @cacheControl(scope: PUBLIC)
          hidden: Hidden @inaccessible
          either: Either
          shade: Shade
        }
        type Hidden @inaccessible { a: Int }
        interface Secret @inaccessible { a: Int }
        type Shown implements Secret { a: Int }
        union Either = Shown | Hidden
        enum Shade { LIGHT DARK @inaccessible }
    """)
    assert shown == dedent('''\
        directive @live(every: Int = 1) on QUERY

        type Query {
          """Text."""
          a(x: Int): Int @deprecated(reason: "old")
          either: Either
          shade: Shade
        }

        type Shown {
          a: Int
        }

        union Either = Shown

        enum Shade {
          LIGHT
        }''')


def test_an_unreferenced_type_stays() -> None:
    assert "type Alone" in api("type Query { a: Int } type Alone { a: Int }")


def test_a_type_with_nothing_visible_is_refused() -> None:
    with pytest.raises(InvalidApiSchema, match="must define one or more fields"):
        api("type Query { a: T } type T { a: Int @inaccessible }")


def test_a_visible_field_of_a_hidden_type_is_refused() -> None:
    with pytest.raises(InvalidApiSchema, match="Unknown type"):
        api("type Query { a: T } type T @inaccessible { a: Int }")


def test_the_legacy_core_spec_is_read() -> None:
    schema = to_api_schema(
        parse("""
        schema @core(feature: "https://specs.apollo.dev/core/v0.2")
          @core(feature: "https://specs.apollo.dev/join/v0.1", for: EXECUTION)
          @core(feature: "https://specs.apollo.dev/inaccessible/v0.1", as: "hide") { query: Query }
        directive @core(feature: String!, as: String, for: core__Purpose) repeatable on SCHEMA
        directive @join__graph(name: String!, url: String!) on ENUM_VALUE
        directive @hide on FIELD_DEFINITION
        enum core__Purpose { EXECUTION SECURITY }
        enum join__Graph { A @join__graph(name: "a", url: "") }
        type Query { a: Int b: Int @hide }
    """)
    )
    assert print_schema(schema) == "type Query {\n  a: Int\n}"
