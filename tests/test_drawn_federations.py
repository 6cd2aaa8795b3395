"""Federations nobody wrote: whatever the split, the federated answer is the monolith's. See docs/testing.md."""

from __future__ import annotations

import sys

import pytest

from tests.drawn.campaign import Campaign, again, new_seed
from tests.drawn.shrink import shrink

CASES = 150
SECONDS = 25.0  # a busy machine runs fewer


async def test_drawn_federations_answer_as_their_monoliths(capsys: pytest.CaptureFixture[str]) -> None:
    campaign = Campaign(new_seed())
    with capsys.disabled():  # first, so that no end of this process takes the seed with it
        sys.stdout.write(f" seed {campaign.seed} ")
        sys.stdout.flush()
    async for seed, case, failure in campaign.run(CASES, SECONDS):
        small, smaller_failure = await shrink(case, failure)
        pytest.fail(f"again by: {again(seed)}\n\n{small.as_fixture(smaller_failure)}")
    with capsys.disabled():
        sys.stdout.write(f"{campaign.cases} cases ")
    assert campaign.cases > 0
