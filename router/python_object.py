"""Python objects that settings name: `module:object`."""

from __future__ import annotations

from importlib import import_module


class InvalidReference(ValueError):
    """A setting names a Python object that is not there."""


def load_object(reference: str) -> object:
    """Import what `module:object` names. Raises: InvalidReference."""
    module, colon, path = reference.partition(":")
    if not module or not colon or not path:
        raise InvalidReference(f"'{reference}' names no Python object: expected 'module:object'.")
    try:
        found: object = import_module(module)
        for name in path.split("."):
            found = getattr(found, name)
    except (ImportError, AttributeError) as error:
        raise InvalidReference(f"'{reference}' cannot be loaded: {error}.") from error
    return found
