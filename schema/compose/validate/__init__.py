"""Rules for one subgraph: each a function, asked in the order of RULES."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from schema.errors import Report
from schema.subgraph import Subgraph

RULES: Sequence[Callable[[Subgraph, Report], None]] = ()


def validate(subgraph: Subgraph, report: Report) -> None:
    """Report everything that is wrong with one subgraph."""
    for rule in RULES:
        rule(subgraph, report)
