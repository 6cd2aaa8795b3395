"""Checks of the merged schema, each a function, asked in the order of CHECKS."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from schema.compose.check.inaccessible import check_inaccessible
from schema.compose.check.interface_fields import check_interface_fields
from schema.compose.check.requires import check_requires_arguments, check_transitive_access_control
from schema.compose.check.validity import check_validity
from schema.compose.merge.context import Merge
from schema.compose.satisfiability import check_satisfiability
from schema.compose.write.document import supergraph_document

CHECKS: Sequence[Callable[[Merge], None]] = (
    check_interface_fields,
    check_requires_arguments,
    check_transitive_access_control,
)


def check_supergraph(merge: Merge, sdl: str) -> None:
    """Report everything that is wrong with the whole, though each subgraph is right."""
    for check in CHECKS:
        check(merge)
    if not merge.report.errors:
        check_inaccessible(merge)
    if merge.report.errors:
        return
    supergraph = check_validity(merge, supergraph_document(merge), sdl)
    if supergraph is not None and not merge.report.errors:
        check_satisfiability(merge, supergraph)
