"""Code that checks leaves: quick for what is plainly of its type, else by the check that the interpreter makes."""

from __future__ import annotations

from graphql import GraphQLEnumType, GraphQLNamedType, GraphQLScalarType

from router.compiled.names import Names
from router.compiled.quote import Code, Const, code
from router.execution.leaves import leaf_of

PLAIN = {
    "Int": "type(v) is int and -2147483648 <= v <= 2147483647",
    "Float": "type(v) is float and v - v == 0.0",
    "Boolean": "v is True or v is False",
    "String": "type(v) is str",
    "ID": "type(v) is str",
}
"""When a value is what it is to be; all else is asked of the leaf's own check."""

REQUIRED = """
if not ({plain}):
    v = exact(leaf, v)
"""
NULLABLE = """
if v is not None and not ({plain}):
    v = exact(leaf, v)
"""


def check_leaf(type_: GraphQLNamedType, variable: str, names: Names, *, required: bool) -> Code:
    """Check a value and complete it in place."""
    if isinstance(type_, GraphQLEnumType):
        plain, values = "v in names", Const(frozenset(type_.values))
    elif isinstance(type_, GraphQLScalarType) and type_.name in PLAIN:
        plain, values = PLAIN[type_.name], Const(None)
    else:
        return code("if v is None:\n    raise Anomaly", v=variable) if required else []
    template = (REQUIRED if required else NULLABLE).format(plain=plain)
    return code(template, v=variable, names=values, leaf=names.given("leaf", leaf_of(type_)))
