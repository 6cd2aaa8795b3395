"""What the rules for headers read of a request."""

from __future__ import annotations

from collections.abc import Hashable

from router.headers.rules import known
from router.request import RequestContext
from router.settings.header_names import OF_REQUESTS
from router.settings.headers import HeaderSettings, Insert, Propagate


class Reads:
    """All that the rules for any subgraph read: for requests that are alike in it, they do the same."""

    def __init__(self, settings: HeaderSettings) -> None:
        propagated = [one.action for each in settings.each for one in each.request if isinstance(one.action, Propagate)]
        actions = [one.action for each in settings.each for one in (*each.request, *each.response)]
        inserted = [one.from_context for one in actions if isinstance(one, Insert) and one.from_context is not None]
        self._named = tuple({one.named for one in propagated if one.named is not None})
        self._matching = tuple(one.matching for one in propagated if one.matching is not None)
        self._known = tuple(set(inserted))

    def of(self, context: RequestContext) -> Hashable:
        """Give what they read."""
        headers = context.headers
        named = tuple([headers.get(name) for name in self._named])
        told = tuple([known(key, context) for key in self._known])
        return (named, told, self._matched(context)) if self._matching else (named, told)

    def _matched(self, context: RequestContext) -> frozenset[tuple[str, str]]:
        return frozenset(
            (name, value)
            for name, value in context.headers.items()
            if name not in OF_REQUESTS and any(one.search(name) for one in self._matching)
        )
