from __future__ import annotations

import asyncio

import pytest

from cache.single_flight import SingleFlight


class Loads:
    """Counts loads; each waits until it is let go."""

    def __init__(self) -> None:
        self.count = 0
        self.let_go = asyncio.Event()

    async def __call__(self) -> int:
        self.count += 1
        await self.let_go.wait()
        return self.count


async def test_callers_of_one_key_share_one_load() -> None:
    flight: SingleFlight[str, int] = SingleFlight()
    load = Loads()
    callers = [asyncio.ensure_future(flight("key", load)) for _ in range(10)]
    await asyncio.sleep(0)
    load.let_go.set()
    assert await asyncio.gather(*callers) == [1] * 10


async def test_keys_load_side_by_side() -> None:
    flight: SingleFlight[str, int] = SingleFlight()
    load = Loads()
    callers = [asyncio.ensure_future(flight(key, load)) for key in "abc"]
    await asyncio.sleep(0.01)
    assert load.count == 3
    load.let_go.set()
    await asyncio.gather(*callers)


async def test_a_load_that_ended_is_forgotten() -> None:
    flight: SingleFlight[str, int] = SingleFlight()
    load = Loads()
    load.let_go.set()
    assert [await flight("key", load), await flight("key", load)] == [1, 2]
    assert len(flight) == 0


async def test_a_cancelled_caller_takes_nobody_down() -> None:
    flight: SingleFlight[str, int] = SingleFlight()
    load = Loads()
    leader = asyncio.ensure_future(flight("key", load))
    follower = asyncio.ensure_future(flight("key", load))
    await asyncio.sleep(0)
    leader.cancel()
    load.let_go.set()
    assert await follower == 1
    assert leader.cancelled()


async def test_a_load_that_nobody_waits_for_any_more_ends() -> None:
    flight: SingleFlight[str, int] = SingleFlight()
    load = Loads()
    callers = [asyncio.ensure_future(flight("key", load)) for _ in range(2)]
    await asyncio.sleep(0)
    for caller in callers:
        caller.cancel()
    await asyncio.wait(callers)
    assert len(flight) == 0
    load.let_go.set()
    assert await flight("key", load) == 2


async def test_an_error_reaches_all_who_wait_and_is_forgotten() -> None:
    flight: SingleFlight[str, int] = SingleFlight()

    async def fail() -> int:
        await asyncio.sleep(0)
        raise LookupError("no such thing")

    outcomes = await asyncio.gather(flight("key", fail), flight("key", fail), return_exceptions=True)
    assert [type(one) for one in outcomes] == [LookupError, LookupError]
    with pytest.raises(LookupError):
        await flight("key", fail)
    assert len(flight) == 0
