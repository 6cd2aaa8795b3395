"""Calls of a team's hooks: each has its time, and what goes wrong in one harms nothing else."""

from __future__ import annotations

import asyncio
import inspect
import logging
import re
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from typing import Any, Generic, TypeVar

from router.errors import InternalError, RefusedByHook
from router.hooks.extension import Hooks
from router.hooks.views import (
    Change,
    OperationView,
    Refusal,
    RequestView,
    SubgraphRequestView,
    SubgraphResponseView,
)
from router.python_object import InvalidReference
from router.request import Client
from router.settings.header_names import OF_REQUESTS
from router.settings.hooks import HookSettings
from router.telemetry.instruments import HOOK_FAILURES
from router.telemetry.watch import count

log = logging.getLogger(__name__)

View = TypeVar("View")
Decision = TypeVar("Decision")

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9a-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")


class HookFailed(Exception):
    """A hook raised, was late, or decided what cannot be; the log says which."""


class Call(Generic[View, Decision]):
    """One hook of a team, contained."""

    def __init__(
        self, hook: Callable[[View], Awaitable[Decision]], check: Callable[[Decision], None], timeout: float
    ) -> None:
        """`check` raises what is wrong with a decision."""
        self._name = getattr(hook, "__name__", "hook")
        self._hook = hook
        self._check = check
        self._timeout = timeout

    async def __call__(self, view: View, deadline: float) -> Decision:
        """Ask for a decision. Raises: HookFailed. Units: deadline in seconds of `time.monotonic`."""
        task = asyncio.create_task(self._decided(view))
        try:
            done, _ = await asyncio.wait([task], timeout=min(self._timeout, deadline - time.monotonic()))
        finally:
            task.cancel()  # one that will not end is left behind
        if not done:
            log.error("a hook did not answer in time", extra={"hook": self._name})
            raise self._failed()
        decided = task.result()
        if isinstance(decided, HookFailed):
            raise decided
        return decided

    async def _decided(self, view: View) -> Decision | HookFailed:
        """Give the failure as a value: nobody may be left to catch it."""
        try:
            decision = await self._hook(view)
            self._check(decision)
        except (Exception, SystemExit, asyncio.CancelledError) as error:  # the border to a program that is not ours
            task = asyncio.current_task()
            if isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling():
                raise
            log.exception("a hook failed", extra={"hook": self._name})
            return self._failed()
        return decision

    def _failed(self) -> HookFailed:
        count(HOOK_FAILURES, self._name)
        return HookFailed(self._name)


class HookCalls:
    """Those hooks that a team has: each is a call, or None."""

    def __init__(self, hooks: Hooks | None = None, settings: HookSettings = HookSettings()) -> None:  # noqa: B008 (frozen)
        """Raises: InvalidReference for a hook that is not async."""
        self.hooks = own = hooks or Hooks()
        timeout = settings.timeout.total_seconds()
        self._refuses = settings.on_failure == "refuse"
        self.on_request = _call("on_request", own.on_request, _check_request, timeout)
        self.on_operation = _call("on_operation", own.on_operation, _check_operation, timeout)
        self.on_subgraph_request = _call("on_subgraph_request", own.on_subgraph_request, _check_subgraph, timeout)
        self.on_subgraph_response = _call("on_subgraph_response", own.on_subgraph_response, _check_none, timeout)

    async def request(self, view: RequestView, deadline: float) -> Change:
        """Ask about an HTTP request. Raises: RefusedByHook, InternalError."""
        decision = await self._asked(self.on_request, view, deadline)
        _unless_refused(decision)
        return decision if isinstance(decision, Change) else Change()

    async def operation(self, view: OperationView, deadline: float) -> None:
        """Ask about an operation. Raises: RefusedByHook, InternalError."""
        decision = await self._asked(self.on_operation, view, deadline)
        _unless_refused(decision)

    async def subgraph_request(self, view: SubgraphRequestView, deadline: float) -> Mapping[str, str | None]:
        """Ask which headers change; none do if the hook fails."""
        if self.on_subgraph_request is not None:
            with suppress(HookFailed):
                return await self.on_subgraph_request(view, deadline) or {}
        return {}

    async def subgraph_response(self, view: SubgraphResponseView, deadline: float) -> None:
        """Tell what came."""
        if self.on_subgraph_response is not None:
            with suppress(HookFailed):
                await self.on_subgraph_response(view, deadline)

    async def _asked(self, call: Call[View, Decision] | None, view: View, deadline: float) -> Decision | None:
        """Ask what may refuse; whether its failure does is for the settings to say."""
        if call is None:
            return None
        try:
            return await call(view, deadline)
        except HookFailed as error:
            if self._refuses:
                raise InternalError from error
            return None


def _call(
    name: str,
    method: Callable[[View], Coroutine[Any, Any, Decision]],
    check: Callable[[Decision], None],
    timeout: float,
) -> Call[View, Decision] | None:
    """Find a hook, unless it is the one that does nothing."""
    if getattr(method, "__func__", None) is getattr(Hooks, name):
        return None
    if not inspect.iscoroutinefunction(method):
        raise InvalidReference(f"hooks: '{name}' has to be 'async def'.")
    return Call(method, check, timeout)


def _unless_refused(decision: object) -> None:
    if isinstance(decision, Refusal):
        raise RefusedByHook(decision.message, decision.code, decision.status)


def _check_request(decision: Change | Refusal | None) -> None:
    if isinstance(decision, Change):
        _check_headers(decision.headers)
        if not isinstance(decision.client, Client | None):
            raise TypeError("the client of a Change is a Client or None")
    else:
        _check_operation(decision)


def _check_operation(decision: Refusal | None) -> None:
    if not isinstance(decision, Refusal | None):
        raise TypeError(f"a {type(decision).__name__} is no decision")


def _check_subgraph(decision: Mapping[str, str | None] | None) -> None:
    _check_headers(decision or {})
    taken = OF_REQUESTS & (decision or {}).keys()
    if taken:
        raise ValueError(f"these headers are the router's own: {', '.join(sorted(taken))}")


def _check_headers(changes: Mapping[str, str | None]) -> None:
    for name, value in changes.items():
        if not _NAME.fullmatch(name) or not (value is None or _VALUE.fullmatch(value)):
            raise ValueError(f"no header, or not in lower case, or a value that cannot be sent: {name!r}")


def _check_none(decision: None) -> None:
    del decision
