"""A plan in steps, for those who print it; execution has no steps."""

from __future__ import annotations

from router.planner.model import Fetch, QueryPlan


def waves(plan: QueryPlan) -> list[list[Fetch]]:
    """Group fetches by how many others have to come before them."""
    grouped: list[list[Fetch]] = []
    level: dict[int, int] = {}
    for fetch in plan.fetches:
        level[fetch.id] = 1 + max((level[one] for one in fetch.after), default=-1)
        if level[fetch.id] == len(grouped):
            grouped.append([])
        grouped[level[fetch.id]].append(fetch)
    return grouped
