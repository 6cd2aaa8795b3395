"""Unions whose members differ between subgraphs."""

from __future__ import annotations

from tests.router.planner.planner import federation

FEEDS = federation(
    a="""
      type Query { feed: [Item] @shareable }
      union Item = X | Y
      type X @shareable { x: Int }
      type Y { y: Int }
    """,
    b="""
      type Query { feed: [Item] @shareable other: [Item] }
      union Item = X | Z
      type X @shareable { x: Int }
      type Z { z: Int }
    """,
)


def test_only_members_common_to_every_source_are_selected() -> None:
    assert FEEDS.plan("{ feed { ... on X { x } ... on Y { y } ... on Z { z } } }") == [
        "Fetch a { feed { __typename ... on X { x } } }",
    ]


def test_all_members_of_the_only_source_are_selected() -> None:
    assert FEEDS.plan("{ other { ... on X { x } ... on Z { z } } }") == [
        "Fetch b { other { __typename ... on X { x } ... on Z { z } } }",
    ]
