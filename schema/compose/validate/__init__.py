"""Rules for one subgraph: each a function, asked in the order of RULES."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from schema.compose.validate.access_control import check_access_control
from schema.compose.validate.contexts import check_context_names, check_contextual_arguments
from schema.compose.validate.demand_control import check_cost, check_list_size
from schema.compose.validate.external import check_external_is_used, check_external_not_on_interface
from schema.compose.validate.field_sets import check_keys, check_provides, check_provides_targets, check_requires
from schema.compose.validate.interfaces import check_interface_keys, check_interface_object_key
from schema.compose.validate.shareable import check_shareable
from schema.errors import Report
from schema.subgraph import Subgraph

RULES: Sequence[Callable[[Subgraph, Report], None]] = (
    check_keys,
    check_requires,
    check_provides,
    check_external_is_used,
    check_external_not_on_interface,
    check_interface_keys,
    check_interface_object_key,
    check_shareable,
    check_cost,
    check_list_size,
    check_access_control,
    check_context_names,
    check_contextual_arguments,
)


def validate(subgraph: Subgraph, report: Report) -> None:
    """Report everything that is wrong with one subgraph.

    Where `@provides` cannot be read it is not known what is external: the other rules are not asked.
    """
    before = len(report.errors)
    check_provides_targets(subgraph, report)
    if len(report.errors) > before:
        return
    for rule in RULES:
        rule(subgraph, report)
