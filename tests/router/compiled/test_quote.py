"""Templates of code: what fills a hole is a variable, a constant or code, and never read as text."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from router.compiled.function import function
from router.compiled.quote import Code, Const, Hole, code, expression

HOSTILE = ("x\nimport os", '"); raise SystemExit; ("', "__import__('os')._exit(1)", "None", "name", "'", "\\", "{v}")


def text(template: str, **holes: Hole) -> str:
    return ast.unparse(ast.fix_missing_locations(ast.Module(code(template, **holes), [])))


def run(body: Code, **known: Any) -> Any:  # noqa: ANN401 - whatever the code returns
    names = dict(known)
    module = ast.fix_missing_locations(ast.Module([function("run", ("data",), body)], []))
    exec(compile(module, "<test>", "exec"), names)  # noqa: S102 - what is tested
    return names["run"](None)


def test_a_text_in_a_hole_names_a_variable_wherever_the_template_has_it() -> None:
    assert text("v = l.get(name)", v="v1", l="l2", name="n3") == "v1 = l2.get(n3)"


def test_what_is_no_hole_stays_and_attributes_are_none() -> None:
    assert text("v = v.v(other)", v="v1") == "v1 = v1.v(other)"


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_constant_is_its_value_whatever_it_would_say_as_code(hostile: str) -> None:
    assert run(code("return name", name=Const(hostile))) == hostile
    assert run(code("return l[name]", l="table", name=Const(hostile)), table={hostile: 1}) == 1
    assert run(code("return name in names", name=Const(hostile), names=Const(frozenset((hostile, None)))))


def test_code_in_a_hole_takes_the_place_of_a_statement() -> None:
    body = code("v = 1\nw = 2", v="v1", w="w1")
    assert text("if c is None:\n    body", c="c1", body=body) == "if c1 is None:\n    v1 = 1\n    w1 = 2"


def test_an_expression_in_a_hole_stands_in_an_expression() -> None:
    call = expression("f(v)", f="f1", v="v1")
    assert text("out = call", out="o1", call=call) == "o1 = f1(v1)"


def test_code_where_a_value_belongs_is_refused() -> None:
    with pytest.raises(TypeError, match="'v' is a hole for an expression"):
        code("w = v", v=code("pass"))


def test_a_statement_is_no_expression() -> None:
    with pytest.raises(TypeError, match="is no expression"):
        expression("v = 1")


def test_a_template_serves_again_and_again() -> None:
    template = "if c:\n    body"
    first = text(template, c="c1", body=code("v = 1", v="v1"))
    assert text(template, c="c2", body=code("w = 2", w="w1")) == "if c2:\n    w1 = 2"
    assert text(template, c="c1", body=code("v = 1", v="v1")) == first
