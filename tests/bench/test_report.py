"""What `make bench` says of its samples."""

from __future__ import annotations

from bench.report import memory, rows
from bench.sample import Sample


def sample(peer: str, number: int, cpu_us: float, wrong: str | None = None, planner_mb: float = 0.0) -> Sample:
    return Sample("list", peer, "none", number, 10, 100.0, 1.0, 2.0, cpu_us, 3.0, 50.0, planner_mb, wrong)


def test_a_ratio_is_the_median_of_the_ratios_within_the_rounds() -> None:
    own = [sample("fedra", 1, 10), sample("fedra", 2, 40), sample("fedra", 3, 30)]
    other = [sample("apollo-gateway", 1, 100), sample("apollo-gateway", 2, 100), sample("apollo-gateway", 3, 200)]
    row, reference = rows([*own, *other])
    assert (row.cpu_us, row.least, row.most, row.of_reference) == (30, 10, 40, 0.15)
    assert (reference.of_reference, reference.own_share) == (1, 0.15)


def test_warm_up_and_wrong_answers_are_no_figures() -> None:
    assert rows([sample("fedra", 0, 10), sample("fedra", 1, 10, wrong="200 b''")]) == []


def test_the_planner_process_is_told_apart() -> None:
    assert memory(sample("fedra", 1, 10, planner_mb=40)) == "50 + 40 planner"
    assert memory(sample("apollo-gateway", 1, 10)) == "50"
