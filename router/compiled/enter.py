"""Code that enters a value of the result: one of a single answer, or of several at once."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from router.compiled.quote import Code, code

OBJECT = """
if type(c) is dict:
    body
elif c is None:
    absent
else:
    raise Anomaly
"""
LIST = """
if type(c) is list:
    before
    for i in c:
        body
elif c is None:
    absent
else:
    raise Anomaly
"""
LISTS = """
z = zipped(cs)
if z is None:
    absent
else:
    before
    for i in z:
        body
"""
LAYER = """
if c is None:
    c = EMPTY
elif type(c) is not dict:
    raise Anomaly
"""
NOTHING: Code = code("pass")


def enter_object(variables: Sequence[str], body: Code, absent: Code = NOTHING) -> Code:
    """Go on with an object; where one of several answers has none, it has no fields."""
    if len(variables) == 1:
        return code(OBJECT, c=variables[0], absent=absent, body=body)
    layers = [statement for one in variables for statement in code(LAYER, c=one)]
    nothing = ast.BoolOp(ast.And(), [_is_none(one) for one in variables])
    return [ast.If(nothing, absent, [*layers, *body])]


def enter_list(  # noqa: PLR0913
    variables: Sequence[str],
    items: Sequence[str],
    body: Code,
    *,
    passing: str,
    absent: Code = NOTHING,
    before: Code = NOTHING,
) -> Code:
    """Go on with each item of a list; those of several answers go by their index.

    `passing` is a variable to use. Shapes: items are the variables that each has its item in.
    """
    if len(variables) == 1:
        return code(LIST, c=variables[0], i=items[0], absent=absent, before=before, body=body)
    lists = ast.Tuple([ast.Name(one, ast.Load()) for one in variables], ast.Load())
    item = ast.Tuple([ast.Name(one, ast.Store()) for one in items], ast.Store())
    return code(LISTS, z=passing, cs=lists, i=item, absent=absent, before=before, body=body)


def _is_none(variable: str) -> ast.expr:
    return ast.Compare(ast.Name(variable, ast.Load()), [ast.Is()], [ast.Constant(None)])
