from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path

from router.followed_files import follow, stamps_of
from tests.router.door import until


class Reader:
    """Reads all its files whenever one has changed."""

    def __init__(self, *paths: Path, milliseconds: int = 20) -> None:
        self.paths = list(paths)
        self.interval = timedelta(milliseconds=milliseconds)
        self.read: list[str] = []

    async def changed(self) -> None:
        self.read.append(" ".join(path.read_text() for path in self.paths))

    @asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        watch = follow(lambda: self.paths, stamps_of(self.paths), lambda: self.interval, self.changed)
        task = asyncio.create_task(watch)
        await asyncio.sleep(0)
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def reads(self, *texts: str) -> None:
        async def so() -> bool:
            return self.read == list(texts)

        await until(so)


async def test_a_change_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "graph"
    path.write_text("one")
    reader = Reader(path)
    async with reader.following():
        await asyncio.sleep(0.1)
        assert reader.read == []
        path.write_text("second")
        await reader.reads("second")
        await asyncio.sleep(0.1)
        assert reader.read == ["second"]


async def test_a_file_that_changes_after_it_was_read_and_before_it_is_followed_is_told(tmp_path: Path) -> None:
    path = tmp_path / "graph"
    path.write_text("one")
    reader = Reader(path)
    read = stamps_of([path])
    path.write_text("second")
    task = asyncio.create_task(follow(lambda: [path], read, lambda: reader.interval, reader.changed))
    await reader.reads("second")
    task.cancel()


async def test_a_file_that_is_replaced_or_gone_for_a_while_is_followed(tmp_path: Path) -> None:
    path = tmp_path / "graph"
    path.write_text("one")
    reader = Reader(path)
    async with reader.following():
        path.unlink()
        await asyncio.sleep(0.1)
        path.write_text("two")
        await reader.reads("two")
        (tmp_path / "new").write_text("two!")
        (tmp_path / "new").replace(path)
        await reader.reads("two", "two!")


async def test_a_file_that_is_being_written_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "graph"
    path.write_text("")
    reader = Reader(path, milliseconds=100)
    async with reader.following():
        for length in range(1, 20):
            path.write_text("x" * length)
            await asyncio.sleep(0.03)
        await reader.reads("x" * 19)


async def test_files_that_change_together_are_told_once_and_which_ones_may_change(tmp_path: Path) -> None:
    one, two, three = (tmp_path / name for name in ("one", "two", "three"))
    one.write_text("a")
    two.write_text("b")
    reader = Reader(one, two)
    async with reader.following():
        one.write_text("aa")
        two.write_text("bb")
        await reader.reads("aa bb")
        three.write_text("c")
        reader.paths = [one, three]
        await reader.reads("aa bb", "aa c")
        two.write_text("bbb")
        await asyncio.sleep(0.1)
        three.write_text("cc")
        await reader.reads("aa bb", "aa c", "aa cc")
