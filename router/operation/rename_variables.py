"""Variables under other names, so that one request can carry several values for one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from schema.query_graph.selection import Arguments, Field, Selection, SelectionSet

_STRING_OR_VARIABLE = re.compile(r'"(?:[^"\\]|\\.)*"|\$(\w+)', re.ASCII)


def rename_variables(selections: SelectionSet, names: Mapping[str, str]) -> SelectionSet:
    """Use other variables in arguments, at any depth; those of conditions stay."""
    return tuple(_renamed(one, names) for one in selections)


def _renamed(one: Selection, names: Mapping[str, str]) -> Selection:
    below = rename_variables(one.selections, names)
    if not isinstance(one, Field) or names.keys().isdisjoint(one.arguments.variables):
        return replace(one, selections=below)
    variables = tuple(names.get(name, name) for name in one.arguments.variables)

    def write(found: re.Match[str]) -> str:
        return f"${names[found[1]]}" if found[1] in names else found[0]

    text = _STRING_OR_VARIABLE.sub(write, one.arguments.text)
    return replace(one, selections=below, arguments=Arguments(text, variables))
