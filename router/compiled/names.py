"""Names in generated code: numbered variables, and the values that it is given from outside."""

from __future__ import annotations

from itertools import count
from typing import Any

from router.compiled.uncompilable import Uncompilable

MAX_NAMES = 1_000
"""Of one program: types at many places multiply, and writing ends before it takes long."""


class Names:
    """Gives each variable a name that nothing else has, and keeps what the code calls or looks into."""

    def __init__(self, known: dict[str, Any]) -> None:
        """Shapes: known by the names under which templates have them."""
        self.globals = dict(known)
        self._numbers = count()
        self._names_of: dict[int, str] = {}

    def fresh(self, kind: str) -> str:
        """Name a variable. Raises: Uncompilable."""
        number = next(self._numbers)
        if number > MAX_NAMES:
            raise Uncompilable("too much code")
        return f"{kind}{number}"

    def given(self, kind: str, value: Any) -> str:  # noqa: ANN401  # whatever the code needs
        """Name a value; the same one has the same name."""
        name = self._names_of.get(id(value))
        if name is None:
            name = self._names_of[id(value)] = self.fresh(f"{kind}_")
            self.globals[name] = value  # holding it keeps its id its own
        return name
