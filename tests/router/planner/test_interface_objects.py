"""`@interfaceObject`: a subgraph that knows an interface as an object."""

from __future__ import annotations

from tests.router.planner.planner import federation

MEDIA = federation(
    media="""
      type Query { media: [Media!]! }
      interface Media @key(fields: "id") { id: ID! title: String }
      type Book implements Media @key(fields: "id") { id: ID! title: String pages: Int }
      type Film implements Media @key(fields: "id") { id: ID! title: String }
    """,
    reviews="""
      type Query { top: [Media!]! }
      type Media @interfaceObject @key(fields: "id") { id: ID! score: Int }
    """,
    shop='type Book @key(fields: "id") { id: ID! price: Int }',
)


def test_its_own_fields_need_no_type() -> None:
    assert MEDIA.plan("{ top { id score } }") == [
        "Fetch reviews { top { id score } }",
    ]


def test_the_type_is_asked_where_the_interface_is_one() -> None:
    assert MEDIA.plan("{ top { __typename score } }") == [
        "Sequence",
        "  Fetch reviews { top { __typename id score } }",
        "  Flatten top.@ Fetch media (Media { id }) { __typename }",
    ]


def test_fields_of_a_type_are_asked_where_the_type_is_known() -> None:
    assert MEDIA.plan("{ top { ... on Book { pages } } }") == [
        "Sequence",
        "  Fetch reviews { top { __typename id } }",
        "  Flatten top.@ Fetch media (Media { id }) { __typename ... on Book { pages } }",
    ]


def test_its_own_field_for_one_type_is_taken_at_once_and_the_type_learned() -> None:
    assert MEDIA.plan("{ top { ... on Book { score } } }") == [
        "Sequence",
        "  Fetch reviews { top { __typename score id } }",
        "  Flatten top.@ Fetch media (Media { id }) { __typename }",
    ]


def test_a_type_is_learned_before_a_subgraph_that_knows_only_the_type() -> None:
    assert MEDIA.plan("{ top { ... on Book { price } } }") == [
        "Sequence",
        "  Fetch reviews { top { __typename id } }",
        "  Flatten top.@ Fetch media (Media { id }) { __typename ... on Book { id } }",
        "  Flatten top.@ Fetch shop (Book { id }) { price }",
    ]


def test_entities_enter_it_by_the_name_of_the_interface() -> None:
    assert MEDIA.plan("{ media { title score } }") == [
        "Sequence",
        "  Fetch media { media { __typename title id } }",
        "  Flatten media.@ Fetch reviews (Media { id }) { score }",
    ]


def test_entities_of_one_type_are_renamed_to_the_interface() -> None:
    assert MEDIA.plan("{ media { ... on Book { score } } }") == [
        "Sequence",
        "  Fetch media { media { __typename ... on Book { id } } }",
        "  Flatten media.@ Fetch reviews (Book as Media { id }) { score }",
    ]


ARGUMENTS = federation(
    media="""
      type Query { media: [Media!]! }
      interface Media @key(fields: "id") { id: ID! }
      type Book implements Media @key(fields: "id") { id: ID! }
      type Film implements Media @key(fields: "id") { id: ID! }
    """,
    reviews='type Media @interfaceObject @key(fields: "id") { id: ID! score(of: Int): Int rank: Int }',
)


def test_types_that_ask_it_for_the_same_travel_together() -> None:
    assert ARGUMENTS.plan("{ media { ... on Book { score } ... on Film { score } } }") == [
        "Sequence",
        "  Fetch media { media { __typename ... on Book { id } ... on Film { id } } }",
        "  Flatten media.@ Fetch reviews (Book as Media { id }, Film as Media { id }) { ... on Media { score } }",
    ]


def test_no_type_is_asked_for_what_only_another_one_selects() -> None:
    assert ARGUMENTS.plan("{ media { ... on Book { score } ... on Film { rank } } }") == [
        "Sequence",
        "  Fetch media { media { __typename ... on Book { id } ... on Film { id } } }",
        "  Fetch reviews",
        "    Flatten media.@ (Book as Media { id }) { score }",
        "    Flatten media.@ (Film as Media { id }) { rank }",
    ]


