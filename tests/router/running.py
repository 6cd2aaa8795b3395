"""`fedra router` as a process of its own."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

__all__ = ["Process", "started"]


@asynccontextmanager
async def started(*arguments: str) -> AsyncIterator[tuple[Process, str]]:
    """Run `fedra router`; yields the process and where it says that it listens."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "fedra", "router", *arguments, stdout=PIPE, stderr=PIPE, cwd=Path(__file__).parents[2]
    )
    try:
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), 20)
        yield process, str(json.loads(line)["url"])
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()
