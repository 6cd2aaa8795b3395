from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

import fedra
from router.configuration.load import load_settings
from router.settings import Settings
from tests.router.door import SUPERGRAPH

TREE = """
supergraph: {listen: "0.0.0.0:80"}
limits:
  max_depth: ${env.DEPTH:-4}
hooks: ${file.secret}
authentication: {router: {jwt: {jwks: [{url: keys.json, issuers: [me]}, {url: others.json}]}}}
include_subgraph_errors: {subgraphs: {notes: true, people: {redact_message: false}}}
headers: {all: {request: [{insert: {name: x-a, value: "yes"}}, {propagate: {matching: "^x-"}}]}}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_text("hush:hush")
    (tmp_path / "router.yaml").write_text(TREE)
    return tmp_path / "router.yaml"


def test_a_valid_configuration_passes_in_silence(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fedra.main(["config", "validate", str(file)]) == 0
    assert capsys.readouterr() == ("", "")


def test_every_mistake_is_a_line_with_its_place(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text("limits: {max_dept: 1}\ncsrf:\n  unsafe_disabled: perhaps\n")
    assert fedra.main(["config", "validate", str(file)]) == 1
    assert capsys.readouterr().err.splitlines() == [
        f"{file}:1: limits.max_dept: unknown key. Did you mean 'max_depth' or 'max_height'?",
        f"{file}:3: csrf.unsafe_disabled: input should be a valid boolean, unable to interpret input.",
    ]


def test_subgraphs_may_be_checked_too(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "supergraph.graphql").write_text(SUPERGRAPH)
    command = ["config", "validate", str(file), "--supergraph", str(tmp_path / "supergraph.graphql")]
    assert fedra.main(command) == 0
    file.write_text("include_subgraph_errors:\n  subgraphs:\n    note: true\n")
    assert fedra.main(command) == 1
    place = f"{file}:3: include_subgraph_errors.subgraphs.note"
    assert capsys.readouterr().err == f"{place}: no such subgraph. Did you mean 'notes'?\n"


def test_a_missing_file_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert fedra.main(["config", "validate", "/absent.yaml"]) == 1
    assert capsys.readouterr().err == "/absent.yaml: No such file or directory.\n"


def test_what_is_in_force_is_shown_with_its_origin_and_without_secrets(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROUTER__LIMITS__MAX_ALIASES", "7")
    assert fedra.main(["config", "show", "--config", str(file)]) == 0
    told = capsys.readouterr().out
    lines = [line.strip() for line in told.splitlines()]
    assert f"max_depth: 4  # {file}:4" in lines
    assert "max_aliases: 7  # environment variable ROUTER__LIMITS__MAX_ALIASES" in lines
    assert "max_tokens: 15000  # default" in lines
    assert "poll_interval: 1s  # default" in lines
    assert "hush" not in told
    (tmp_path / "shown.yaml").write_text(told.replace("'**********'", "hush:hush"))
    shown, meant = (load_settings(one, {"ROUTER__LIMITS__MAX_ALIASES": "7"}) for one in (tmp_path / "shown.yaml", file))
    assert shown == meant


def test_without_a_file_the_defaults_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert fedra.main(["config", "show"]) == 0
    assert Settings.model_validate(yaml.safe_load(capsys.readouterr().out)) == Settings()


def test_the_schema_knows_every_branch_and_lets_values_be_put_in(capsys: pytest.CaptureFixture[str]) -> None:
    assert fedra.main(["config", "schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema["properties"].keys() == Settings.model_fields.keys()
    assert not schema["additionalProperties"]
    depth = schema["$defs"]["Limits"]["properties"]["max_depth"]
    assert depth["default"] == 32
    assert depth["description"] == "Levels of fields."
    assert depth["anyOf"][0] == {"exclusiveMinimum": 0, "type": "integer"}
    assert depth["anyOf"][1]["pattern"].startswith(r"\$\{")
    assert schema["$defs"]["SupergraphSettings"]["properties"]["poll_interval"]["default"] == "1s"
