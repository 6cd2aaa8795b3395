"""Runs many cases one after the other; each federation from a seed of its own, so that it can be drawn again."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.drawn.case import Case, Failure
from tests.drawn.federation import DrawnFederation, draw_federation
from tests.drawn.operations import draw_operation

OPERATIONS = 5  # of each federation


@dataclass(slots=True)
class Campaign:
    """What was run. Shapes: failures holds seed, case and failure."""

    seed: int
    cases: int = 0
    failures: list[tuple[int, Case, Failure]] = field(default_factory=list)

    async def run(self, cases: int, seconds: float, at_most: int = 1) -> None:
        """Run so many cases, or as many as the time allows; stop after some failures."""
        end = time.monotonic() + seconds
        for number in range(-(-cases // OPERATIONS)):
            seed = self.seed + number
            for case in draw_cases(seed):
                self.cases += 1
                if failure := await case.failure():
                    self.failures.append((seed, case, failure))
                    break
            if time.monotonic() > end or len(self.failures) >= at_most:
                return


def new_seed() -> int:
    """Choose a seed that no run had before."""
    return random.SystemRandom().randrange(10**9)


def draw_cases(seed: int) -> Iterator[Case]:
    """Draw a federation and its operations; now and then a subgraph is switched off."""
    rng = random.Random(seed)  # noqa: S311 - nothing is secret here
    federation = draw_federation(rng)
    for _ in range(OPERATIONS):
        yield _case(rng, federation)


def _case(rng: random.Random, federation: DrawnFederation) -> Case:
    operation = draw_operation(rng, federation.api_schema)
    requires = any("@requires(" in sdl for sdl in federation.sdl.values())  # then a lost null makes another value
    down = [rng.choice(list(federation.sdl))] if not requires and rng.random() < 0.4 else []
    return Case(federation, operation.text, operation.variables, down)
