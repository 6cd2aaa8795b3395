"""Extension points: what a team may decide in Python of its own."""

from __future__ import annotations

from collections.abc import Collection

from router.python_object import InvalidReference, load_object
from router.request import RequestContext


class Hooks:
    """Every extension point of the router. Each does nothing until a subclass says otherwise.

    They run on the event loop, between the passes: async all through, and no longer than they must.
    """

    async def labels(self, context: RequestContext, known: frozenset[str]) -> Collection[str]:
        """Choose the active ones of the named override labels that matter to the operation."""
        del context, known
        return ()


def load_hooks(reference: str | None) -> Hooks:
    """Load the hooks that the settings name as `module:object`: an instance of Hooks. Raises: InvalidReference."""
    if reference is None:
        return Hooks()
    found = load_object(reference, "hooks")
    if not isinstance(found, Hooks):
        raise InvalidReference(f"hooks: '{reference}' is no instance of 'router.hooks.Hooks'.")
    return found
