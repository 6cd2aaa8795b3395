"""The team's own Python."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator

from router.settings.marks import OrText
from router.settings.values import Branch, Duration


class HookSettings(Branch):
    """The team's own Python. A text instead of a mapping is `object`."""

    object: str | None = None
    """`module:object`: an instance of `router.hooks.Hooks`, found on `PYTHONPATH`."""
    timeout: Duration = timedelta(seconds=1)
    """Time of one call of an `on_…` hook, within that of the request."""
    on_failure: Literal["refuse", "continue"] = "refuse"
    """What becomes of a request whose `on_request` or `on_operation` failed: `refuse` is 500, `continue` goes on."""


def _as_branch(value: object) -> object:
    return {"object": value} if isinstance(value, str) else value


Hooks = Annotated[HookSettings, BeforeValidator(_as_branch), OrText()]
