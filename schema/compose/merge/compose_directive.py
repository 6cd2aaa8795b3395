"""`@composeDirective`: custom directives that go into the supergraph. Source: composition, "Preparation"."""

from __future__ import annotations

from dataclasses import dataclass

from graphql.pyutils import did_you_mean, suggestion_list

from schema.compose.merge.context import Custom, Merge
from schema.elements import Application
from schema.errors import subgraph_list
from schema.federation import BUILT_IN_DIRECTIVES, FEDERATION, LINK, SPEC_ELEMENTS, Version
from schema.link import Link
from schema.subgraph import Subgraph

COMPOSED_BY_DEFAULT = ("tag", "inaccessible", "authenticated", "requiresScopes", "policy", "context")
"""Directives that need no wish; to wish for another one of federation is a mistake."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """A subgraph wants a directive composed."""

    subgraph: Subgraph
    name: str
    link: Link
    version: Version


def find_composed(merge: Merge) -> None:
    """Fill `merge.composed` with what the subgraphs wish to be composed and agree on."""
    wishes = [
        wish
        for subgraph in merge.subgraphs
        for application in subgraph.schema.applications
        if application.element == "composeDirective"
        if isinstance(wish := _read_wish(merge, subgraph, application), _Wish)
    ]
    refused = _disagreements(merge, wishes)
    _hint_bystanders(merge, wishes)
    for name in dict.fromkeys(wish.name for wish in wishes if wish.link.identity not in refused):
        _compose(merge, [wish for wish in wishes if wish.name == name])


def _read_wish(merge: Merge, subgraph: Subgraph, application: Application) -> _Wish | None:
    here = [subgraph.locate(application.node)]
    argument = application.text("name")
    link = subgraph.link_of(argument[1:])
    is_of_federation = link is not None and link.identity in {FEDERATION, *SPEC_ELEMENTS}
    if link is not None and is_of_federation and link.directive_element(argument[1:]) in COMPOSED_BY_DEFAULT:
        message = f'Directive "{argument}" should not be explicitly composed: it is composed by default.'
        merge.report.hint("DIRECTIVE_COMPOSITION_INFO", message, here)
        return None
    wish = _wish(merge, subgraph, argument, link)
    if isinstance(wish, str):
        merge.report.error("DIRECTIVE_COMPOSITION_ERROR", f"[{subgraph.name}] {wish}", here)
        return None
    return wish


def _wish(merge: Merge, subgraph: Subgraph, argument: str, link: Link | None) -> _Wish | str:
    """What is wished for, or why it cannot be."""
    name = argument.removeprefix("@")
    if name == argument:
        wanted = f': did you mean "@{name}"?' if name else "."
        return f'Argument to @composeDirective "{name}" must be the name of a directive with a leading "@"{wanted}'
    if name in BUILT_IN_DIRECTIVES or (link is not None and link.identity in {FEDERATION, LINK, *SPEC_ELEMENTS}):
        return f'Composing directive "@{name}" is not supported: it is of GraphQL or of federation.'
    if name not in subgraph.directives:
        near = did_you_mean([f"@{one}" for one in suggestion_list(name, list(subgraph.directives))])
        return f'Could not find matching directive definition for argument to @composeDirective "@{name}".{near}'
    if link is None or link.version is None:
        return f'Directive "@{name}" must be linked by @link, with a version, to be composed.'
    if name in merge.carried.values():
        return f'Directive "@{name}" conflicts with the directive of that name that federation composes.'
    return _Wish(subgraph, name, link, link.version)


def _disagreements(merge: Merge, wishes: list[_Wish]) -> set[str]:
    """Features whose composing subgraphs disagree on the major version, or on what a name stands for."""
    refused: set[str] = set()
    for identity in dict.fromkeys(wish.link.identity for wish in wishes):
        composing = [wish for wish in wishes if wish.link.identity == identity]
        if len({wish.version.is_compatible_with for wish in composing}) > 1:
            names = list(dict.fromkeys(wish.subgraph.name for wish in composing))
            message = (
                f'Core feature "{identity}" requested to be merged has major version mismatch across '
                f"{subgraph_list(names)}"
            )
            merge.report.error(
                "DIRECTIVE_COMPOSITION_ERROR",
                message,
                merge.locate({wish.subgraph.name: wish.link for wish in composing}),
            )
            refused.add(identity)
    return refused | _name_clashes(merge, wishes)


def _name_clashes(merge: Merge, wishes: list[_Wish]) -> set[str]:
    refused: set[str] = set()
    meanings: dict[str, tuple[str, str]] = {}
    names: dict[tuple[str, str], str] = {}
    for wish in wishes:
        meaning = (wish.link.identity, wish.link.directive_element(wish.name) or wish.name)
        if meanings.setdefault(wish.name, meaning) != meaning or names.setdefault(meaning, wish.name) != wish.name:
            message = (
                f'Composed directive "@{wish.name}" is not named consistently in all subgraphs: each name must stand '
                "for one directive of one feature."
            )
            merge.report.error("DIRECTIVE_COMPOSITION_ERROR", message, [wish.subgraph.locate(wish.link.node)])
            refused.add(wish.link.identity)
    return refused


def _compose(merge: Merge, wishes: list[_Wish]) -> None:
    """Take the definition of the subgraph with the newest version of the feature, the last of them."""
    newest = max(reversed(wishes), key=lambda wish: wish.version)
    merge.composed[newest.name] = Custom(
        newest.subgraph.directives[newest.name], newest.link, frozenset(wish.subgraph.name for wish in wishes)
    )


def _hint_bystanders(merge: Merge, wishes: list[_Wish]) -> None:
    """Say where a subgraph links a composed feature, but composes nothing of it and means it otherwise."""
    for wish in {(one.link.identity, one.name): one for one in wishes}.values():
        composing = {one.subgraph.name for one in wishes if one.link.identity == wish.link.identity}
        for subgraph in merge.subgraphs:
            link = next((one for one in subgraph.links if one.identity == wish.link.identity), None)
            if link is not None and subgraph.name not in composing:
                _hint_bystander(merge, wish, subgraph, link)


def _hint_bystander(merge: Merge, wish: _Wish, subgraph: Subgraph, link: Link) -> None:
    here = [subgraph.locate(link.node)]
    if link.version is None or link.version.is_compatible_with != wish.version.is_compatible_with:
        message = f'Non-composed core feature "{link.identity}" has major version mismatch across subgraphs'
        merge.report.hint("DIRECTIVE_COMPOSITION_INFO", message, here)
        return
    element = wish.link.directive_element(wish.name) or wish.name
    name = link.directive_name(element)
    if name != wish.name:
        message = (
            f'Composed directive "@{wish.name}" is named differently in {subgraph_list([subgraph.name])}, which does '
            f'not compose it: "@{name}".'
        )
        merge.report.hint("DIRECTIVE_COMPOSITION_WARN", message, here)
