"""Directives for operations: those that every subgraph defines, as far as all agree."""

from __future__ import annotations

from collections.abc import Mapping

from schema.compose.merge.arguments import merge_arguments
from schema.compose.merge.context import Merge
from schema.compose.merge.description import merge_description
from schema.elements import DirectiveDefinition
from schema.errors import subgraph_list
from schema.federation import BUILT_IN_DIRECTIVES

EXECUTABLE = frozenset(
    {"QUERY", "MUTATION", "SUBSCRIPTION", "FIELD", "FRAGMENT_DEFINITION", "FRAGMENT_SPREAD", "INLINE_FRAGMENT"}
    | {"VARIABLE_DEFINITION"}
)


def merge_executable(merge: Merge) -> None:
    """Fill `merge.executable`."""
    for name in sorted({name for one in merge.subgraphs for name in one.directives}):
        if name in merge.composed or name in BUILT_IN_DIRECTIVES:
            continue
        sources = {one.name: one.directives[name] for one in merge.subgraphs if name in one.directives}
        sources = {subgraph: one for subgraph, one in sources.items() if EXECUTABLE.intersection(one.locations)}
        merged = _merge(merge, name, sources) if sources else None
        if merged is not None:
            merge.executable[name] = merged


def _merge(merge: Merge, name: str, sources: Mapping[str, DirectiveDefinition]) -> DirectiveDefinition | None:
    missing = [one.name for one in merge.subgraphs if one.name not in sources]
    if missing:
        message = (
            f'Executable directive "@{name}" will not be part of the supergraph as it does not appear in all '
            f"subgraphs: it is defined in {subgraph_list(list(sources))} but not in {subgraph_list(missing)}."
        )
        merge.report.hint("INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE", message, merge.locate(sources))
        return None
    placed = [[one for one in source.locations if one in EXECUTABLE] for source in sources.values()]
    common = [one for one in placed[0] if all(one in each for each in placed)]
    if not common:
        message = (
            f'Executable directive "@{name}" has no location that is common to all subgraphs: it will not appear in '
            "the supergraph."
        )
        merge.report.hint("NO_EXECUTABLE_DIRECTIVE_INTERSECTION", message, merge.locate(sources))
        return None
    _hint_differences(merge, name, sources, placed)
    first = next(iter(sources.values()))
    return DirectiveDefinition(
        name=first.name,
        locations=tuple(common),
        is_repeatable=all(one.is_repeatable for one in sources.values()),
        arguments=merge_arguments(merge, f"@{name}", sources),
        description=merge_description(merge, f'Directive "@{name}"', sources),
    )


def _hint_differences(
    merge: Merge, name: str, sources: Mapping[str, DirectiveDefinition], placed: list[list[str]]
) -> None:
    if len({frozenset(one) for one in placed}) > 1:
        message = (
            f'Executable directive "@{name}" has different locations across subgraphs: only the common ones are kept.'
        )
        merge.report.hint("INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS", message, merge.locate(sources))
    if len({one.is_repeatable for one in sources.values()}) > 1:
        message = f'Executable directive "@{name}" is not repeatable in all subgraphs: it will not be repeatable.'
        merge.report.hint("INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE", message, merge.locate(sources))
