"""`@override`, at once and by label."""

from __future__ import annotations

from tests.router.planner.planner import federation

ITEMS = federation(
    old="""
      type Query { item: Item }
      type Item @key(fields: "id") { id: ID! name: String size: Int }
    """,
    new="""
      type Item @key(fields: "id") {
        id: ID!
        name: String @override(from: "old")
        size: Int @override(from: "old", label: "percent(1)")
      }
    """,
)


def test_an_overridden_field_is_fetched_from_its_new_home() -> None:
    assert ITEMS.plan("{ item { name } }") == [
        "Sequence",
        "  Fetch old { item { __typename id } }",
        "  Flatten item Fetch new (Item { id }) { name }",
    ]


def test_a_field_stays_while_its_label_is_off() -> None:
    assert ITEMS.plan("{ item { size } }") == [
        "Fetch old { item { size } }",
    ]


def test_a_field_moves_when_its_label_is_on() -> None:
    assert ITEMS.plan("{ item { size } }", "percent(1)") == [
        "Sequence",
        "  Fetch old { item { __typename id } }",
        "  Flatten item Fetch new (Item { id }) { size }",
    ]
