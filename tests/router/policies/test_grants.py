"""`@policy` decided by Python of the team's own."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Collection
from datetime import timedelta

import pytest

from router.hooks import Hooks, policy
from router.policies.grants import Grants
from router.python_object import InvalidReference
from router.request import Json, RequestContext

SOON = timedelta(milliseconds=30)


class Rules(Hooks):
    """Decides in every way in which one may."""

    def __init__(self) -> None:
        self.asked: list[frozenset[str]] = []

    @policy("good", "better", "best")
    async def decent(self, _context: RequestContext, names: frozenset[str]) -> Collection[str]:
        self.asked.append(names)
        return {"good", "better", "unasked"}

    @policy("throws")
    async def throws(self, _context: RequestContext, _names: frozenset[str]) -> Collection[str]:
        raise RuntimeError("a secret of the team")

    @policy("cancels")
    async def cancels(self, _context: RequestContext, _names: frozenset[str]) -> Collection[str]:
        raise asyncio.CancelledError

    @policy("hangs")
    async def hangs(self, _context: RequestContext, _names: frozenset[str]) -> Collection[str]:
        await asyncio.Event().wait()
        return ()

    @policy("stubborn")
    async def stubborn(self, _context: RequestContext, names: frozenset[str]) -> Collection[str]:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await asyncio.sleep(0.1)
        return names

    @policy("none")
    async def none(self, _context: RequestContext, _names: frozenset[str]) -> Json:
        return None

    @policy("text", "t")
    async def text(self, _context: RequestContext, _names: frozenset[str]) -> Json:
        return "text"

    @policy("true")
    async def true(self, _context: RequestContext, _names: frozenset[str]) -> Json:
        return True


def context(seconds: float = 5) -> RequestContext:
    return RequestContext(time.monotonic() + seconds)


async def test_a_policy_is_asked_once_about_those_of_its_names_that_matter() -> None:
    rules = Rules()
    granted = await Grants(rules).granted(frozenset({"good", "best", "of nobody"}), context())
    assert granted == {"good"}
    assert rules.asked == [{"good", "best"}]


async def test_nobody_is_asked_when_nothing_matters() -> None:
    rules = Rules()
    assert await Grants(rules).granted(frozenset(), context()) == frozenset()
    assert await Grants(rules).granted(frozenset({"of nobody"}), context()) == frozenset()
    assert await Grants().granted(frozenset({"good"}), context()) == frozenset()
    assert rules.asked == []


@pytest.mark.parametrize("name", ["throws", "cancels", "hangs", "stubborn", "none", "text", "true"])
async def test_one_that_fails_or_hangs_grants_nothing_and_harms_no_other(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        granted = await Grants(Rules(), SOON).granted(frozenset({name, "good"}), context())
    assert granted == {"good"}
    assert [vars(record)["policies"] for record in caplog.records] == [[name]]


async def test_no_policy_outlives_the_request() -> None:
    rules, before = Grants(Rules(), timedelta(hours=1)), asyncio.all_tasks()
    assert await rules.granted(frozenset({"hangs", "good"}), context(0.03)) == {"good"}
    asking = asyncio.create_task(rules.granted(frozenset({"hangs"}), context()))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await asyncio.sleep(0.01)
    assert asyncio.all_tasks() <= before


def test_a_policy_that_two_decide_about_stops_the_start() -> None:
    class Twice(Rules):
        @policy("good")
        async def also(self, _context: RequestContext, names: frozenset[str]) -> Collection[str]:
            return names

    with pytest.raises(InvalidReference, match="two methods decide about the policy 'good'"):
        Grants(Twice())


def test_a_policy_that_is_not_async_stops_the_start() -> None:
    class Blocking(Hooks):
        @policy("blocking")  # type: ignore[type-var]  # that is the mistake
        def blocking(self, _context: RequestContext, names: frozenset[str]) -> Collection[str]:
            return names

    with pytest.raises(InvalidReference, match="decides about the policy 'blocking' has to be 'async def'"):
        Grants(Blocking())
