"""What was written is there, however the process that wrote it ended."""

from __future__ import annotations

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

from subgraphs.search.vectors import DOCUMENT, VectorIndex
from subgraphs.search.visibility import equals
from tests.subgraphs.search.writing import OWNER, SPACE

ALL = equals("target", DOCUMENT)
ROOT = Path(__file__).parents[3]


async def write_until_killed(path: str, enough: int) -> int:
    """Have a process write at least so many entries, and kill it in the middle of the next; how many it had written."""
    command = ("-m", "tests.subgraphs.search.writing", path)
    process = await asyncio.create_subprocess_exec(sys.executable, *command, cwd=ROOT, stdout=PIPE)
    assert process.stdout is not None
    written = 0
    async with asyncio.timeout(60):
        while written < enough:
            written = int(await process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        rest = (await process.stdout.read()).split()
        assert await process.wait() == -signal.SIGKILL
    return int(rest[-1]) if rest else written


async def finds_all(path: str, written: int) -> bool:
    async with VectorIndex.open(path) as index:
        near = [hit.id.int for hit in await index.nearest(SPACE, [1.0, 0.0], OWNER, ALL, 16_384)]
        named = [
            [hit.id.int for hit in await index.matching(SPACE, f"word{number}", OWNER, ALL, 5)]
            for number in (0, written // 2, written - 1)
        ]
    return len(near) == len(set(near)) and set(range(written)) <= set(near) and all(len(one) == 1 for one in named)


async def test_an_index_whose_process_was_killed_while_writing_is_whole_and_written_on(tmp_path: Path) -> None:
    path = str(tmp_path / "killed.db")
    for enough in (100, 400):  # the second process opens what the first one left
        written = await write_until_killed(path, enough)
        assert await finds_all(path, written)
