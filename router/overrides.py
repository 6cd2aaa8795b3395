"""Progressive `@override`: which labels are active for one request. Source: federation-directives, "@override"."""

from __future__ import annotations

import asyncio
import logging
import random
import re
import time
from collections.abc import Callable
from hashlib import sha256

from router.hooks import Hooks
from router.request import RequestContext
from router.settings import Override

log = logging.getLogger(__name__)

PERCENT = re.compile(r"percent\((\d{1,2}(?:\.\d{1,8})?|100(?:\.0{1,8})?)\)")


class Overrides:
    """Decides by the settings, by chance for `percent(x)`, and by the team's hook for the other names."""

    def __init__(
        self, settings: Override, hooks: Hooks | None = None, chance: Callable[[], float] = random.random
    ) -> None:
        """Units: chance gives [0, 1)."""
        self._settings = settings
        self._hooks = hooks or Hooks()
        self._chance = chance

    async def active(self, labels: frozenset[str], context: RequestContext) -> frozenset[str]:
        """Choose among the labels that matter to one operation.

        One draw serves all percentages: who is in the first 5 % is in the first 10 % too, and n labels make no more
        than n + 1 plans.
        """
        if not labels:
            return labels
        percents = {label: float(found[1]) for label in labels if (found := PERCENT.fullmatch(label))}
        draw = self._draw(context) if percents else 0.0
        chosen = {label for label, percent in percents.items() if draw < percent}
        named = labels - percents.keys()
        chosen |= labels & self._settings.labels
        return frozenset(chosen | await self._asked(named - chosen, context))

    def _draw(self, context: RequestContext) -> float:
        """Give a number from 0 to 100, the same again for the same caller if the settings want that."""
        caller = self._caller(context)
        if caller is None:
            return self._chance() * 100
        return int.from_bytes(sha256(caller.encode()).digest()[:6]) / (1 << 48) * 100

    def _caller(self, context: RequestContext) -> str | None:
        kind, _, header = self._settings.percent_by.partition(":")
        if kind == "header":
            return context.headers.get(header.lower())
        identity = context.identity
        if kind == "request" or identity is None or identity.principal is None:
            return None
        return f"{identity.tenant}:{identity.principal}"

    async def _asked(self, named: frozenset[str], context: RequestContext) -> frozenset[str]:
        """Ask the hook; one that fails or takes longer than the request may leaves every label off."""
        if not named:
            return named
        try:
            async with asyncio.timeout(context.deadline - time.monotonic()):
                return named.intersection(await self._hooks.labels(context, named))
        except Exception:  # the border to a program that is not ours
            log.exception("the hook 'labels' failed: named override labels stay off")
            return frozenset()
