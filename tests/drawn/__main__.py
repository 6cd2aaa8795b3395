"""`make test-long`: many cases, and each failure made small."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import time

from tests.drawn.campaign import Campaign, again, new_seed
from tests.drawn.shrink import shrink


async def main(arguments: argparse.Namespace) -> int:
    campaign, failures, start = Campaign(arguments.seed), 0, time.monotonic()
    _say(f"drawn federations: seed {campaign.seed}, {arguments.cases} cases")
    async for seed, case, failure in campaign.run(arguments.cases, arguments.minutes * 60):
        failures += 1
        _say(f"\n=== seed {seed} ({failure.kind}), again by: {again(seed)}")
        if arguments.shrink:
            small, smaller_failure = await shrink(case, failure)
            _say(small.as_fixture(smaller_failure))
        if failures == arguments.failures:
            break
    _say(f"{campaign.cases} cases, {failures} failures, {time.monotonic() - start:.0f} s")
    return 1 if failures or campaign.cases < arguments.cases else 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.drawn", description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=new_seed())
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--failures", type=int, default=5, help="stop after so many")
    parser.add_argument("--no-shrink", dest="shrink", action="store_false")
    return parser.parse_args()


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    sys.exit(asyncio.run(main(_arguments())))
