"""Fusion by reciprocal ranks, as published."""

from uuid import UUID

from subgraphs.search.fusion import Ranked, Scored, fuse

A, B, C = (UUID(int=number) for number in (1, 2, 3))


def test_what_stands_in_both_lists_comes_before_what_leads_one() -> None:
    ranked = fuse([Scored(A, 0.9), Scored(B, 0.8)], [Scored(C, 7.0), Scored(B, 3.0)])
    assert [entry.id for entry in ranked] == [B, A, C]
    assert ranked[0] == Ranked(B, 2 / 62, dense=0.8, sparse=3.0)
    assert ranked[1] == Ranked(A, 1 / 61, dense=0.9, sparse=None)


def test_ties_stand_in_the_order_of_ids() -> None:
    assert [entry.id for entry in fuse([Scored(B, 1.0)], [Scored(A, 1.0)])] == [A, B]


def test_nothing_is_made_of_nothing() -> None:
    assert fuse([], []) == []
