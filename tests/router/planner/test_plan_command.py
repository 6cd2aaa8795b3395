"""`fedra plan`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from router.planner.cli import plan
from tests.router.planner.test_plan_error import UNSATISFIABLE


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    (tmp_path / "supergraph.graphql").write_text(UNSATISFIABLE)
    return ["--supergraph", f"{tmp_path}/supergraph.graphql", "--query", f"{tmp_path}/query.graphql"]


def test_it_prints_the_plan_of_the_named_operation(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    Path(files[3]).write_text("query A { item { a } } query B { __typename }")
    assert plan([*files, "--operation", "A"]) == 0
    assert capsys.readouterr().out == "Fetch a { item { a } }\n"


def test_it_prints_json(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    Path(files[3]).write_text("{ item { a } }")
    assert plan([*files, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["node"]["operation"] == "{item{a}}"


def test_it_plans_with_the_labels_that_are_named(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    labelled = UNSATISFIABLE.replace("join/v0.3", "join/v0.4").replace(
        "a: Int @join__field(graph: A)", 'a: Int @join__field(graph: A, override: "b", overrideLabel: "moved")'
    )
    Path(files[1]).write_text(labelled)
    Path(files[3]).write_text("{ item { a } }")
    assert [plan(files), plan([*files, "--label", "moved"])] == [1, 0]
    assert capsys.readouterr().out == "Fetch a { item { a } }\n"


@pytest.mark.parametrize(
    ("document", "operation", "message"),
    [
        ("{ item { b } }", [], "No way to resolve field 'Item.b'"),
        ("{ nothing }", [], "Cannot query field 'nothing'"),
        ("{ item", [], "Syntax Error"),
        ("query A { item { a } }", ["--operation", "B"], "No operation 'B'"),
        ("query A { item { a } } query B { item { a } }", [], "name one"),
    ],
)
def test_it_says_why_there_is_no_plan(
    files: list[str], document: str, operation: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(files[3]).write_text(document)
    assert plan([*files, *operation]) == 1
    assert message in capsys.readouterr().err
