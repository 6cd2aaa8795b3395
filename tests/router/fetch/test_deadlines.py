"""Whatever takes too long is ended, and nothing else is."""

from __future__ import annotations

import asyncio
import time

import pytest

from router.fetch.deadlines import Deadlines, Limit


def limit(seconds: float, deadlines: Deadlines | None = None) -> Limit:
    return Limit(deadlines or Deadlines(), time.monotonic() + seconds)


async def test_what_waits_too_long_is_ended() -> None:
    with pytest.raises(TimeoutError), limit(0.01):
        await asyncio.sleep(60)


async def test_what_is_done_in_time_goes_on_unharmed() -> None:
    deadlines = Deadlines()
    for _ in range(3):
        with limit(0.01, deadlines) as within:
            await asyncio.sleep(0)
        await asyncio.sleep(0.05)
        assert not within.passed


async def test_what_has_passed_before_ends_the_first_wait() -> None:
    with pytest.raises(TimeoutError), limit(-1):
        await asyncio.sleep(60)


async def test_the_inner_of_two_limits_ends_only_itself() -> None:
    deadlines = Deadlines()
    with limit(60, deadlines) as outer:
        with pytest.raises(TimeoutError), limit(0.01, deadlines):
            await asyncio.sleep(60)
        await asyncio.sleep(0.05)
    assert not outer.passed


async def test_who_is_cancelled_by_somebody_else_is_cancelled() -> None:
    async def wait() -> None:
        with limit(60):
            await asyncio.sleep(60)

    waiting = asyncio.create_task(wait())
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_who_is_cancelled_by_both_is_cancelled() -> None:
    within = limit(60)

    async def wait() -> None:
        with within:
            await asyncio.sleep(60)

    waiting = asyncio.create_task(wait())
    await asyncio.sleep(0)
    waiting.cancel()
    within.expire()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_an_error_within_is_itself() -> None:
    with pytest.raises(KeyError), limit(60):
        raise KeyError
