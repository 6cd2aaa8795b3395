"""Runs federations in several processes. What a case is depends on its seed, never on who runs it."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from tests.drawn.campaign import run


@dataclass(frozen=True, slots=True)
class Report:
    """What a worker tells of one federation. `kind` is the failure's, `found` the case; None where all is well."""

    seed: int
    cases: int
    kind: str | None = None
    found: str | None = None


def reports(seeds: Sequence[int], workers: int) -> Iterator[Report]:
    """Deal the seeds out; give what the workers tell in the order of the seeds. Who stops reading stops them."""
    context = get_context("spawn")  # a worker has nothing but its seeds
    with ProcessPoolExecutor(workers, context, logging.disable, (logging.CRITICAL,)) as pool:
        try:
            yield from pool.map(_report, seeds)
        finally:
            pool.shutdown(cancel_futures=True)


def _report(seed: int) -> Report:
    try:
        outcome = asyncio.run(run(seed))
    except Exception as error:  # noqa: BLE001 - of the drawing: a failure like others
        return Report(seed, 1, f"not drawn: {error!r}", "".join(traceback.format_exception(error)))
    if outcome.failure is None:
        return Report(seed, outcome.cases)
    return Report(seed, outcome.cases, outcome.failure.kind, outcome.case.as_fixture(outcome.failure))
