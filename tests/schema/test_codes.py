from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from schema.codes import Code, codes, explain, page
from schema.errors import HINTS
from tests.schema.compose.testkit import composed_raw, fed2

ROOT = Path(__file__).parents[2]
ELSEWHERE = {"INVALID_SUBGRAPH_NAME", "INTERNAL", "MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED"}
"""Codes that no SDL alone can show: `test_error_codes.py` and `test_cli.py` have them and their near misses."""

WITH_EXAMPLE = [one for one in codes().values() if one.example]


def named_in_the_composer() -> set[str]:
    """Whole texts in the composer's source that look like codes."""
    found = set()
    for path in (ROOT / "schema").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return {text for text in found if re.fullmatch(r"[A-Z]+(_[A-Z]+){2,}", text)}


def test_every_code_is_explained() -> None:
    locations = {"INPUT_FIELD_DEFINITION", "FIELD_DEFINITION"}
    endings = ("FIELDS", "INVALID", "DIRECTIVE")  # `KEY_`, `REQUIRES_` or `PROVIDES_` is put before these
    unknown = named_in_the_composer() - codes().keys() - locations
    assert {text for text in unknown if not text.startswith(endings) and f"KEY_{text}" not in codes()} == set()
    assert HINTS.keys() <= codes().keys()


def raised(code: Code, sdls: tuple[str, ...]) -> tuple[set[str], set[str]]:
    """The codes of errors and of hints."""
    linked = [sdl if code.federation == 1 or "/federation/" in sdl else fed2(sdl) for sdl in sdls]
    composition = composed_raw(**dict(zip("abc", linked, strict=False)))
    return {one.code for one in composition.errors}, {one.code for one in composition.hints}


def test_every_code_has_a_case_that_raises_it_and_a_near_miss() -> None:
    assert {name for name, one in codes().items() if not one.example or not one.replace} == ELSEWHERE
    assert all(any(one.replace in sdl for sdl in one.example) for one in WITH_EXAMPLE)


@pytest.mark.parametrize("code", WITH_EXAMPLE, ids=lambda code: code.name)
def test_the_example_of_a_code_raises_it(code: Code) -> None:
    errors, hints = raised(code, code.example)
    assert code.name in (errors if code.level == "ERROR" else hints)


@pytest.mark.parametrize("code", WITH_EXAMPLE, ids=lambda code: code.name)
def test_the_example_of_a_code_composes_when_it_is_mended(code: Code) -> None:
    errors, hints = raised(code, code.near_miss)
    assert errors == set()
    assert code.level == "ERROR" or code.name not in hints


def test_the_page_is_made_from_the_code() -> None:
    told = (ROOT / "docs" / "errors-composition.md").read_text(encoding="utf-8")
    assert told == page(), "run: python -m schema.codes > docs/errors-composition.md"


def test_a_code_is_explained_where_it_is_met(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(["no_queries"]) == 0
    assert capsys.readouterr().out.startswith("### NO_QUERIES\n\nERROR. No subgraph has a query.")
    assert explain(["NO_QUERY"]) == 2
    assert "Unknown code \"NO_QUERY\". Did you mean 'NO_QUERIES'?" in capsys.readouterr().err
