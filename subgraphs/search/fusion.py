"""Ranked lists made one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

RRF_K = 60


@dataclass(frozen=True, slots=True)
class Scored:
    """An entry of one ranked list, best first."""

    id: UUID
    score: float


@dataclass(frozen=True, slots=True)
class Ranked:
    """An entry of the final list, with the scores it had by meaning and by words, None where it was not found so."""

    id: UUID
    score: float
    dense: float | None = None
    sparse: float | None = None


def fuse(dense: Sequence[Scored], sparse: Sequence[Scored], k: int = RRF_K) -> list[Ranked]:
    """Join two ranked lists by reciprocal ranks, 1 / (k + rank) each; ties stand in the order of ids.

    Source: Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion Outperforms Condorcet".
    """
    reciprocal: dict[UUID, float] = {}
    for ranking in (dense, sparse):
        for rank, entry in enumerate(ranking, start=1):
            reciprocal[entry.id] = reciprocal.get(entry.id, 0.0) + 1 / (k + rank)
    by_meaning = {entry.id: entry.score for entry in dense}
    by_words = {entry.id: entry.score for entry in sparse}
    ranked = [Ranked(id, score, by_meaning.get(id), by_words.get(id)) for id, score in reciprocal.items()]
    return sorted(ranked, key=lambda entry: (-entry.score, entry.id))