def test_no_type_is_asked_for_more_than_all_of_them_are() -> None:
    assert ARGUMENTS.plan("{ media { rank ... on Book { score } } }") == [
        "Sequence",
        "  Fetch media { media { __typename id ... on Book { id } } }",
        "  Fetch reviews",
        "    Flatten media.@ (Media { id }) { rank }",
        "    Flatten media.@ (Book as Media { id }) { score }",
    ]


def test_types_that_ask_it_for_one_name_in_two_meanings_do_not() -> None:
    assert ARGUMENTS.plan("{ media { ... on Book { score(of: 1) } ... on Film { score(of: 2) } } }") == [
        "Sequence",
        "  Fetch media { media { __typename ... on Book { id } ... on Film { id } } }",
        "  Fetch reviews",
        "    Flatten media.@ (Book as Media { id }) { score(of:1) }",
        "    Flatten media.@ (Film as Media { id }) { score__alias_1: score(of:2) }",
    ]


DIRECT = federation(
    media="""
      interface Media @key(fields: "id") { id: ID! }
      type Book implements Media @key(fields: "id") { id: ID! }
      type Film implements Media @key(fields: "id") { id: ID! }
    """,
    reviews="""
      type Query { top: [Media!]! }
      type Media @interfaceObject @key(fields: "id") { id: ID! score(of: Int): Int rank: Rank }
      type Rank { place(of: Int): Int }
    """,
)


def test_one_name_in_two_meanings_is_asked_of_an_object_in_hand_under_two_names() -> None:
    assert DIRECT.plan("{ top { ... on Book { score(of: 1) } ... on Film { score(of: 2) } } }") == [
        "Sequence",
        "  Fetch reviews { top { __typename score(of:1) id score__alias_1: score(of:2) } }",
        "  Flatten top.@ Fetch media (Media { id }) { __typename }",
    ]


def test_one_name_in_two_meanings_may_stand_beneath_a_field() -> None:
    assert DIRECT.plan("{ top { ... on Book { rank { place(of: 1) } } ... on Film { rank { place(of: 2) } } } }") == [
        "Sequence",
        "  Fetch reviews { top { __typename rank { place(of:1) place__alias_1: place(of:2) } id } }",
        "  Flatten top.@ Fetch media (Media { id }) { __typename }",
    ]


RATED = federation(
    media="""
      interface Media @key(fields: "id") { id: ID! }
      type Book implements Media @key(fields: "id") { id: ID! }
      type Film implements Media @key(fields: "id") { id: ID! }
    """,
    reviews="""
      type Query { top: [Media]! }
      type Media @interfaceObject @key(fields: "id") { id: ID! score: Int! rank: Int }
    """,
)


def test_what_must_not_be_null_is_asked_only_of_the_objects_it_is_selected_for() -> None:
    assert RATED.plan("{ top { rank ... on Book { score } } }") == [
        "Sequence",
        "  Fetch reviews { top { __typename rank id } }",
        "  Flatten top.@ Fetch media (Media { id }) { __typename ... on Book { id } }",
        "  Flatten top.@ Fetch reviews (Book as Media { id }) { score }",
    ]


def test_what_is_selected_for_all_objects_is_not_asked_again_for_some() -> None:
    assert RATED.plan("{ top { ... on Book { score } score } }") == ["Fetch reviews { top { score } }"]


LOCKED = federation(
    media="""
      interface Media @key(fields: "id") { id: ID! }
      type Book implements Media @key(fields: "id") { id: ID! }
    """,
    reviews="""
      type Query { top: [Media]! }
      type Media @interfaceObject @key(fields: "id", resolvable: false) { id: ID! score: Int! }
    """,
)


def test_it_is_asked_of_all_where_the_subgraph_is_not_entered_again() -> None:
    assert LOCKED.plan("{ top { ... on Book { score } } }") == [
        "Sequence",
        "  Fetch reviews { top { __typename score id } }",
        "  Flatten top.@ Fetch media (Media { id }) { __typename }",
    ]
