from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from router.supergraph_source import SupergraphFile
from schema.supergraph import InvalidSupergraph
from tests.router.door import until

INTERVAL = timedelta(milliseconds=20)


class Taker:
    """Takes what is handed over; refuses what it is told to."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.refuses = ""
        self.fails = ""

    async def __call__(self, text: str) -> None:
        if text == self.refuses:
            raise InvalidSupergraph("refused")
        if text == self.fails:
            raise RuntimeError("failed")
        self.taken.append(text)


@asynccontextmanager
async def watched(file: SupergraphFile, taker: Taker) -> AsyncIterator[None]:
    task = asyncio.create_task(file.watch(taker))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def taken(taker: Taker, *texts: str) -> None:
    async def so() -> bool:
        return taker.taken == list(texts)

    await until(so)


async def test_a_change_is_handed_over_once(tmp_path: Path) -> None:
    path, taker = tmp_path / "graph", Taker()
    path.write_text("one")
    file = SupergraphFile(path, INTERVAL)
    assert file.read() == "one"
    async with watched(file, taker):
        await asyncio.sleep(0.1)
        assert taker.taken == []
        path.write_text("second")
        await taken(taker, "second")
        await asyncio.sleep(0.1)
        assert taker.taken == ["second"]


async def test_a_file_that_is_replaced_or_gone_for_a_while_is_followed(tmp_path: Path) -> None:
    path, taker = tmp_path / "graph", Taker()
    path.write_text("one")
    file = SupergraphFile(path, INTERVAL)
    file.read()
    async with watched(file, taker):
        path.unlink()
        await asyncio.sleep(0.1)
        path.write_text("two")
        await taken(taker, "two")
        (tmp_path / "new").write_text("two!")
        (tmp_path / "new").replace(path)
        await taken(taker, "two", "two!")


async def test_a_refused_change_is_not_tried_again_and_the_next_one_is(tmp_path: Path) -> None:
    path, taker = tmp_path / "graph", Taker()
    path.write_text("one")
    file = SupergraphFile(path, INTERVAL)
    file.read()
    taker.refuses, taker.fails = "bad", "worse"
    async with watched(file, taker):
        for text in ("bad", "worse", "better"):
            path.write_text(text)
            await asyncio.sleep(0.15)
        await taken(taker, "better")


async def test_a_file_that_is_being_written_is_waited_for(tmp_path: Path) -> None:
    path, taker = tmp_path / "graph", Taker()
    path.write_text("")
    file = SupergraphFile(path, timedelta(milliseconds=100))
    file.read()
    async with watched(file, taker):
        for length in range(1, 20):
            path.write_text("x" * length)
            await asyncio.sleep(0.03)
        await taken(taker, "x" * 19)


def test_what_cannot_be_read_is_no_supergraph(tmp_path: Path) -> None:
    with pytest.raises(InvalidSupergraph, match="No such file"):
        SupergraphFile(tmp_path / "absent", INTERVAL).read()
    (tmp_path / "latin").write_bytes(b"\xff")
    with pytest.raises(InvalidSupergraph, match="not UTF-8"):
        SupergraphFile(tmp_path / "latin", INTERVAL).read()
