"""Selections as GraphQL text, without a needless space."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from router.operation.model import VariableDefinition
from schema.query_graph.selection import Condition, Field, Selection, SelectionSet


def print_selections(selections: SelectionSet) -> str:
    """Print a selection set, braces included."""
    return "{" + " ".join(map(_print, selections)) + "}"


def print_variables(definitions: Iterable[VariableDefinition]) -> str:
    """Print the declarations of an operation, parentheses included; "" for none."""
    text = ",".join(
        f"${one.name}:{one.type}" + (f"={one.default}" if one.default is not None else "") for one in definitions
    )
    return f"({text})" if text else ""


def used_variables(selections: SelectionSet) -> frozenset[str]:
    """Find the variables in arguments and conditions, at any depth."""
    return frozenset(_used(selections))


def _print(selection: Selection) -> str:
    below = print_selections(selection.selections) if selection.selections else ""
    conditions = "".join(map(_print_condition, selection.conditions))
    if isinstance(selection, Field):
        alias = "" if selection.response_name == selection.name else f"{selection.response_name}:"
        return f"{alias}{selection.name}{selection.arguments.text}{conditions}{below}"
    on = "" if selection.type_condition is None else f" on {selection.type_condition}"
    return f"...{on}{conditions}{below}"


def _print_condition(condition: Condition) -> str:
    return f"@{'include' if condition.wanted else 'skip'}(if:${condition.variable})"


def _used(selections: SelectionSet) -> Iterator[str]:
    for selection in selections:
        for condition in selection.conditions:
            yield condition.variable
        if isinstance(selection, Field):
            yield from selection.arguments.variables
        yield from _used(selection.selections)
