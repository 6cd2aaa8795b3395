"""`make test-long`: many cases on all cores; each failure is told in a line, the first of each kind made small."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
import time
from contextlib import suppress

from tests.drawn.campaign import again, new_seed, run, seeds_of
from tests.drawn.shrink import shrink
from tests.drawn.workers import Report, reports


def main(arguments: argparse.Namespace) -> int:
    start = time.monotonic()
    _say(f"drawn federations: seed {arguments.seed}, {arguments.cases} cases, {arguments.workers} workers")
    cases, failures = 0, 0
    first: dict[str, Report] = {}  # by kind of failure
    for report in reports(seeds_of(arguments.seed, arguments.cases), arguments.workers):
        cases += report.cases
        if report.kind is not None:
            failures += 1
            first.setdefault(report.kind, report)
            _say(f"{report.kind}, again by: {again(report.seed)}")
        if failures == arguments.failures or time.monotonic() - start > arguments.minutes * 60:
            break
    _say(f"{cases} cases, {failures} failures, {time.monotonic() - start:.0f} s")
    for report in first.values():
        _say(f"\n=== seed {report.seed} ({report.kind}), again by: {again(report.seed)}")
        _say(asyncio.run(_small(report)) if arguments.shrink else str(report.found))
    return 1 if failures or cases < arguments.cases else 0


async def _small(report: Report) -> str:
    """Make a failing case small. What cannot be drawn, or fails only now and then, is told as it was found."""
    with suppress(Exception):
        outcome = await run(report.seed)
        if outcome.failure is not None:
            case, failure = await shrink(outcome.case, outcome.failure)
            return case.as_fixture(failure)
    return f"(not made small)\n{report.found}"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.drawn", description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=new_seed())
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--failures", type=int, default=20, help="stop after so many")
    parser.add_argument("--no-shrink", dest="shrink", action="store_false")
    return parser.parse_args()


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    sys.exit(main(_arguments()))
