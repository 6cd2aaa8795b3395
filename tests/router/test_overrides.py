"""Progressive `@override`, from the settings, chance and the hook to the subgraph that is asked."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Collection, Mapping
from itertools import count

import pytest

from router.fetch.in_process import InProcessSource
from router.fetch.subgraph_request import SubgraphRequest
from router.hooks import Hooks, load_hooks
from router.overrides import Overrides
from router.pipeline import Router, answer
from router.python_object import InvalidReference
from router.request import GraphQLRequest, Identity, Json, RequestContext
from router.settings import Override
from router.snapshot import Snapshot
from schema.compose.compose import compose
from schema.subgraph import SubgraphSource

LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@override"])\n'
OLD = "type Query { never: Int always: Int named: Int other: Int half: Int fixed: Int }"
NEW = """type Query {
  never: Int @override(from: "old", label: "percent(0)")
  always: Int @override(from: "old", label: "percent(100)")
  half: Int @override(from: "old", label: "percent(50)")
  named: Int @override(from: "old", label: "beta")
  other: Int @override(from: "old", label: "gamma")
}"""
FEW, MANY = frozenset({"percent(5)"}), frozenset({"percent(5)", "percent(50.5)", "percent(99)"})


class Beta(Hooks):
    """Moves to the new subgraph whom a header says to move."""

    def __init__(self) -> None:
        self.asked: list[set[str]] = []

    async def labels(self, context: RequestContext, known: frozenset[str]) -> Collection[str]:
        self.asked.append(set(known))
        return {"beta", "unknown"} if context.headers.get("x-beta") else set()


class Broken(Hooks):
    async def labels(self, context: RequestContext, known: frozenset[str]) -> Collection[str]:
        raise ConnectionError(f"no flags for {context.headers} {known}")


class Slow(Hooks):
    async def labels(self, context: RequestContext, known: frozenset[str]) -> Collection[str]:
        await asyncio.sleep(60)
        return context.headers.keys() & known


BETA = Beta()


def context(identity: Identity | None = None, seconds: float = 5, **headers: str) -> RequestContext:
    return RequestContext(time.monotonic() + seconds, identity, {k.replace("_", "-"): v for k, v in headers.items()})


def sdl() -> str:
    sources = [SubgraphSource(name, f"http://{name}", LINK + text) for name, text in [("old", OLD), ("new", NEW)]]
    composition = compose(sources)
    assert composition.supergraph_sdl is not None, composition.errors
    return composition.supergraph_sdl


SDL = sdl()


async def homes(query: str, overrides: Overrides, asking: RequestContext | None = None) -> dict[str, str]:
    """Ask through the whole router which subgraph answers each field."""

    async def subgraph(request: SubgraphRequest) -> Mapping[str, Json]:
        place = {"old": 0, "new": 1}[request.subgraph]
        return {"data": {name: place for name in OLD.replace(":", "").split() if name in request.query}}

    router = Router(Snapshot.load(SDL), InProcessSource({"old": subgraph, "new": subgraph}), overrides=overrides)
    response = await answer(GraphQLRequest(query), asking or context(), router)
    assert not response.errors
    return {name: ("old", "new")[place] for name, place in response.data.items()}


async def test_of_the_percentages_0_moves_nobody_and_100_everybody() -> None:
    for chance in (0.0, 0.5, 0.999999):
        moved = await homes("{ never always fixed }", Overrides(Override(), chance=lambda: chance))  # noqa: B023
        assert moved == {"never": "old", "always": "new", "fixed": "old"}


async def test_a_percentage_moves_as_many_requests() -> None:
    numbers = count()
    overrides = Overrides(Override(), chance=lambda: next(numbers) % 100 / 100)
    moved = Counter([bool(await overrides.active(FEW, context())) for _ in range(200)])
    assert moved == {True: 10, False: 190}


async def test_who_is_among_few_is_among_many() -> None:
    numbers = count()
    overrides = Overrides(Override(), chance=lambda: next(numbers) / 1000)
    seen = {await overrides.active(MANY, context()) for _ in range(1000)}
    assert len(seen) == 4
    assert all(one <= other or other <= one for one in seen for other in seen)


async def test_a_label_of_the_settings_is_on_and_the_others_are_off() -> None:
    moved = await homes("{ named other }", Overrides(Override(labels=frozenset({"beta"}))))
    assert moved == {"named": "new", "other": "old"}


async def test_the_hook_chooses_among_the_labels_that_matter() -> None:
    hooks = Beta()
    overrides = Overrides(Override(labels=frozenset({"gamma"})), hooks)
    for asking, home in [(context(x_beta="1"), "new"), (context(), "old")]:
        moved = await homes("{ named other half }", overrides, asking)
        assert (moved["named"], moved["other"]) == (home, "new")
    assert hooks.asked == [{"beta"}, {"beta"}]
    await homes("{ fixed always other }", overrides)
    assert len(hooks.asked) == 2


@pytest.mark.parametrize(("hooks", "seconds"), [(Broken(), 5), (Slow(), 0.05)])
async def test_a_hook_that_fails_leaves_its_labels_off(
    hooks: Hooks, seconds: float, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        active = await Overrides(Override(), hooks).active(frozenset({"beta", "percent(100)"}), context(None, seconds))
    assert active == {"percent(100)"}
    assert "stay off" in caplog.text


@pytest.mark.parametrize("percent_by", ["principal", "header:X-Device"])
async def test_a_caller_can_be_treated_alike_every_time(percent_by: str) -> None:
    overrides = Overrides(Override(percent_by=percent_by), chance=lambda: pytest.fail("nothing is left to chance"))
    decided = Counter[bool]()
    for number in range(400):
        asking = context(Identity("t", f"p{number}"), x_device=f"d{number}")
        first, again = [await overrides.active(frozenset({"percent(50)"}), asking) for _ in range(2)]
        assert first == again
        decided[bool(first)] += 1
    assert 140 < decided[True] < 260


@pytest.mark.parametrize("percent_by", ["principal", "header:x-device"])
async def test_a_caller_without_a_name_is_drawn_for(percent_by: str) -> None:
    for chance, active in [(0.01, FEW), (0.9, frozenset())]:
        overrides = Overrides(Override(percent_by=percent_by), chance=lambda: chance)  # noqa: B023
        assert await overrides.active(FEW, context(Identity("t", None))) == active


async def test_requests_whose_labels_differ_in_nothing_that_matters_share_a_plan() -> None:
    snapshot = Snapshot.load(SDL)
    prepared = await snapshot.prepared.get("{ named fixed }", None)
    verdict = prepared.guards.verdict(None)
    labels = [frozenset[str](), frozenset({"gamma"}), frozenset({"beta"}), frozenset({"beta", "percent(50)"})]
    plain, other, moved, both = [await snapshot.plans.get(prepared, verdict, one) for one in labels]
    assert plain is other
    assert moved is both
    assert plain is not moved


def test_hooks_are_named_by_module_and_object() -> None:
    assert load_hooks("tests.router.test_overrides:BETA") is BETA
    assert type(load_hooks(None)) is Hooks


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("nowhere:hooks", "hooks: 'nowhere:hooks' cannot be loaded: No module named 'nowhere'."),
        ("tests.router.test_overrides:absent", "has no attribute 'absent'"),
        ("tests.router.test_overrides", "expected 'module:object'"),
        ("tests.router.test_overrides:OLD", "is no instance of 'router.hooks.Hooks'"),
    ],
)
def test_hooks_that_are_not_there_stop_the_start(reference: str, message: str) -> None:
    with pytest.raises(InvalidReference, match=message):
        load_hooks(reference)
