"""Names and texts from outside, be they of a schema or of an operation, are constants of the code and nothing else."""

from __future__ import annotations

import ast
import re

import pytest

from router.compiled.runtime import CALLED
from router.compiled.uncompilable import Uncompilable
from tests.checks import differences
from tests.federation import every_federation, federation
from tests.router.compiled.compiling import Compilable

NUMBERED = re.compile(r"[a-z]+_?\d+")
OWN = {"data", "representations", "slot", "slots", "project", "answer", *CALLED}
PYTHON = {"bool", "dict", "float", "int", "len", "list", "str", "type", "zip"}
METHODS = {"append", "get", "items", "values"}
HOSTILE = """{
  inStock {
    class: upc def: available data: upc v1: upc l2: upc slots: upc Anomaly: upc EMPTY: upc None: available
    __import__: upc exec: shippingEstimate __class__: upc self: upc type: available
  }
}"""


def test_code_has_no_names_but_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    names: set[str] = set()
    attributes: set[str] = set()
    for one in every_federation():
        for query in one.queries[:1]:
            try:
                written = Compilable.of(one, query).written(monkeypatch)
            except Uncompilable:
                continue
            names |= set(_names(written))
            attributes |= {node.attr for node in ast.walk(written) if isinstance(node, ast.Attribute)}
    assert {name for name in names if not NUMBERED.fullmatch(name)} <= OWN | PYTHON
    assert attributes <= METHODS


def _names(written: ast.Module) -> list[str]:
    nodes = list(ast.walk(written))
    return [
        *(node.id for node in nodes if isinstance(node, ast.Name)),
        *(node.arg for node in nodes if isinstance(node, ast.arg)),
        *(node.name for node in nodes if isinstance(node, ast.FunctionDef)),
    ]


async def test_response_names_that_mean_something_to_python_are_names_like_others() -> None:
    shipping = federation("requires/shipping")
    Compilable.of(shipping, HOSTILE).compile()
    interpreted, compiled = await shipping.federated(HOSTILE), await shipping.federated(HOSTILE, compiled=True)
    assert differences(interpreted, compiled) == []
    assert compiled.errors == ()
    assert compiled.data == (await shipping.monolith(HOSTILE)).data
