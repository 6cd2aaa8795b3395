"""`@skip` and `@include`: decided where literal, kept as conditions where they hang on a variable."""

from __future__ import annotations

from collections.abc import Sequence

from graphql import BooleanValueNode, DirectiveNode, VariableNode

from schema.query_graph.selection import Condition, SelectionSet

WANTED = {"include": True, "skip": False}


def conditions_of(directives: Sequence[DirectiveNode] | None) -> tuple[Condition, ...] | None:
    """Say what must hold for a selection to be there, in a canonical order; None if it never is.

    Source: GraphQL, "@skip" and "@include".
    """
    conditions: dict[str, bool] = {}
    for directive in directives or ():
        wanted = WANTED.get(directive.name.value)
        if wanted is None or not directive.arguments:
            continue
        match directive.arguments[0].value:
            case BooleanValueNode(value=value):
                if value is not wanted:
                    return None
            case VariableNode(name=name):
                if conditions.setdefault(name.value, wanted) is not wanted:
                    return None
    return tuple(Condition(variable, wanted) for variable, wanted in sorted(conditions.items()))


def conditions_in(selections: SelectionSet) -> frozenset[str]:
    """Find the variables on which it hangs what is selected, at any depth."""
    own = frozenset(condition.variable for one in selections for condition in one.conditions)
    return own.union(*(conditions_in(one.selections) for one in selections if one.selections))
