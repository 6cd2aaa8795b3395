"""Names that one operation cannot give twice. Source: GraphQL, "Field Selection Merging"."""

from __future__ import annotations

from tests.router.planner.planner import federation

TYPES = federation(
    a="""
      type Query { all: [Any] }
      union Any = X | Y
      type X @key(fields: "id") { id: ID! name: String! @shareable }
      type Y @key(fields: "id") { id: ID! name: String }
    """,
    b='type X @key(fields: "id") { id: ID! name: String @shareable }',
)


def test_fields_whose_types_differ_in_the_subgraph_are_asked_apart_and_renamed_back() -> None:
    assert TYPES.plan("{ all { ... on X { name } ... on Y { name } } }") == [
        "Fetch a { all { __typename ... on X { name } ... on Y { name__alias_0: name } } } as all.name__alias_0 → name",
    ]
