"""Runs many cases one after the other; each federation from a seed of its own, so that it can be drawn again."""

from __future__ import annotations

import random
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.drawn.case import Case
from tests.drawn.federation import DoesNotCompose, DrawnFederation, draw_federation
from tests.drawn.operations import draw_operation
from tests.drawn.verdict import Failure

OPERATIONS = 5  # of each federation


@dataclass(slots=True)
class Campaign:
    """Cases of federations with the seeds from `seed` on. `cases` counts those that were run."""

    seed: int
    cases: int = 0

    async def run(self, cases: int, seconds: float) -> AsyncIterator[tuple[int, Case, Failure]]:
        """Run so many cases, or as many as the time allows; yield what fails, with the seed of its federation."""
        end = time.monotonic() + seconds
        for seed in range(self.seed, self.seed + -(-cases // OPERATIONS)):
            with telling(seed):
                async for case, failure in self._failing(seed):
                    yield seed, case, failure
            if time.monotonic() > end:
                return

    async def _failing(self, seed: int) -> AsyncIterator[tuple[Case, Failure]]:
        """Yield the first case of a federation that fails, if one does."""
        for case in draw_cases(seed):
            self.cases += 1
            if failure := await case.failure():
                yield case, failure
                return


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
    return Case(federation, operation.text, operation.variables, down, labels)
