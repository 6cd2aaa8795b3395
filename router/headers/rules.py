"""The rules of the settings, applied."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import assert_never

from router.request import Collected, RequestContext
from router.settings.header_names import OF_REQUESTS, is_of_responses
from router.settings.headers import (
    ContextKey,
    HeaderRules,
    HeaderSettings,
    Insert,
    Propagate,
    PropagateBack,
    RequestRule,
    Selection,
)
from router.telemetry.watch import trace_id

LIFETIME, UNKNOWN = "cache-control", "no-store"
"""What a response that says nothing of its lifetime is taken to say: on its account the answer may not be kept."""

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


class Rules:
    """What goes from clients to subgraphs, and back."""

    def __init__(self, settings: HeaderSettings) -> None:
        self._of = cache(settings.of)  # by name of the subgraph: there are only so many

    def to_subgraph(self, subgraph: str, context: RequestContext) -> dict[str, str]:
        """Give the headers that rules put into a request; the router's own go over them."""
        rules = self._of(subgraph).request
        return _to_subgraph(rules, context) if rules else {}

    def collect(self, subgraph: str, fields: Sequence[tuple[str, str]], context: RequestContext) -> None:
        """Note for the answer what rules take of the headers of a response; of none, if no response came."""
        rules = self._of(subgraph)
        if rules.response:
            context.collected.extend(_to_client(rules, _joined(fields), context).values())


NO_RULES = Rules(HeaderSettings())


def _to_subgraph(rules: Sequence[RequestRule], context: RequestContext) -> dict[str, str]:
    headers: dict[str, str] = {}
    for rule in rules:
        match rule.action:
            case Propagate() as action:
                for name in _selected(action, context.headers, OF_REQUESTS):
                    value = context.headers.get(name, action.default)
                    if value is not None:
                        headers.setdefault(action.rename or name, value)
            case Insert() as action:
                value = _inserted(action, context)
                if value is not None:
                    headers[action.name] = value
            case action:
                _remove(action, headers)
    return headers


def _to_client(rules: HeaderRules, given: Mapping[str, Sequence[str]], context: RequestContext) -> dict[str, Collected]:
    collected: dict[str, Collected] = {}
    for rule in rules.response:
        match rule.action:
            case PropagateBack() as action:
                names = [one for one in given if not is_of_responses(one)]
                for name in _selected(action, [*names, LIFETIME]):
                    target = action.rename or name
                    values = given.get(name) or _default(action, target)
                    if values:
                        collected.setdefault(target, Collected(target, tuple(values), action.merge))
            case Insert() as action:
                value = _inserted(action, context)
                if value is not None:
                    collected[action.name] = Collected(action.name, (value,), "last")
            case action:
                _remove(action, collected)
    return collected


def _selected(action: Selection, names: Collection[str], but: Collection[str] = ()) -> Iterable[str]:
    """Name what an action is about; what it does not name is not one of `but`."""
    if action.named is not None:
        return (action.named,)
    matching = action.matching
    return [one for one in names if matching is not None and one not in but and matching.search(one)]


def _default(action: PropagateBack, target: str) -> Sequence[str]:
    if action.default is not None:
        return (action.default,)
    return (UNKNOWN,) if target == LIFETIME else ()


def _remove(action: Selection, headers: dict[str, str] | dict[str, Collected]) -> None:
    for name in list(_selected(action, list(headers))):
        headers.pop(name, None)


def _inserted(action: Insert, context: RequestContext) -> str | None:
    return action.value if action.from_context is None else known(action.from_context, context)


def known(key: ContextKey, context: RequestContext) -> str | None:
    """Give what the router knows of a request; None if it does not."""
    match key:
        case "tenant":
            return context.identity.tenant if context.identity else None
        case "principal":
            return context.identity.principal if context.identity else None
        case "client_name":
            return context.client.name
        case "client_version":
            return context.client.version
        case "trace_id":
            return trace_id()
    assert_never(key)


def _joined(fields: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """Bring the lines of one header together; one that could not be sent on is not there."""
    joined: dict[str, list[str]] = {}
    for name, value in fields:
        if not _CONTROL.search(value):
            joined.setdefault(name, []).append(value)
    return joined
