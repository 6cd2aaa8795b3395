"""Which plans become code: those that are used again and again."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from router.compiled import programs as compiled_programs
from router.compiled.program import Program
from router.compiled.programs import MAX_MAKING, Programs
from router.compiled.uncompilable import Uncompilable
from router.execution.shapes import Shape
from router.planner.model import QueryPlan
from schema.supergraph import Supergraph
from tests.federation import Federation, federation
from tests.router.compiled.compiling import Compilable

SHIPPING = federation("requires/shipping")
QUERY = "{ inStock { upc shippingEstimate } }"


class Making:
    """Counts what is made, and lets it wait, or fail."""

    def __init__(self) -> None:
        self.count = 0
        self.may_end = threading.Event()
        self.may_end.set()
        self.failure: Exception | None = None

    def __call__(self, plan: QueryPlan, shape: Shape, supergraph: Supergraph) -> Program:
        self.count += 1
        self.may_end.wait(30)
        if self.failure is not None:
            raise self.failure
        return Compilable(plan, shape, supergraph).compile()


@pytest.fixture
def making(monkeypatch: pytest.MonkeyPatch) -> Iterator[Making]:
    making = Making()
    monkeypatch.setattr(compiled_programs, "compile_plan", making)
    yield making
    making.may_end.set()


def drawn(count: int, one: Federation = SHIPPING) -> list[Compilable]:
    """Plan so many distinct operations."""
    return [Compilable.of(one, f"{{ inStock {{ a{number}: upc }} }}") for number in range(count)]


async def use(programs: Programs, one: Compilable, times: int = 1) -> list[Program | None]:
    return [await programs.find(one.plan, one.shape) for _ in range(times)]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no request wait for a program."""
    monkeypatch.setattr(compiled_programs, "PATIENCE", 0.0)


async def settled(making: Making) -> None:
    """Wait until all are made that were begun: they are made one after the other."""
    making.may_end.set()
    await asyncio.get_running_loop().run_in_executor(compiled_programs._thread, int)
    await asyncio.sleep(0)


async def test_the_third_use_has_a_plan_made_into_code_and_those_that_come_meanwhile_wait(making: Making) -> None:
    programs, one = Programs(SHIPPING.snapshot.supergraph), Compilable.of(SHIPPING, QUERY)
    making.may_end.clear()
    assert await use(programs, one, 2) == [None, None]
    assert making.count == 0
    waiting = [asyncio.create_task(programs.find(one.plan, one.shape)) for _ in range(3)]
    await asyncio.sleep(0)
    waiting.pop().cancel()
    await settled(making)
    first, second = [await one for one in waiting]
    assert first is second is not None
    assert making.count == 1


@pytest.mark.usefixtures("impatient")
async def test_a_program_that_takes_long_is_not_waited_for(making: Making) -> None:
    programs, one = Programs(SHIPPING.snapshot.supergraph), Compilable.of(SHIPPING, QUERY)
    making.may_end.clear()
    assert await use(programs, one, 5) == [None] * 5
    await settled(making)
    assert await use(programs, one) != [None]
    assert making.count == 1


async def test_after_one_use_code_is_made_before_the_plan_runs() -> None:
    programs, one = Programs(SHIPPING.snapshot.supergraph, after=1), Compilable.of(SHIPPING, QUERY)
    first, second = await use(programs, one, 2)
    assert first is second is not None


async def test_a_flood_of_distinct_operations_compiles_nothing(making: Making) -> None:
    programs = Programs(SHIPPING.snapshot.supergraph)
    for one in drawn(200):
        await use(programs, one, 2)
    assert making.count == 0


@pytest.mark.usefixtures("impatient")
async def test_few_are_made_at_a_time_and_others_have_their_turn_later(making: Making) -> None:
    programs, many = Programs(SHIPPING.snapshot.supergraph), drawn(MAX_MAKING + 2)
    making.may_end.clear()
    for one in many:
        await use(programs, one, 3)
    await settled(making)
    assert making.count == MAX_MAKING
    for one in many:
        await use(programs, one, 3)
    await settled(making)
    assert [None] not in [await use(programs, one) for one in many]


async def test_no_more_are_kept_than_they_may_be_and_the_last_used_stay(making: Making) -> None:
    programs, many = Programs(SHIPPING.snapshot.supergraph, after=1, capacity=10), drawn(30)
    for one in many:
        await use(programs, one)
    assert making.count == 30
    await use(programs, many[-1])
    assert making.count == 30
    await use(programs, many[0])
    assert making.count == 31, "what was forgotten is made again"


async def test_plans_and_programs_are_forgotten_before_they_take_too_much(
    making: Making, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = drawn(30)
    monkeypatch.setattr(compiled_programs, "CACHED_BYTES", 3 * many[0].compile().size)
    programs = Programs(SHIPPING.snapshot.supergraph, after=1)
    for one in many:
        await use(programs, one)
    await use(programs, many[-1])
    assert making.count == 30
    await use(programs, many[0])
    assert making.count == 31


async def test_other_values_of_a_condition_are_a_use_of_other_code(making: Making) -> None:
    programs = Programs(SHIPPING.snapshot.supergraph, after=1)
    text = "query ($all: Boolean! = true) { inStock { upc available @include(if: $all) } }"
    whole = Compilable.of(SHIPPING, text)
    part = Compilable.of(SHIPPING, text.replace("= true", "= false"))
    one, other = await programs.find(whole.plan, whole.shape), await programs.find(whole.plan, part.shape)
    assert one is not other
    assert making.count == 2


@pytest.mark.parametrize("after", [1, 3])
async def test_what_cannot_be_compiled_is_tried_once_and_interpreted(
    making: Making, after: int, caplog: pytest.LogCaptureFixture
) -> None:
    making.failure = Uncompilable("too much code")
    programs, one = Programs(SHIPPING.snapshot.supergraph, after=after), Compilable.of(SHIPPING, QUERY)
    await use(programs, one, after)
    await settled(making)
    assert await use(programs, one, 5) == [None] * 5
    assert (making.count, caplog.records) == (1, [])


@pytest.mark.parametrize("after", [1, 3])
async def test_a_fault_of_the_compiler_is_logged_and_the_plan_is_interpreted(
    making: Making, after: int, caplog: pytest.LogCaptureFixture
) -> None:
    making.failure = RuntimeError("a fault of ours")
    programs, one = Programs(SHIPPING.snapshot.supergraph, after=after), Compilable.of(SHIPPING, QUERY)
    with caplog.at_level(logging.ERROR):
        await use(programs, one, after)
        await settled(making)
    assert await use(programs, one, 5) == [None] * 5
    assert [record.message for record in caplog.records] == ["a plan could not be compiled"]
    assert "a fault of ours" in caplog.text


async def test_what_asks_for_no_code_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> Program:  # noqa: ANN401 - whatever it is
        raise AssertionError("Nothing is to be compiled.")

    monkeypatch.setattr(compiled_programs, "compile_plan", refuse)
    assert (await SHIPPING.federated(QUERY)).errors == ()
