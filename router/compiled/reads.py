"""Fields of an object that code has read: each is read once."""

from __future__ import annotations

from collections.abc import Sequence

from router.compiled.layout import Layer
from router.compiled.names import Names
from router.compiled.quote import Code, Const, code

PART = """
k = v
if type(v) is not str and type(v) is not int:
    k = keyed(v)
"""
OLDER = """
u = l.get(name)
if v is None:
    v = u
elif u is not None and not type(v) is type(u) is str:
    leaves(v, u)
"""


def read_field(layer: Layer, name: str, variable: str) -> Code:
    """Read a field of one layer: where it has to be, one that is not is out of order."""
    template = "v = l[name]" if layer.is_there and name in layer.held.always else "v = l.get(name)"
    return code(template, v=variable, l=layer.variable, name=Const(name))


class Reads:
    """What stands in variables already, in code that runs from one line to the next."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._values: dict[tuple[str, ...], str] = {}
        self._parts: dict[str, str] = {}

    def value(self, layers: Sequence[Layer], name: str) -> tuple[Code, str]:
        """Read a field, and say in which variable it is: the newest value that is not null."""
        key = (name, *(one.variable for one in layers))
        known = self._values.get(key)
        if known is not None:
            return [], known
        variable = self._values[key] = self._names.fresh("v")
        if not layers:
            return code("v = None", v=variable), variable
        *older, last = layers
        read = read_field(last, name, variable)
        for one in reversed(older):
            read += code(OLDER, v=variable, u=self._names.fresh("u"), l=one.variable, name=Const(name))
        return read, variable

    def know(self, layers: Sequence[Layer], name: str, variable: str) -> None:
        """Take it that a field is in a variable, which is a part of a key as it is."""
        self._values[name, *(one.variable for one in layers)] = variable
        self._parts[variable] = variable

    def part(self, value: str) -> tuple[Code, str]:
        """Make a value a part of a key, and say in which variable it is."""
        known = self._parts.get(value)
        if known is not None:
            return [], known
        variable = self._parts[value] = self._names.fresh("k")
        return code(PART, v=value, k=variable), variable
