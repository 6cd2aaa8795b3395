"""Callers have accounts; a request is charged to each that the rules name, in this process or in the whole fleet."""

from __future__ import annotations

import tracemalloc
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from router.errors import RateLimited
from router.policies.rates.counters import Counters, CountersInFleet, CountersInProcess
from router.policies.rates.gcra import Rate, decide
from router.policies.rates.rates import Rates, headers_of
from router.request import Client, Identity, RequestContext
from router.settings import Mode, RateLimits, RateRule, Redis, Unit
from router.shared_store import SharedStore
from tests.valkey import Valkey

SLOW = Rate(burst=3, seconds_per_unit=1_000)


def test_units_are_used_at_once_and_regained_at_a_steady_pace() -> None:
    rate = Rate(burst=2, seconds_per_unit=10)
    one, regained = decide(None, 100.0, rate, 1)
    two, regained = decide(regained, 100.0, rate, 1)
    three, regained = decide(regained, 104.0, rate, 1)
    four, _ = decide(regained, 110.0, rate, 1)
    assert [one.allowed, two.allowed, three.allowed, four.allowed] == [True, True, False, True]
    assert (one.remaining, two.remaining) == (1, 0)
    assert (three.retry_after, three.reset_after) == (6, 16)


@given(st.floats(0, 2e9), st.integers(1, 1000), st.floats(0.001, 86_400))
def test_a_new_caller_may_use_all_at_once_at_any_time(now: float, limit: int, period: float) -> None:
    decision, _ = decide(None, now, Rate(limit, period / limit), limit)
    assert decision.allowed


def test_what_is_more_than_may_ever_be_used_at_once_cannot_be_waited_for() -> None:
    decision, regained = decide(None, 0.0, SLOW, 4)
    assert not decision.allowed
    assert decision.retry_after is None
    assert regained == 0.0


async def test_of_too_many_callers_the_one_who_has_not_asked_for_longest_starts_anew() -> None:
    counters = CountersInProcess(clock=lambda: 0.0, callers=2)
    left = [(await counters.use(caller, SLOW, 1)).remaining for caller in "abacba"]
    assert left == [2, 2, 1, 2, 2, 2]


@given(st.lists(st.tuples(st.floats(0, 50), st.integers(1, 5)), max_size=40))
def test_no_schedule_gets_more_than_the_burst_and_what_was_regained(asks: list[tuple[float, int]]) -> None:
    rate, now, regained, used = Rate(burst=10, seconds_per_unit=2), 0.0, None, 0
    for wait, units in asks:
        now += wait
        decision, regained = decide(regained, now, rate, units)
        used += units * decision.allowed
        assert used <= rate.burst + now / rate.seconds_per_unit + 1e-3
        assert 0 <= decision.remaining <= rate.burst


@pytest.fixture
async def store(valkey: Valkey) -> AsyncIterator[SharedStore]:
    store = SharedStore(Redis(url=SecretStr(valkey.url), timeout=timedelta(seconds=1)))
    yield store
    await store.close()


@pytest.fixture(params=["in process", "in the fleet"])
def counters(request: pytest.FixtureRequest) -> Counters:
    return CountersInProcess() if request.param == "in process" else CountersInFleet(request.getfixturevalue("store"))


async def test_every_caller_has_an_account(counters: Counters) -> None:
    allowed = [(await counters.use("a", SLOW, 1)).allowed for _ in range(4)]
    assert allowed == [True, True, True, False]
    assert (await counters.use("b", SLOW, 1)).allowed


async def test_units_that_may_not_be_used_are_not_charged(counters: Counters) -> None:
    assert not (await counters.use("a", SLOW, 4)).allowed
    decision = await counters.use("a", SLOW, 3)
    assert decision.allowed
    assert decision.remaining == pytest.approx(0, abs=0.01)


async def test_routers_of_a_fleet_share_accounts(store: SharedStore) -> None:
    one, other = CountersInFleet(store), CountersInFleet(store)
    assert [(await counters.use("a", SLOW, 2)).allowed for counters in (one, other)] == [True, False]


async def test_an_account_is_forgotten_once_all_is_regained(store: SharedStore) -> None:
    await CountersInFleet(store).use("a", Rate(burst=5, seconds_per_unit=1), 3)
    assert 3_000 < await store.run(lambda redis: redis.pttl(store.key("rate", "a"))) <= 4_001


