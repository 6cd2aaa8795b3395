"""Applied directives: which go into the supergraph, and how several applications become one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import product

from schema.compose.merge.context import Merge
from schema.compose.merge.joined import join_directives
from schema.elements import Annotated, Application
from schema.value import Value, canonical

Arguments = Mapping[str, Value]
REPEATABLE = frozenset({"tag", "context"})
CARRIED = ("tag", "inaccessible", "authenticated", "requiresScopes", "policy", "cost", "listSize", "context")
"""Directives of known specs that are merged onto the merged element, in the order they are written."""
BUILT_IN = ("deprecated", "specifiedBy", "oneOf")


def merge_applied(merge: Merge, coordinate: str, sources: Mapping[str, Annotated]) -> list[Application]:
    """Merge what the sources have applied to one element."""
    if not any(one.applications for one in sources.values()):
        return []
    merged: list[Application] = []
    for element in (*CARRIED, *BUILT_IN):
        found = [
            _in_supergraph(subgraph, one) for subgraph, source in sources.items() for one in source.applied(element)
        ]
        if found:
            name = merge.carried.get(element, element)
            merged += [
                Application(name, arguments, element)
                for arguments in _merge_arguments(merge, element, coordinate, found, sources)
            ]
    return merged + _merge_custom(merge, coordinate, sources) + join_directives(merge, sources)


def _in_supergraph(subgraph: str, one: Application) -> Arguments:
    """Contexts are of one subgraph: their names say which."""
    return {"name": f"{subgraph}__{one.text('name')}"} if one.element == "context" else one.arguments


def _merge_custom(merge: Merge, coordinate: str, sources: Mapping[str, Annotated]) -> list[Application]:
    merged = []
    for name, custom in merge.composed.items():
        found = [
            one.arguments
            for subgraph, source in sources.items()
            if subgraph in custom.subgraphs
            for one in source.applications
            if one.name == name
        ]
        distinct = list({canonical(one): one for one in found}.values())
        if distinct and not custom.definition.is_repeatable:
            distinct = [_most_frequent(merge, name, coordinate, found, sources)]
        merged += [Application(name, arguments) for arguments in distinct]
    return merged


def _merge_arguments(
    merge: Merge, element: str, coordinate: str, found: Sequence[Arguments], sources: Mapping[str, Annotated]
) -> list[Arguments]:
    distinct = list({canonical(one): one for one in found}.values())
    if element in REPEATABLE or len(distinct) == 1:
        return distinct
    if element not in STRATEGIES:
        return [_most_frequent(merge, element, coordinate, found, sources)]
    message = (
        f'Directive @{element} is applied to "{coordinate}" in multiple subgraphs with different arguments: they are '
        "merged."
    )
    merge.report.hint("MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS", message, merge.locate(sources))
    return [combine(element, found)]


def _most_frequent(
    merge: Merge, name: str, coordinate: str, found: Sequence[Arguments], sources: Mapping[str, Annotated]
) -> Arguments:
    counted = Counter(canonical(one) for one in found)
    if len(counted) > 1:
        message = (
            f'Non-repeatable directive @{name} is applied to "{coordinate}" in multiple subgraphs but with '
            "incompatible arguments."
        )
        merge.report.hint("INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS", message, merge.locate(sources))
    wanted = counted.most_common(1)[0][0]
    return next(one for one in found if canonical(one) == wanted)


def combine(element: str, found: Sequence[Arguments]) -> Arguments:
    """Make one application of several, argument by argument; the same ones stay as they are."""
    if len({canonical(one) for one in found}) == 1:
        return found[0]
    strategies = STRATEGIES[element]
    combined: dict[str, Value] = {}
    for argument, strategy in strategies.items():
        given = [one[argument] for one in found if one.get(argument) is not None]
        if given:
            combined[argument] = strategy(given)
    return combined


def _union(lists: Sequence[Value]) -> Value:
    return list(dict.fromkeys(one for items in lists if isinstance(items, list) for one in items))


def _all(values: Sequence[Value]) -> Value:
    return all(values)


def _largest(values: Sequence[Value]) -> Value:
    return max(int(str(one)) for one in values)


def conjunction(requirements: Sequence[Value]) -> Value:
    """All of several requirements, each an OR of ANDs, as one OR of ANDs without what follows from the rest."""
    clauses = {frozenset[str]()}
    for requirement in requirements:
        alternatives = _clauses(requirement) or [frozenset[str]()]
        clauses = {one | other for one, other in product(clauses, alternatives)}
    minimal = [one for one in clauses if not any(other < one for other in clauses)]
    return [sorted(clause) for clause in sorted(minimal, key=lambda clause: (len(clause), sorted(clause)))]


def _clauses(requirement: Value) -> list[frozenset[str]]:
    if not isinstance(requirement, list):
        return []
    return [frozenset(map(str, clause)) for clause in requirement if isinstance(clause, list)]


Strategy = Callable[[Sequence[Value]], Value]
STRATEGIES: Mapping[str, Mapping[str, Strategy]] = {
    "cost": {"weight": _largest},
    "listSize": {
        "assumedSize": _largest,
        "slicingArguments": _union,
        "sizedFields": _union,
        "requireOneSlicingArgument": _all,
    },
    "requiresScopes": {"scopes": conjunction},
    "policy": {"policies": conjunction},
}
