"""`make oracle`: compose what others compose, and say where we differ."""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

from tests.oracle import node
from tests.oracle.cases import MUTATIONS, Case, mutated_cases, valid_cases
from tests.oracle.routers import compare_answers
from tests.oracle.verdicts import Agreement, Difference, by_kind, compare, own_verdict, verdict_of

LEAST = (99.0, 97.0, 99.5)
"""What Apollo's composer and ours must agree on: verdicts, codes, API schemas. Units: percent."""

KINDS = 30  # of differences that are told, the most frequent ones


def main(arguments: argparse.Namespace) -> int:
    start = time.monotonic()
    valid = valid_cases()
    cases = [*valid, *mutated_cases(arguments.cases, arguments.seed)]
    _say(f"seed {arguments.seed}: {len(cases)} cases, {len(MUTATIONS)} kinds of mutations")
    node.install()
    programs = {name: node.Program(name, map(_asked, cases)) for name in ("apollo", "guild")}
    own = [own_verdict(case) for case in cases]
    told = {name: program.answers() for name, program in programs.items()}
    agreements = {name: compare(cases, own, list(map(verdict_of, answers))) for name, answers in told.items()}
    for name, agreement in agreements.items():
        _tell(name, agreement, arguments.show)
    theirs = {one["id"]: one["supergraph"] for one in told["apollo"][: len(valid)] if one["supergraph"]}
    answers_agree = [compare_answers(router, theirs, _say) for router in ("gateway", "hive")]
    _say(f"\n{time.monotonic() - start:.0f} s, again by: make oracle SEED={arguments.seed} CASES={arguments.cases}")
    reached = all(share >= least for share, least in zip(agreements["apollo"].shares, LEAST, strict=True))
    return 0 if reached and all(answers_agree) else 1


def _asked(case: Case) -> Mapping[str, Any]:
    subgraphs = [{"name": name, "url": f"http://{name}", "sdl": sdl} for name, sdl in case.sdl.items()]
    return {"id": case.label, "subgraphs": subgraphs}


def _tell(name: str, agreement: Agreement, shown: int) -> None:
    verdicts, codes, api_schemas = agreement.shares
    _say(
        f"\n{name}: verdicts {agreement.verdicts}/{agreement.cases} ({verdicts:.2f} %),"
        f" codes {agreement.codes}/{agreement.failing} ({codes:.2f} %),"
        f" API schemas {agreement.api_schemas}/{agreement.composing} ({api_schemas:.2f} %),"
        f" hints {agreement.hints}/{agreement.composing}; it broke {agreement.thrown} times"
    )
    for kind, differences in by_kind(agreement.differences)[:KINDS]:
        _say(f"  {len(differences)} times {kind}")
        _tell_each(differences[:shown])


def _tell_each(differences: Sequence[Difference]) -> None:
    for one in differences:
        _say(f"    {one.case.label}")
        for who, verdict in (("ours  ", one.own), ("theirs", one.other)):
            for text in verdict.messages[:3]:
                _say(f"      {who} {' '.join(text.split())[:300]}")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    parser.add_argument("--cases", type=int, default=2500, help="mutated federations (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**9))
    parser.add_argument("--show", type=int, default=0, help="cases told for each kind of difference")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main(_arguments()))
