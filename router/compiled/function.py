"""Functions of generated code."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from router.compiled.quote import Code, code


def function(name: str, parameters: Sequence[str], body: Code) -> ast.stmt:
    """Write a function."""
    (written,) = code("def written(): body", body=body)
    if not isinstance(written, ast.FunctionDef):
        raise TypeError("The template is no function.")
    written.name = name
    written.args.args = [ast.arg(one) for one in parameters]
    return written