async def test_a_router_whose_store_is_gone_counts_alone(valkey: Valkey) -> None:
    store = SharedStore(Redis(url=SecretStr(valkey.url)))
    counters = CountersInFleet(store)
    await counters.use("a", SLOW, 3)
    valkey.kill()
    assert [(await counters.use("a", SLOW, 2)).allowed for _ in range(2)] == [True, False]
    await store.close()


def rates(*rules: RateRule, mode: Mode = Mode.ENFORCE) -> Rates:
    return Rates(RateLimits(rules=rules, mode=mode), CountersInProcess(lambda: 0.0))


def asked_by(**facts: object) -> RequestContext:
    return RequestContext(deadline=0.0, **facts)  # type: ignore[arg-type]  # each test names what matters to it


LONG = "k" * 60_000
ADA = Identity("acme", "ada")
EVE = Identity("acme", "eve")


@pytest.mark.parametrize(
    ("by", "one", "same", "other"),
    [
        ("everyone", {"address": "1"}, {"address": "2"}, None),
        ("ip", {"address": "1", "identity": ADA}, {"address": "1"}, {"address": "2", "identity": ADA}),
        ("client", {"client": Client("web")}, {"client": Client("web", "2")}, {"client": Client("ios")}),
        ("principal", {"identity": ADA}, {"identity": ADA, "address": "2"}, {"identity": EVE}),
        ("principal", {"address": "1"}, {"address": "1"}, {"address": "2"}),
        ("tenant", {"identity": ADA}, {"identity": EVE}, {"identity": Identity("other", "ada")}),
        ("header:X-Key", {"headers": {"x-key": "k"}}, {"headers": {"x-key": "k"}}, {"headers": {"x-key": "l"}}),
        ("header:X-Key", {"headers": {"x-key": LONG}}, {"headers": {"x-key": LONG}}, {"headers": {"x-key": LONG[1:]}}),
    ],
)
async def test_a_rule_says_who_shares_an_account(
    by: str, one: dict[str, object], same: dict[str, object], other: dict[str, object] | None
) -> None:
    limited = rates(RateRule(by=by, limit=1))
    await limited.use(Unit.REQUESTS, 1, asked_by(**one))
    with pytest.raises(RateLimited):
        await limited.use(Unit.REQUESTS, 1, asked_by(**same))
    if other is not None:
        await limited.use(Unit.REQUESTS, 1, asked_by(**other))


async def test_the_accounts_of_callers_with_long_names_take_no_more_than_those_with_short_ones() -> None:
    counters = CountersInProcess()
    limited = Rates(RateLimits(rules=(RateRule(by="header:x-key", limit=1),)), counters)
    tracemalloc.start()
    try:
        for at in range(1_000):
            await limited.use(Unit.REQUESTS, 1, asked_by(headers={"x-key": f"{at}{LONG}"}))
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 2_000_000


async def test_a_caller_is_told_what_is_left_and_when_to_come_back() -> None:
    limited = rates(RateRule(by="ip", limit=2), RateRule(by="everyone", limit=100, period=timedelta(hours=1)))
    standings = await limited.use(Unit.REQUESTS, 1, asked_by(address="1"))
    assert headers_of(standings) == (
        ("ratelimit-policy", '"requests-ip";q=2;w=60, "requests-everyone";q=100;w=3600'),
        ("ratelimit", '"requests-ip";r=1;t=30, "requests-everyone";r=99;t=36'),
    )
    await limited.use(Unit.REQUESTS, 1, asked_by(address="1"))
    with pytest.raises(RateLimited, match=r"ask again in 30 s") as caught:
        await limited.use(Unit.REQUESTS, 1, asked_by(address="1"))
    assert ("retry-after", "30") in caught.value.headers
    assert caught.value.extensions == {"retryAfter": 30}


async def test_cost_is_charged_to_rules_of_cost_only() -> None:
    limited = rates(RateRule(by="ip", limit=1), RateRule(by="ip", limit=50, unit=Unit.COST))
    (standing,) = await limited.use(Unit.COST, 40, asked_by(address="1"))
    assert standing.decision.remaining == pytest.approx(10)
    with pytest.raises(RateLimited, match="ask for less"):
        await limited.use(Unit.COST, 51, asked_by(address="2"))


async def test_a_rule_that_is_only_measured_refuses_nobody_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    limited = rates(RateRule(by="ip", limit=1), mode=Mode.MEASURE)
    for _ in range(2):
        await limited.use(Unit.REQUESTS, 1, asked_by(address="1"))
    assert [record.message for record in caplog.records] == ["a rate limit is exceeded"]
