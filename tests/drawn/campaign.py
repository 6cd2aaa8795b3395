"""Runs many cases; each federation from a seed of its own, so that it can be drawn again, wherever it runs."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.drawn.case import Case
from tests.drawn.federation import DoesNotCompose, DrawnFederation, draw_federation
from tests.drawn.operations import draw_operation
from tests.drawn.verdict import Failure

OPERATIONS = 5  # of each federation
CORRUPTED = 0.2  # in parts of one: cases that run twice more, on answers that are wrong


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one federation showed: how many cases ran, and the last one's failure, if it failed."""

    seed: int
    cases: int
    case: Case
    failure: Failure | None


def seeds_of(seed: int, cases: int) -> range:
    """Name the seeds of the federations that so many cases need."""
    return range(seed, seed - (-cases // OPERATIONS))


async def run(seed: int) -> Outcome:
    """Run the cases of one federation up to the first that fails."""
    with telling(seed):
        cases = 0
        for case in draw_cases(seed):
            cases += 1
            if failure := await case.failure():
                break
        return Outcome(seed, cases, case, failure)


@contextmanager
def telling(seed: int) -> Iterator[None]:
    """Add to whatever goes wrong here how to run it again."""
    try:
        yield
    except BaseException as error:
        error.add_note(f"again by: {again(seed)}")
        raise


def again(seed: int) -> str:
    """Tell the command that runs one federation again."""
    return f"make test-long SEED={seed} CASES={OPERATIONS}"


def new_seed() -> int:
    """Choose a seed that no run had before."""
    return random.SystemRandom().randrange(10**9)


def draw_cases(seed: int) -> Iterator[Case]:
    """Draw a federation and its operations; now and then a subgraph is switched off."""
    rng = random.Random(seed)  # noqa: S311 - nothing is secret here
    federation = draw_federation(rng)
    try:
        federation.supergraph  # noqa: B018 - composes now
    except DoesNotCompose:
        yield Case(federation, "{ __typename }", {})
        return
    for _ in range(OPERATIONS):
        yield _case(rng, federation)


def _case(rng: random.Random, federation: DrawnFederation) -> Case:
    operation = draw_operation(rng, federation.api_schema)
    down = [rng.choice(list(federation.sdl))] if rng.random() < 0.25 else []
    labels = [one for one in sorted(federation.labels) if rng.random() < 0.5]
    corruption = rng.randrange(10**9) if rng.random() < CORRUPTED else None
    return Case(federation, operation.text, operation.variables, down, labels, corruption)
