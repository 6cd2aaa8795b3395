"""`search`: what is found, in which order, and page by page."""

from __future__ import annotations

import pytest

from subgraphs.kernel import global_id
from tests.subgraphs.kernel.people import ANN, NOBODY
from tests.subgraphs.search.world import SEARCH, TEXTS, World, found


async def test_hybrid_finds_by_meaning_and_by_words_and_tells_why(world: World) -> None:
    query = "Which port does the router use?"
    data = await world.search.data(ANN, SEARCH, input={"query": query, "explain": True})
    first, *rest = [edge["node"] for edge in data["search"]["edges"]]
    assert first["__typename"] == "DocumentHit"
    assert first["document"] == {"id": world.documents["port"], "title": "Port", "uri": None}
    assert (first["snippet"], first["chunkIndex"], first["rank"]) == (TEXTS["port"], 0, 1)
    assert [first["snippet"][one["start"] : one["end"]] for one in first["highlights"]] == ["The", "router", "port"]
    assert first["score"] == pytest.approx(2 / 61)
    assert first["explain"]["fusion"] == "rrf"
    assert first["explain"]["dense"] > 0.5
    assert first["explain"]["sparse"] > 1
    assert all(hit["score"] < first["score"] for hit in rest)
    assert data["search"]["usedModel"] == {"id": world.model}
    assert not data["search"]["partial"]


async def test_dense_finds_what_shares_no_word(world: World) -> None:
    assert (await found(world.search, ANN, "baking a loaf", mode="DENSE"))[0] == TEXTS["shared"]
    assert await found(world.search, ANN, "baking a loaf", mode="SPARSE") == []


async def test_sparse_finds_only_what_shares_a_word(world: World) -> None:
    assert set(await found(world.search, ANN, "yeast 4000", mode="SPARSE")) == {TEXTS["port"], TEXTS["shared"]}


async def test_scores_below_the_least_are_left_out(world: World) -> None:
    assert await found(world.search, ANN, "baking bread", mode="DENSE", minScore=0.4) == [TEXTS["shared"]]


async def test_only_the_collections_asked_for_are_searched(world: World) -> None:
    assert await found(world.search, ANN, "port", collectionIds=[world.others]) == []
    assert await found(world.search, ANN, "port", collectionIds=[]) == []
    assert await found(world.search, ANN, "port", collectionIds=["nonsense", world.theirs]) == []
    assert TEXTS["port"] in await found(world.search, ANN, "port", collectionIds=[world.ours])


async def test_pages_follow_each_other_without_gap_or_repetition(world: World) -> None:
    whole = await found(world.search, ANN, "the router and the cache")
    pages, after = [], None
    while True:
        answer = await world.search.data(ANN, SEARCH, input={"query": "the router and the cache"}, first=1, after=after)
        page = answer["search"]
        pages += [(edge["node"]["rank"], edge["node"]["snippet"]) for edge in page["edges"]]
        assert page["pageInfo"]["hasPreviousPage"] == (after is not None)
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert pages == list(enumerate(whole, start=1))
    assert len(whole) == 3


async def test_a_cursor_belongs_to_its_question(world: World) -> None:
    data = await world.search.data(ANN, SEARCH, input={"query": "router"}, first=1)
    cursor = data["search"]["pageInfo"]["endCursor"]
    answer = await world.search.answer(ANN, SEARCH, input={"query": "cache"}, first=1, after=cursor)
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    "query", ['"', "\\", 'a" or tenant != "', "'; DROP", "???", "[1,2]", "{x}", "\n\t", "日本語", "%_", "\0"]
)
async def test_whatever_characters_a_query_has_it_is_only_a_text(world: World, query: str) -> None:
    answer = await world.search.answer(ANN, SEARCH, input={"query": query + "x"}, first=50)
    assert "errors" not in answer, answer
    snippets = {edge["node"]["snippet"] for edge in answer["data"]["search"]["edges"]}
    assert snippets <= {TEXTS["port"], TEXTS["cache"], TEXTS["shared"]}


@pytest.mark.parametrize(
    ("input", "first"), [({"query": " "}, 1), ({"query": "x" * 2001}, 1), ({"query": "x"}, 101), ({"query": "x"}, -1)]
)
async def test_a_question_out_of_bounds_is_refused(world: World, input: object, first: int) -> None:
    answer = await world.search.answer(ANN, SEARCH, input=input, first=first)
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_without_a_principal_nothing_is_found_and_without_a_token_nothing_is_searched(world: World) -> None:
    assert await found(world.search, NOBODY, "router") == []
    answer = await world.search.answer(None, SEARCH, input={"query": "router"})
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_more_hits_do_not_mean_more_statements(world: World) -> None:
    query = """query ($input: SearchInput!, $first: Int!) { search(input: $input, first: $first) { edges { node {
      ... on DocumentHit { document { title collection { name documentCount } text } } } } } }"""
    input = {"query": "the router and the cache"}
    one, three = [await world.search.statements(ANN, query, input=input, first=first) for first in (1, 3)]
    assert one == three


async def test_a_hit_is_named_for_its_chunk(world: World) -> None:
    data = await world.search.data(ANN, SEARCH, input={"query": "port"}, first=1)
    assert global_id.decode("DocumentHit", data["search"]["edges"][0]["node"]["id"]) is not None
