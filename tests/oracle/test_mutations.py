from __future__ import annotations

import random

import pytest
from graphql import parse, print_ast

from tests.oracle.cases import MUTATIONS, mutated_cases, valid_cases
from tests.oracle.scene import Scene, applied_edit, importing_all
from tests.oracle.verdicts import Verdict, compare, own_verdict

BASES = [{name: importing_all(parse(sdl)) for name, sdl in case.sdl.items()} for case in valid_cases()]


@pytest.mark.parametrize("kind", MUTATIONS)
def test_every_kind_of_mutation_changes_some_base(kind: str) -> None:
    rng = random.Random(kind)  # noqa: S311 - nothing is secret here
    for documents in BASES:
        for name in documents:
            for edit in MUTATIONS[kind](Scene(documents, name, rng)):
                assert print_ast(applied_edit(documents[name], edit)) != print_ast(documents[name])
                return
    pytest.fail("no base has a place for it")


def test_a_seed_draws_the_same_cases_again() -> None:
    assert list(mutated_cases(20, seed=5)) == list(mutated_cases(20, seed=5))


def test_every_base_composes() -> None:
    assert [case.name for case in valid_cases() if not own_verdict(case).composes] == []


def test_agreement_is_counted_apart_for_verdicts_codes_and_api_schemas() -> None:
    case, *_ = valid_cases()
    fine, other = Verdict(frozenset(), frozenset(), "a", ()), Verdict(frozenset(), frozenset(), "b", ())
    failed, broke = (
        Verdict(frozenset({"X"}), frozenset(), None, ()),
        Verdict(frozenset({"THROWN"}), frozenset(), None, ()),
    )
    agreement = compare([case] * 5, [fine, fine, failed, failed, fine], [fine, other, failed, broke, failed])
    assert (agreement.verdicts, agreement.cases) == (3, 4)
    assert (agreement.codes, agreement.failing, agreement.thrown) == (1, 1, 1)
    assert (agreement.api_schemas, agreement.composing) == (1, 2)
    assert [one.kind for one in agreement.differences] == ["API schema", "not ours: X"]
