"""The order of subgraphs and of definitions changes nothing, whether a federation composes or not."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from graphql import DocumentNode, parse, print_ast

from tests.oracle.cases import Case, mutated_cases, valid_cases
from tests.oracle.verdicts import Verdict, own_verdict
from tests.schema.compose.testkit import composed_raw

SEED = random.SystemRandom().randrange(10**9)
CASES = [*random.Random(SEED).sample(valid_cases(), 15), *mutated_cases(60, SEED)]  # noqa: S311 - no secret


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.label} of seed {SEED}")
def test_the_order_of_definitions_changes_nothing(case: Case) -> None:
    rng = random.Random(SEED)  # noqa: S311 - no secret
    assert said(replace(case, sdl={name: shuffled(sdl, rng) for name, sdl in case.sdl.items()})) == said(case)


def test_the_order_of_subgraphs_changes_no_letter() -> None:
    for case in CASES[:30]:
        first, last = composed_raw(**case.sdl), composed_raw(**dict(reversed(list(case.sdl.items()))))
        assert first == last, f"{case.label} of seed {SEED}"


def shuffled(sdl: str, rng: random.Random) -> str:
    definitions = list(parse(sdl).definitions)
    rng.shuffle(definitions)
    return print_ast(DocumentNode(definitions=tuple(definitions)))


def said(case: Case) -> Verdict:
    return replace(own_verdict(case), messages=())
