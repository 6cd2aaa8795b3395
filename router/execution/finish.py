"""Mutations end, whoever still waits for them."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_under_way: set[asyncio.Task[Any]] = set()


async def finish(executing: Coroutine[Any, Any, T]) -> T:
    """Await something that goes on to its end, or its deadline, even if this is cancelled: half done is no state."""
    task = asyncio.create_task(executing)
    _under_way.add(task)
    task.add_done_callback(_under_way.discard)
    return await asyncio.shield(task)
