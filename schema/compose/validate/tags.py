"""`@tag`: names that contracts can filter on."""

from __future__ import annotations

import re

from schema.errors import Report
from schema.subgraph import Subgraph

NAME = re.compile(r"[_A-Za-z][-/_0-9A-Za-z]{0,127}")


def check_tag_names(subgraph: Subgraph, report: Report) -> None:
    """Report tags that are not names of at most 128 characters."""
    applications = [one for each in subgraph.annotated() for one in each.applied("tag")]
    applications += [one for one in subgraph.schema_applications if one.element == "tag"]
    for one in applications:
        if not NAME.fullmatch(one.text("name")):
            message = (
                f'[{subgraph.name}] Schema has @tag directive with invalid value "{one.text("name")}" for argument '
                '"name": it must start with a letter or underscore, hold only letters, digits, "-", "/" and "_", '
                "and be at most 128 characters long."
            )
            report.error("INVALID_TAG_NAME", message, [subgraph.locate(one.node)])
