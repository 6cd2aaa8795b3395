"""Federations nobody wrote: whatever the split, the federated answer is the monolith's. See docs/testing.md."""

from __future__ import annotations

import sys

import pytest

from tests.drawn.campaign import Campaign, new_seed
from tests.drawn.shrink import shrink

CASES = 150
SECONDS = 25.0  # a busy machine runs fewer


async def test_drawn_federations_answer_as_their_monoliths(capsys: pytest.CaptureFixture[str]) -> None:
    campaign = Campaign(new_seed())
    async for seed, case, failure in campaign.run(CASES, SECONDS):
        small, smaller_failure = await shrink(case, failure)
        pytest.fail(f"run again with `make test-long SEED={seed} CASES=5`\n\n{small.as_fixture(smaller_failure)}")
    with capsys.disabled():
        sys.stdout.write(f" {campaign.cases} cases of seed {campaign.seed} ")
    assert campaign.cases > 0
