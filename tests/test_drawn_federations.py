"""Federations nobody wrote: whatever the split, the federated answer is the monolith's. See docs/testing.md."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from tests.drawn.campaign import again, new_seed, run, seeds_of
from tests.drawn.shrink import shrink
from tests.drawn.workers import Report, reports

CASES = 150
SECONDS = 25.0  # a busy machine runs fewer
PRINT = """
from tests.drawn.campaign import draw_cases
for seed in range(5):
    for case in draw_cases(seed):
        print(case.federation.sdl, case.federation.data, case.text, case.variables, case.down, case.labels)
"""


async def test_drawn_federations_answer_as_their_monoliths(capsys: pytest.CaptureFixture[str]) -> None:
    start, first, cases = time.monotonic(), new_seed(), 0
    with capsys.disabled():  # first, so that no end of this process takes the seed with it
        sys.stdout.write(f" seed {first} ")
        sys.stdout.flush()
    for seed in seeds_of(first, CASES):
        outcome = await run(seed)
        cases += outcome.cases
        if outcome.failure is not None:
            small, failure = await shrink(outcome.case, outcome.failure)
            pytest.fail(f"again by: {again(seed)}\n\n{small.as_fixture(failure)}")
        if time.monotonic() - start > SECONDS:
            break
    with capsys.disabled():
        sys.stdout.write(f"{cases} cases ")
    assert cases > 0


def test_a_seed_draws_the_same_cases_in_every_process() -> None:
    first, second = (_printed(hash_seed) for hash_seed in ("1", "2"))
    assert first == second


def _printed(hash_seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    command = [sys.executable, "-c", PRINT]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def test_workers_report_every_seed_in_order() -> None:
    assert list(reports(range(3), workers=2)) == [Report(seed, 5) for seed in range(3)]
