"""What entity fetches send."""

from __future__ import annotations

import pytest
from graphql import build_schema

from router.execution.layers import Joint
from router.execution.positions import Position
from router.execution.representations import batch
from router.execution.runtime_types import RuntimeTypes
from router.planner.model import EntitySelection
from router.request import Json
from schema.query_graph.selection import Arguments, Field, InlineFragment, Selection, SelectionSet

TYPES = RuntimeTypes(
    build_schema(
        """
        interface Media { id: ID! owner: Owner }
        type Book implements Media { id: ID! isbn: ID owner: Owner price: Int weight: Int! parts: [[Part]] part: Part }
        type Film implements Media { id: ID! owner: Owner length: Int }
        type Person { name: String! }
        type Firm { name: String! city: String }
        union Owner = Person | Firm
        type Part { size: Int! color: String }
        type Query { media: [Media] }
        """
    )
)

ID = Field("id", "id")
PRICE = Field("price", "price")
WEIGHT = Field("weight", "weight")


def book(*fields: Field) -> InlineFragment:
    return InlineFragment("Book", fields)


def sent(
    positions: list[Json],
    *requires: Selection,
    keys: frozenset[str] = frozenset({"id"}),
    typename: str | None = None,
) -> tuple[tuple[Json, ...], tuple[int | None, ...]]:
    select = EntitySelection("_entities", (), requires, keys, (), typename)
    read = [Position((), layers if isinstance(layers, tuple) else (layers,), None) for layers in positions]
    made = batch(read, select, TYPES)
    return made.representations, made.slots


def a_book(**values: Json) -> Json:
    return {"__typename": "Book", **values}


def test_each_distinct_entity_is_sent_once() -> None:
    positions = [a_book(id=1, price=2), a_book(id=2), a_book(price=3, id=1)]
    assert sent(positions, book(ID)) == ((a_book(id=1), a_book(id=2)), (0, 1, 0))


def test_an_entity_is_read_through_all_its_layers() -> None:
    position = (a_book(id=1, price=None), {"price": 5}, {"price": None})
    assert sent([position], book(ID, PRICE)) == ((a_book(id=1, price=5),), (0,))


def test_a_field_is_read_under_its_response_name_and_sent_under_its_name() -> None:
    aliased = Field("__req_0", "price", Arguments("(currency:EUR)"))
    assert sent([a_book(id=1, __req_0=3, price=4)], book(ID, aliased))[0] == (a_book(id=1, price=3),)


@pytest.mark.parametrize("entity", [a_book(id=None), a_book(), a_book(price=1)])
def test_an_entity_without_its_key_is_not_sent(entity: Json) -> None:
    assert sent([entity, a_book(id=2)], book(ID)) == ((a_book(id=2),), (None, 0))


@pytest.mark.parametrize("part", [None, {}, {"size": None}])
def test_an_entity_without_a_part_of_its_compound_key_is_not_sent(part: Json) -> None:
    requires = book(Field("part", "part", selections=(Field("size", "size"),)))
    assert sent([a_book(part=part)], requires, keys=frozenset({"part"})) == ((), (None,))


@pytest.mark.parametrize("entity", [a_book(id=1, price=None), a_book(id=1)])
def test_a_nullable_field_that_is_missing_is_sent_as_null(entity: Json) -> None:
    assert sent([entity], book(ID, PRICE))[0] == (a_book(id=1, price=None),)


@pytest.mark.parametrize("entity", [a_book(id=1, weight=None), a_book(id=1)])
def test_a_field_that_must_not_be_null_keeps_the_entity_from_being_sent(entity: Json) -> None:
    assert sent([entity], book(ID, WEIGHT)) == ((), (None,))


def test_fragments_apply_by_runtime_type_and_its_supertypes() -> None:
    requires: SelectionSet = (
        InlineFragment("Media", (ID,)),
        book(PRICE),
        InlineFragment("Film", (Field("length", "length"),)),
    )
    film = {"__typename": "Film", "id": 2, "length": 3, "price": 9}
    assert sent([a_book(id=1, price=2, length=9), film], *requires)[0] == (
        a_book(id=1, price=2),
        {"__typename": "Film", "id": 2, "length": 3},
    )


@pytest.mark.parametrize(
    "entity", [{"__typename": "Film", "id": 1}, {"__typename": "Media", "id": 1}, {"id": 1, "__typename": 3}]
)
def test_an_entity_of_which_nothing_is_required_is_not_sent(entity: Json) -> None:
    both = (book(ID), InlineFragment("Person", (Field("name", "name"),)))
    assert sent([entity], *both, keys=frozenset({"id", "name"})) == ((), (None,))


def test_a_type_that_only_the_plan_knows_is_filled_in() -> None:
    assert sent([{"id": 1}], book(ID))[0] == (a_book(id=1),)
    assert sent([{"id": 1}], InlineFragment("Media", (ID,)))[0] == ()


def test_an_interface_object_gets_the_name_of_the_interface() -> None:
    assert sent([a_book(id=1)], book(ID), typename="Media")[0] == ({"__typename": "Media", "id": 1},)


def test_nested_values_are_selected_and_abstract_ones_say_their_type() -> None:
    owner = Field(
        "owner",
        "owner",
        selections=(
            Field("__typename", "__typename"),
            InlineFragment("Person", (Field("name", "name"),)),
            InlineFragment("Firm", (Field("city", "city"),)),
        ),
    )
    firm = {"__typename": "Firm", "name": "x", "city": "y"}
    assert sent([a_book(id=1, owner=firm)], book(ID, owner))[0] == (
        a_book(id=1, owner={"__typename": "Firm", "city": "y"}),
    )


def test_lists_in_lists_keep_their_form() -> None:
    parts = Field("parts", "parts", selections=(Field("size", "size"),))
    entity = a_book(id=1, parts=[[{"size": 1, "color": "x"}, None], [], None])
    assert sent([entity], book(ID, parts))[0] == (a_book(id=1, parts=[[{"size": 1}, None], [], None]),)


def test_nested_values_see_what_was_attached_to_them() -> None:
    joint = Joint()
    joint.attach(("part",), {"size": 7})
    select = EntitySelection(
        "_entities", (), (book(Field("part", "part", selections=(Field("size", "size"),))),), frozenset(), ()
    )
    position = Position((), (a_book(part={"color": "x"}),), joint)
    assert batch([position], select, TYPES).representations == (a_book(part={"size": 7}),)


def nested(depth: int) -> Json:
    value: Json = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("id", [2**70, nested(400)], ids=["more than 64 bits", "nested deeply"])
def test_whatever_is_json_can_be_sent(id: Json) -> None:
    assert sent([a_book(id=id), a_book(id=id)], book(ID)) == ((a_book(id=id),), (0, 0))
