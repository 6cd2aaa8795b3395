"""Checks of the merged schema, each a function, asked in the order of CHECKS."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from schema.compose.merge.context import Merge

CHECKS: Sequence[Callable[[Merge, str], None]] = ()


def check_supergraph(merge: Merge, supergraph: str) -> None:
    """Report everything that is wrong with the whole, though each subgraph is right."""
    for check in CHECKS:
        check(merge, supergraph)
