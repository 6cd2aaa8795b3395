"""Policies of a team, as `hooks: tests.router.policies.rules:hooks` loads them."""

from __future__ import annotations

from collections.abc import Collection

from router.hooks import Hooks, policy
from router.request import RequestContext


class Rules(Hooks):
    """Grants `pii.read` to who sends a header."""

    @policy("pii.read")
    async def read(self, context: RequestContext, names: frozenset[str]) -> Collection[str]:
        return names if context.headers.get("x-purpose") == "support" else ()


hooks = Rules()
