"""Plans written by hand, run against real GraphQL schemas in the process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence

import pytest
from graphql import build_schema, graphql

from router.execution.execute import Execution, execute
from router.fetch.in_process import InProcessSource
from router.fetch.source import Answer, Ask, EntityAsk, EntitySource
from router.fetch.subgraph_request import SubgraphRequest
from router.operation.model import OperationKind
from router.operation.variables import Variables
from router.planner.model import Each, EntitySelection, Fetch, OfType, Path, QueryPlan, Rename, RootSelection
from router.request import GraphQLError, Json, RequestContext
from schema.query_graph.selection import Condition, Field, InlineFragment
from tests.router.execution.supergraph import supergraph_of

SUPERGRAPH = supergraph_of(
    """
    type Query { books: [Book], me: Person, query: Query }
    type Mutation { add: Int }
    type Person { name: String, book: Book }
    type Book { id: ID!, title: String, author: Person }
    """
)
EACH = Each.ITEM
BOOKS: Path = ("books", EACH)
BOOK_KEY = (InlineFragment("Book", (Field("id", "id"),)),)


def field(name: str, *below: Field, alias: str | None = None) -> Field:
    return Field(alias or name, name, selections=below)


def root(id: int, *fields: Field, subgraph: str = "a", after: Sequence[int] = (), **more: Json) -> Fetch:
    select = RootSelection(fields, **{name: more.pop(name) for name in ("path", "renames") if name in more})
    return Fetch(id, subgraph, OperationKind.QUERY, None, (), (select,), frozenset(after), **more)


def entities(
    id: int, path: Path, *fields: Field, subgraph: str = "b", after: Sequence[int] = (0,), **more: Json
) -> Fetch:
    select = EntitySelection("_entities", path, BOOK_KEY, frozenset({"id"}), (InlineFragment("Book", fields),), **more)
    return Fetch(id, subgraph, OperationKind.QUERY, None, (), (select,), frozenset(after))


class Scripted:
    """A source that answers as a function says, and remembers what was asked."""

    def __init__(self, answer: Callable[[Fetch], Awaitable[Answer]]) -> None:
        self.answer = answer
        self.asks: list[Ask] = []
        self.contexts: list[RequestContext] = []

    async def load(self, asks: Sequence[Ask], context: RequestContext) -> Sequence[Answer]:
        self.asks.extend(asks)
        self.contexts.append(context)
        return [await self.answer(ask.fetch) for ask in asks]

    def representations(self, place: int) -> list[Json]:
        ask = self.asks[place]
        assert isinstance(ask, EntityAsk)
        return [dict(one) for one in ask.representations]


def answering(**answers: Answer) -> Scripted:
    """Answer by the name of the subgraph."""

    async def answer(fetch: Fetch) -> Answer:
        return answers[fetch.subgraph]

    return Scripted(answer)


async def run(source: EntitySource, *fetches: Fetch, **values: Json) -> Execution:
    plan = QueryPlan(OperationKind.QUERY, fetches)
    return await execute(plan, Variables(values), RequestContext(time.monotonic() + 5), source, SUPERGRAPH)


def told(execution: Execution) -> list[tuple[str, tuple[str | int, ...] | None]]:
    return [(error.message, error.path) for error in execution.errors]


def failed(message: str, *path: str | int) -> GraphQLError:
    return GraphQLError(message, "X", path or None)


THREE_BOOKS = Answer({"books": [{"id": "1"}, {"id": "2"}, {"id": "1"}]})
LIST = root(0, field("books", field("id")))


async def test_an_entity_is_asked_for_once_and_attached_to_each_of_its_places() -> None:
    source = answering(a=THREE_BOOKS, b=Answer([{"title": "one"}, None]))
    execution = await run(source, LIST, entities(1, BOOKS, field("title")))
    assert source.representations(1) == [
        {"__typename": "Book", "id": "1"},
        {"__typename": "Book", "id": "2"},
    ]
    places = execution.root.below["books"].below
    assert {index: joint.layers for index, joint in places.items()} == {0: [{"title": "one"}], 2: [{"title": "one"}]}


async def test_what_was_decoded_is_never_changed() -> None:
    books = [{"id": "1", "a_": 1}]
    titles = [{"title_": "x"}]
    source = answering(a=Answer({"books": books}), b=Answer(titles))
    await run(source, LIST, entities(1, BOOKS, field("title", alias="title_"), renames=(Rename(("title_",), "title"),)))
    assert books == [{"id": "1", "a_": 1}]
    assert titles == [{"title_": "x"}]


@pytest.mark.parametrize(
    "data", [None, {}, {"books": None}, {"books": []}, {"books": [None, {"id": None}]}, {"books": 3}]
)
async def test_without_representations_there_is_no_request(data: Json) -> None:
    source = answering(a=Answer(data))
    execution = await run(source, LIST, entities(1, BOOKS, field("title")))
    assert len(source.asks) == 1
    assert not execution.errors


async def test_a_fetch_whose_conditions_do_not_hold_is_not_sent() -> None:
    source = answering(a=THREE_BOOKS, b=Answer({"me": None}))
    both = (Condition("x", wanted=True), Condition("y", wanted=False))
    for x, y in ((False, False), (True, True)):
        await run(source, root(0, field("me"), subgraph="b", conditions=both), x=x, y=y)
    assert source.asks == []
    await run(source, root(0, field("me"), subgraph="b", conditions=both), x=True, y=False)
    assert len(source.asks) == 1


async def test_a_fetch_starts_as_soon_as_its_own_parents_are_done() -> None:
    order: list[str] = []
    slow = asyncio.Event()

    async def answer(fetch: Fetch) -> Answer:
        order.append(f"{fetch.subgraph} starts")
        if fetch.subgraph == "slow":
            await slow.wait()
        elif fetch.subgraph == "last":
            slow.set()
        order.append(f"{fetch.subgraph} ends")
        return Answer([{}] if fetch.after else {"books": [{"id": fetch.subgraph}]})

    first = (root(0, field("books"), subgraph="slow"), root(1, field("books"), subgraph="fast"))
    then = (entities(2, BOOKS, subgraph="next", after=[1]), entities(3, BOOKS, subgraph="last", after=[2]))
    await run(Scripted(answer), *first, *then)
    assert order == [
        "slow starts", "fast starts", "fast ends", "next starts", "next ends", "last starts", "last ends", "slow ends",
    ]  # fmt: skip


async def test_a_fetch_waits_for_all_that_it_comes_after() -> None:
    seen: list[tuple[int, int]] = []
    done: list[int] = []

    async def answer(fetch: Fetch) -> Answer:
        seen.append((fetch.id, len(done)))
        await asyncio.sleep(0)
        done.append(fetch.id)
        return Answer([{}] if fetch.after else {"books": [{"id": 1}]})

    then = (entities(2, BOOKS, after=[0, 1]), entities(3, BOOKS, after=[1, 2]))
    await run(Scripted(answer), LIST, root(1, field("me")), *then)
    assert seen == [(0, 0), (1, 0), (2, 2), (3, 3)]


async def test_cancelling_cancels_every_fetch_under_way() -> None:
    started, cancelled = asyncio.Event(), []

    async def answer(fetch: Fetch) -> Answer:
        if fetch.id == 2:
            started.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.append(fetch.id)
            raise
        return Answer(None)

    running = asyncio.create_task(run(Scripted(answer), LIST, root(1, field("me")), root(2, field("me"))))
    await started.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert sorted(cancelled) == [0, 1, 2]


async def test_every_request_carries_the_context_of_the_clients() -> None:
    source = answering(a=THREE_BOOKS, b=Answer([{}, {}]))
    await run(source, LIST, entities(1, BOOKS, field("title")))
    assert len(source.contexts) == 2
    assert source.contexts[0] is source.contexts[1]


async def test_errors_of_an_entity_stand_at_each_of_its_places() -> None:
    answer = Answer(
        [None, {}], (failed("no", 0, "author", 1, "name"), failed("nothing"), failed("?", 7, "x"), failed("??", "x"))
    )
    execution = await run(answering(a=THREE_BOOKS, b=answer), LIST, entities(1, BOOKS, field("title")))
    assert told(execution) == [
        ("no", ("books", 0, "author", 1, "name")),
        ("no", ("books", 2, "author", 1, "name")),
        ("nothing", ("books",)),
        ("?", ("books",)),
        ("??", ("books",)),
    ]


async def test_errors_do_not_know_of_aliases_that_the_client_did_not_write() -> None:
    renames = (Rename(("title_",), "title"),)
    answer = Answer([{}, {}], (failed("no", 1, "title_"),))
    execution = await run(answering(a=THREE_BOOKS, b=answer), LIST, entities(1, BOOKS, field("title"), renames=renames))
    assert told(execution) == [("no", ("books", 1, "title"))]


async def test_a_failed_fetch_leaves_the_others_alone() -> None:
    source = answering(a=Answer(None, (failed("down"),)), b=Answer({"me": {"name": "Ada"}}))
    execution = await run(source, LIST, root(1, field("me"), subgraph="b"), entities(2, BOOKS, subgraph="c"))
    assert told(execution) == [("down", None)]
    assert execution.root.layers == [{"me": {"name": "Ada"}}]


async def test_what_an_entity_that_failed_was_asked_for_is_known_too() -> None:
    source = answering(a=THREE_BOOKS, b=Answer([None, None], (failed("gone", 1),)))
    execution = await run(source, LIST, entities(1, BOOKS, field("title")))
    assert execution.unanswered == {("books", 1, "title")}


async def test_what_a_failed_fetch_was_asked_for_is_known_place_by_place() -> None:
    source = answering(a=THREE_BOOKS, b=Answer(None, (failed("down"),)))
    execution = await run(source, LIST, entities(1, BOOKS, field("title")))
    assert execution.unanswered == {("books", 0, "title"), ("books", 1, "title"), ("books", 2, "title")}
    execution = await run(answering(a=Answer(None, (failed("down"),))), LIST)
    assert execution.unanswered == {("books",)}


async def test_a_nested_query_is_answered_where_it_stands() -> None:
    answer = Answer({"me": {}}, (failed("no", "me", "name"),))
    source = answering(a=Answer({"query": {"__typename": "Query"}}), b=answer)
    nested = root(1, field("me"), subgraph="b", after=[0], path=("query",))
    execution = await run(source, root(0, field("query")), nested)
    assert execution.root.below["query"].layers == [{"me": {}}]
    assert told(execution) == [("no", ("query", "me", "name"))]


async def test_a_path_goes_on_only_for_objects_of_its_types() -> None:
    data = {"books": [{"__typename": "Book", "id": 1}, {"__typename": "Film", "id": 2}, {"id": 3}]}
    source = answering(a=Answer(data), b=Answer([{}]))
    await run(source, LIST, entities(1, (*BOOKS, OfType(frozenset({"Book"}))), field("title")))
    assert source.representations(1) == [{"__typename": "Book", "id": 1}]


async def test_an_empty_plan_asks_nobody() -> None:
    execution = await run(answering())
    assert (execution.root.layers, execution.errors) == ([], [])


async def test_two_schemas_answer_as_one() -> None:
    books = build_schema("type Query { books: [Book] } type Book { id: ID! }")
    titles = build_schema(
        "scalar _Any type Book { id: ID! title(upper: Boolean): String }"
        " union _Entity = Book type Query { _entities(representations: [_Any!]!): [_Entity]! }"
    )

    def title(book: Json, _info: Json, upper: bool = False) -> str:
        return f"title {book['id']}".upper() if upper else f"title {book['id']}"

    def schema_answering(schema: Json, value: Json) -> Callable[[SubgraphRequest], Awaitable[Mapping[str, Json]]]:
        async def answer(request: SubgraphRequest) -> Mapping[str, Json]:
            return (await graphql(schema, request.query, value, variable_values=dict(request.variables))).formatted

        return answer

    titles.type_map["Book"].fields["title"].resolve = title  # type: ignore[attr-defined]
    source = InProcessSource(
        {
            "a": schema_answering(books, {"books": [{"id": "1"}, {"id": "2"}]}),
            "b": schema_answering(titles, {"_entities": lambda _info, representations: representations}),
        }
    )
    execution = await run(source, LIST, entities(1, BOOKS, field("title")))
    assert [joint.layers for joint in execution.root.below["books"].below.values()] == [
        [{"title": "title 1"}],
        [{"title": "title 2"}],
    ]
