"""What came for the asks of code, as answers to the asks of the interpreter."""

from __future__ import annotations

from collections.abc import Sequence

from router.compiled.realign import realign
from router.fetch.source import Answer, EntityAsk, RootAsk
from router.operation.model import OperationKind
from router.planner.model import EntitySelection, Fetch, RootSelection
from router.request import GraphQLError, Json
from schema.query_graph.selection import Field

BOOKS = EntitySelection("_e0", ("books",), (), frozenset(), (Field("title", "title"),))
FILMS = EntitySelection("_e1", ("films",), (), frozenset(), (Field("title", "title"),))
ROOT = RootSelection((Field("books", "books"),))
FETCH = Fetch(0, "library", OperationKind.QUERY, None, (), (BOOKS, FILMS), frozenset())


def ask(*ids: Json, select: EntitySelection = BOOKS) -> EntityAsk:
    return EntityAsk(FETCH, select, [{"__typename": "Book", "id": id} for id in ids], {})


def titles(*names: str | None) -> Json:
    return [None if name is None else {"title": name} for name in names]


def error(*path: str | int, message: str = "Gone.") -> GraphQLError:
    return GraphQLError(message, "GONE", path or None)


def aligned(asked: EntityAsk, answer: Answer, other: EntityAsk) -> Answer:
    (moved,) = realign([asked], [answer], [other])
    return moved


def paths(errors: Sequence[GraphQLError]) -> list[tuple[str | int, ...] | None]:
    return [one.path for one in errors]


def test_answers_to_the_same_representations_stay_as_they_are() -> None:
    answer = Answer(titles("A", "B"), (error(1),))
    assert aligned(ask("1", "2"), answer, ask("1", "2")) is answer


def test_entities_go_where_the_other_order_has_them_and_errors_with_them() -> None:
    answer = Answer(titles("A", None, "C"), (error(1), error(2, "title"), error(0)))
    moved = aligned(ask("1", "2", "3"), answer, ask("3", "1", "2"))
    assert moved.data == titles("C", "A", None)
    assert paths(moved.errors) == [(2,), (0, "title"), (1,)]


def test_ids_that_python_takes_for_equal_are_told_apart() -> None:
    moved = aligned(ask(1, 1.0, "1", True), Answer(titles("int", "float", "text", "bool")), ask(True, "1", 1.0, 1))
    assert moved.data == titles("bool", "text", "float", "int")


def test_an_error_that_names_no_entity_stays() -> None:
    answer = Answer(titles("A", "B"), (error(), error("title"), error(7)))
    assert paths(aligned(ask("1", "2"), answer, ask("2", "1")).errors) == [None, ("title",), (7,)]


def test_an_entity_that_was_not_asked_for_is_null() -> None:
    assert aligned(ask("1"), Answer(titles("A")), ask("2", "1")).data == titles(None, "A")


def test_an_answer_that_failed_as_a_whole_fails_for_the_other_order() -> None:
    assert aligned(ask("1", "2"), Answer(None, (error(),)), ask("2", "1")) == Answer(None, (error(),))


def test_asks_find_their_answers_by_what_they_select() -> None:
    asked, others = [ask("1"), ask("9", select=FILMS)], [ask("9", select=FILMS), ask("1")]
    assert realign(asked, [Answer(titles("A")), Answer(titles("Z"))], others) == [
        Answer(titles("Z")),
        Answer(titles("A")),
    ]


def test_what_was_not_asked_at_all_is_answered_by_nulls() -> None:
    root = RootAsk(FETCH, ROOT, {})
    assert realign([], [], [ask("1", "2"), root]) == [Answer([None, None]), Answer(None)]


def test_a_root_answer_is_the_same_for_both() -> None:
    root, answer = RootAsk(FETCH, ROOT, {}), Answer({"books": []}, (error("books"),))
    assert realign([root], [answer], [root]) == [answer]
