"""`@shareable`: once in a place, and not on interfaces."""

from __future__ import annotations

from collections import Counter

from graphql import Node

from schema.elements import Kind
from schema.errors import Report
from schema.subgraph import Subgraph


def check_shareable(subgraph: Subgraph, report: Report) -> None:
    """Report `@shareable` on interface fields, and twice on one field or one declaration of a type."""
    for definition in subgraph.types.values():
        blocks = Counter(one.block for one in definition.applied("shareable"))
        if any(count > 1 for count in blocks.values()):
            _report_twice(subgraph, definition.name, definition.node, report)
        for one in definition.fields.values():
            if len(one.applied("shareable")) > 1:
                _report_twice(subgraph, f"{definition.name}.{one.name}", one.node, report)
            if definition.kind is Kind.INTERFACE and one.has("shareable"):
                message = (
                    f'[{subgraph.name}] Invalid use of @shareable on field "{definition.name}.{one.name}": '
                    "only object type fields can be marked with @shareable"
                )
                report.error("INVALID_SHAREABLE_USAGE", message, [subgraph.locate(one.node)])


def _report_twice(subgraph: Subgraph, coordinate: str, node: Node | None, report: Report) -> None:
    message = f'[{subgraph.name}] Invalid duplicate application of @shareable on the same declaration of "{coordinate}"'
    report.error("INVALID_SHAREABLE_USAGE", message, [subgraph.locate(node)])
