"""The index on a real Milvus Lite: its filters, its order, its durability."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from subgraphs.kernel.identity import InternalToken, ProjectRole
from subgraphs.search.records import EmbeddingSpace
from subgraphs.search.vectors import DOCUMENT, Entry, VectorIndex
from subgraphs.search.visibility import equals, one_of, visible_entry

SPACE = EmbeddingSpace("tiny/model-1", 2)
ODD = 'a" or tenant != "\\ \n\t\''
PRINCIPAL = UUID(int=1)
ME = InternalToken(ODD, PRINCIPAL)
ALL = equals("target", DOCUMENT)


def entry(number: int, **more: object) -> Entry:
    made = Entry(str(UUID(int=number)), ODD, str(PRINCIPAL), "", [], DOCUMENT, "s", "some words", [1.0, 0.0])
    return replace(made, **more)  # type: ignore[arg-type]  # the fields of an entry


@pytest.fixture
async def index(tmp_path: Path) -> AsyncIterator[VectorIndex]:
    async with VectorIndex.open(str(tmp_path / "index.db")) as opened:
        yield opened


async def ids(index: VectorIndex, token: InternalToken, where: str = ALL) -> set[int]:
    return {hit.id.int for hit in await index.nearest(SPACE, [1.0, 0.0], token, where, 100)}


def test_a_filter_is_escaped() -> None:
    assert equals("tenant", 'a"\\\n') == 'tenant == "a\\"\\\\\\n"'
    assert one_of("source", ["a", '"']) == 'source in ["a", "\\""]'


def test_a_caller_without_principal_sees_nothing() -> None:
    assert visible_entry(InternalToken("t")) == '(tenant == "t" and id == "")'


async def test_an_index_without_entries_finds_nothing(index: VectorIndex) -> None:
    assert await index.nearest(SPACE, [1.0, 0.0], ME, ALL, 5) == []
    await index.delete(SPACE, [UUID(int=1)])


async def test_the_predicate_lets_owner_project_and_access_list_in_and_nobody_else(index: VectorIndex) -> None:
    project, reader = UUID(int=50), UUID(int=60)
    await index.upsert(
        SPACE,
        [
            entry(1),
            entry(2, owner="x"),
            entry(3, owner="x", project=str(project)),
            entry(4, owner="x", acl=[str(PRINCIPAL), "y"]),
            entry(5, owner="x", acl=[str(project)]),
            entry(6, owner="x", acl=[str(reader)]),
            entry(7, tenant="other"),
            entry(8, tenant="other", acl=[str(PRINCIPAL)]),
        ],
    )
    assert await ids(index, ME) == {1, 4}
    assert await ids(index, replace(ME, projects=(ProjectRole(project, "member"),))) == {1, 3, 4, 5}
    assert await ids(index, replace(ME, principal=reader)) == {6}
    assert await ids(index, replace(ME, principal=None)) == set()
    assert await ids(index, InternalToken("other", PRINCIPAL)) == {7, 8}


async def test_what_is_asked_for_cannot_widen_the_predicate(index: VectorIndex) -> None:
    await index.upsert(SPACE, [entry(1), entry(2, owner="x"), entry(3, tenant="other")])
    assert await ids(index, ME, 'id == "" or id != ""') == {1}


async def test_the_nearest_and_the_best_matching_come_first(index: VectorIndex) -> None:
    await index.upsert(
        SPACE,
        [
            entry(1, text="apples and pears and plums and cherries", dense=[0.0, 1.0]),
            entry(2, text="apples apples", dense=[0.8, 0.6]),
            entry(3, text="quinces", dense=[1.0, 0.0]),
        ],
    )
    nearest = await index.nearest(SPACE, [1.0, 0.0], ME, ALL, 2)
    assert [hit.id.int for hit in nearest] == [3, 2]
    assert [hit.score for hit in nearest] == pytest.approx([1.0, 0.8], abs=1e-5)
    matching = await index.matching(SPACE, "Apples?", ME, ALL, 5)
    assert [hit.id.int for hit in matching] == [2, 1]
    assert matching[0].score > matching[1].score > 0


async def test_an_entry_is_replaced_whole_and_deleted_by_id(index: VectorIndex) -> None:
    await index.upsert(SPACE, [entry(1, text="before"), entry(2)])
    await index.upsert(SPACE, [entry(1, text="after")])
    assert await index.matching(SPACE, "before", ME, ALL, 5) == []
    await index.delete(SPACE, [UUID(int=1), UUID(int=9)])
    assert await ids(index, ME) == {2}


async def test_what_was_written_is_there_after_a_restart(tmp_path: Path) -> None:
    path = str(tmp_path / "kept.db")
    async with VectorIndex.open(path) as first:
        await first.upsert(SPACE, [entry(1)])
    async with VectorIndex.open(path) as second:
        assert await ids(second, ME) == {1}


async def test_erasing_forgets_in_every_space(index: VectorIndex) -> None:
    other = EmbeddingSpace("other", 2)
    await index.upsert(SPACE, [entry(1), entry(2, tenant="kept")])
    await index.upsert(other, [entry(3)])
    await index.erase(equals("tenant", ODD))
    assert await ids(index, ME) == set()
    assert await index.nearest(other, [1.0, 0.0], ME, ALL, 5) == []
    assert await ids(index, InternalToken("kept", PRINCIPAL)) == {2}
