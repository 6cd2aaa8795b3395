"""Python code built from templates: what stands in a hole is a variable, a constant or more code, never text."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar


@dataclass(frozen=True, slots=True)
class Const:
    """A value that the code holds as it is: a name of the schema, a text, a set of them."""

    value: str | int | frozenset[str] | frozenset[str | None] | None

    @property
    def node(self) -> ast.expr:
        """The constant as an expression."""
        return ast.Constant(self.value)  # type: ignore[arg-type]  # a frozenset is one, too


Hole = str | Const | ast.expr | Sequence[ast.stmt]
Code = list[ast.stmt]
N = TypeVar("N", bound=ast.AST)


def code(template: str, **holes: Hole) -> Code:
    """Write statements. A hole is a name of the template: given a text, it is that variable; given code, that code.

    Code takes the place of a whole statement that is nothing but the hole.
    """
    filler = _Filler(holes)
    return [filled for statement in _parsed(template) for filled in filler.statement(statement)]


def expression(template: str, **holes: Hole) -> ast.expr:
    """Write an expression."""
    (statement,) = code(template, **holes)
    if not isinstance(statement, ast.Expr):
        raise TypeError(f"'{template}' is no expression.")
    return statement.value


@lru_cache(256)
def _parsed(template: str) -> Sequence[ast.stmt]:
    return ast.parse(template).body


class _Filler:
    """Copies a template with its holes filled."""

    def __init__(self, holes: dict[str, Hole]) -> None:
        self._holes = holes

    def statement(self, statement: ast.stmt) -> Sequence[ast.stmt]:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Name):
            hole = self._holes.get(statement.value.id)
            if hole is not None and not isinstance(hole, str | Const | ast.expr):
                return hole
        return (self._copy(statement),)

    def _node(self, node: ast.AST) -> ast.AST:
        return self._hole(node) if isinstance(node, ast.Name) and node.id in self._holes else self._copy(node)

    def _copy(self, node: N) -> N:
        return type(node)(**{name: self._field(value) for name, value in ast.iter_fields(node)})

    def _field(self, value: object) -> object:
        if isinstance(value, ast.AST):
            return self._node(value)
        if isinstance(value, list):
            return [copy for one in value for copy in self._item(one)]
        return value

    def _item(self, item: object) -> Sequence[object]:
        if isinstance(item, ast.stmt):
            return self.statement(item)
        return (self._field(item),)

    def _hole(self, node: ast.Name) -> ast.expr:
        hole = self._holes[node.id]
        if isinstance(hole, str):
            return ast.Name(hole, node.ctx)
        if isinstance(hole, Const):
            return hole.node
        if isinstance(hole, ast.expr):
            return hole
        raise TypeError(f"'{node.id}' is a hole for an expression.")
