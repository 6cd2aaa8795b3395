"""The class of all extension points, and how the settings name one."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from typing import TypeVar

from router.hooks.views import (
    Change,
    OperationView,
    Refusal,
    RequestView,
    SubgraphRequestView,
    SubgraphResponseView,
)
from router.python_object import InvalidReference, load_object
from router.request import RequestContext

PolicyHook = Callable[[RequestContext, frozenset[str]], Awaitable[Collection[str]]]
"""Chooses, of some names of `@policy`, those granted to who asks."""

_POLICIES = "__policies__"
_Method = TypeVar("_Method", bound=Callable[..., Awaitable[Collection[str]]])


def policy(*names: str) -> Callable[[_Method], _Method]:
    """Register a method of Hooks as what decides about these names of `@policy`.

    It is asked once for a request, about those of its names that matter to the operation: `async def method(self,
    context, names)`, and returns those that are granted.
    """

    def register(method: _Method) -> _Method:
        setattr(method, _POLICIES, names)
        return method

    return register


class Hooks:
    """Every extension point of the router. Each does nothing, and costs nothing, until a subclass says otherwise.

    They run on the event loop, between the passes: async all through, and no longer than they must.
    """

    async def on_request(self, request: RequestView) -> Change | Refusal | None:
        """Look at an HTTP request before anything is made of it."""
        del request
        return None

    async def on_operation(self, operation: OperationView) -> Refusal | None:
        """Look at an operation before it is planned."""
        del operation
        return None

    async def on_subgraph_request(self, request: SubgraphRequestView) -> Mapping[str, str | None] | None:
        """Say which headers of a request to a subgraph are other than they would be; None takes one away."""
        del request
        return None

    async def on_subgraph_response(self, response: SubgraphResponseView) -> None:
        """Look at what came of a request to a subgraph."""
        del response

    async def labels(self, context: RequestContext, known: frozenset[str]) -> Collection[str]:
        """Choose the active ones of the named override labels that matter to the operation."""
        del context, known
        return ()

    def policies(self) -> dict[str, PolicyHook]:
        """Find what decides about which policy. Raises: InvalidReference where two do, or one that is not async."""
        found: dict[str, PolicyHook] = {}
        for name, method in _registered(self):
            if not inspect.iscoroutinefunction(method):
                raise InvalidReference(f"hooks: what decides about the policy '{name}' has to be 'async def'.")
            if name in found:
                raise InvalidReference(f"hooks: two methods decide about the policy '{name}'.")
            found[name] = method
        return found


def _registered(hooks: Hooks) -> Iterator[tuple[str, PolicyHook]]:
    for attribute in dir(type(hooks)):
        for name in getattr(getattr(type(hooks), attribute), _POLICIES, ()):
            yield name, getattr(hooks, attribute)


def load_hooks(reference: str | None) -> Hooks:
    """Load the hooks that the settings name as `module:object`: an instance of Hooks. Raises: InvalidReference."""
    if reference is None:
        return Hooks()
    found = load_object(reference, "hooks")
    if not isinstance(found, Hooks):
        raise InvalidReference(f"hooks: '{reference}' is no instance of 'router.hooks.Hooks'.")
    return found
