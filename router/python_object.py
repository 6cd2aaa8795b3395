"""Python objects that settings name: `module:object`."""

from __future__ import annotations

from importlib import import_module


class InvalidReference(ValueError):
    """A setting names a Python object that is not there."""


def load_object(reference: str, setting: str) -> object:
    """Import what `module:object` names; `setting` is the key that says so. Raises: InvalidReference."""
    module, colon, path = reference.partition(":")
    if not module or not colon or not path:
        raise InvalidReference(f"{setting}: '{reference}' names no Python object: expected 'module:object'.")
    try:
        found: object = import_module(module)
        for name in path.split("."):
            found = getattr(found, name)
    except (ImportError, AttributeError) as error:
        raise InvalidReference(f"{setting}: '{reference}' cannot be loaded: {error}.") from error
    return found
