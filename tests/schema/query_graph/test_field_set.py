"""Field sets as selection sets."""

from __future__ import annotations

import pytest

from schema.query_graph.field_set import InvalidFieldSet, parse_field_set
from schema.query_graph.selection import Arguments, Field, InlineFragment


@pytest.mark.parametrize("text", ["id org { name }", "{ id org { name } }"])
def test_the_outer_braces_may_be_missing(text: str) -> None:
    assert parse_field_set(text) == (
        Field("id", "id"),
        Field("org", "org", selections=(Field("name", "name"),)),
    )


def test_arguments_are_read_in_canonical_order() -> None:
    assert parse_field_set('price(to: "x", currency: USD)') == (
        Field("price", "price", Arguments('(currency:USD,to:"x")')),
    )


def test_a_fragment_keeps_its_type() -> None:
    assert parse_field_set("... on Dog { name }") == (InlineFragment("Dog", (Field("name", "name"),)),)


@pytest.mark.parametrize("text", ["", "id {", "...F", "a } query { b"])
def test_what_is_no_selection_set_is_refused(text: str) -> None:
    with pytest.raises(InvalidFieldSet):
        parse_field_set(text)
