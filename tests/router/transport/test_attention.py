"""A client that waits for its answer is watched, and then forgotten."""

from __future__ import annotations

import asyncio
import gc
import time
import weakref
from collections.abc import Iterator

import pytest
from starlette.types import Message

from router.fetch.deadlines import Deadlines
from router.transport.attention import PATIENCE, Attention


@pytest.fixture
def no_collector() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


async def never() -> Message:
    return await asyncio.get_running_loop().create_future()  # type: ignore[no-any-return]  # it has no result


@pytest.mark.usefixtures("no_collector")
async def test_an_answered_request_leaves_no_garbage_for_the_collector() -> None:
    attention = Attention(never, Deadlines(), time.monotonic() + 60)
    with attention:
        attention.turn_to_answer()
        await asyncio.sleep(2 * PATIENCE)
    forgotten = weakref.ref(attention)
    del attention
    await asyncio.sleep(0.01)
    assert forgotten() is None
