"""`make test-long`: many cases, and each failure made small."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import time

from tests.drawn.campaign import Campaign, new_seed
from tests.drawn.shrink import shrink


async def main(arguments: argparse.Namespace) -> int:
    campaign = Campaign(arguments.seed)
    start = time.monotonic()
    sys.stdout.write(f"drawn federations: seed {campaign.seed}, {arguments.cases} cases\n")
    await campaign.run(arguments.cases, arguments.minutes * 60, arguments.failures)
    for seed, case, failure in campaign.failures:
        sys.stdout.write(f"\n=== seed {seed} ({failure.kind}): make test-long SEED={seed} CASES=5\n")
        sys.stdout.flush()
        if arguments.shrink:
            sys.stdout.write((small := await shrink(case, failure))[0].as_fixture(small[1]))
    took = time.monotonic() - start
    sys.stdout.write(f"{campaign.cases} cases, {len(campaign.failures)} failures, {took:.0f} s\n")
    return 1 if campaign.failures else 0


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
