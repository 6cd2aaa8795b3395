from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from schema.cli import compose

SDL = """extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { a: T }
type T @key(fields: "id") { id: ID }
"""


def config(folder: Path, **schemas: str) -> Path:
    entries = "".join(
        f"  {name}: {{routing_url: 'http://{name}', schema: {schema}}}\n" for name, schema in schemas.items()
    )
    path = folder / "supergraph.yaml"
    path.write_text(f"federation_version: =2.9.0\nsubgraphs:\n{entries}", encoding="utf-8")
    return path


@pytest.fixture
def subgraph_url() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            assert asked == {"query": "{ _service { sdl } }"}
            body = json.dumps({"data": {"_service": {"sdl": SDL}}}).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/graphql"
        server.shutdown()
        thread.join()


def test_files_are_read_beside_the_config_and_the_supergraph_is_written(tmp_path: Path) -> None:
    (tmp_path / "a.graphql").write_text(SDL, encoding="utf-8")
    output = tmp_path / "out" / "supergraph.graphql"
    assert compose(["--config", str(config(tmp_path, a="{file: a.graphql}")), "--output", str(output)]) == 0
    assert 'A @join__graph(name: "a", url: "http://a")' in output.read_text(encoding="utf-8")


def test_a_running_subgraph_is_asked_for_its_sdl(
    tmp_path: Path, subgraph_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compose(["--config", str(config(tmp_path, a=f"{{subgraph_url: '{subgraph_url}'}}"))]) == 0
    assert 'type T\n  @join__type(graph: A, key: "id")' in capsys.readouterr().out


def test_errors_are_told_with_code_subgraph_and_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.graphql").write_text(SDL.replace('"id"', '"no"'), encoding="utf-8")
    assert compose(["--config", str(config(tmp_path, a="{file: a.graphql}"))]) == 1
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 1
    assert told[0].startswith(f"KEY_INVALID_FIELDS a {tmp_path}/a.graphql:3 ")


def test_hints_go_to_standard_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.graphql").write_text(f"{SDL}enum E {{ X }}", encoding="utf-8")
    assert compose(["--config", str(config(tmp_path, a="{file: a.graphql}"))]) == 0
    assert capsys.readouterr().err.startswith(f"DEBUG UNUSED_ENUM_TYPE a {tmp_path}/a.graphql:4 ")


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        ("{file: missing.graphql}", 'Cannot read the schema of subgraph "a"'),
        ("{file: latin.graphql}", 'Cannot read the schema of subgraph "a"'),
        ("{}", 'subgraph "a" needs a "schema" with a "file" or a "subgraph_url"'),
    ],
)
def test_what_cannot_be_read_is_one_clear_sentence(
    tmp_path: Path, schema: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "latin.graphql").write_bytes(b"type Query { a: Int } # \xe9")
    assert compose(["--config", str(config(tmp_path, a=schema))]) == 2
    assert told in capsys.readouterr().err


def test_a_config_without_subgraphs_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert compose(["--config", str(tmp_path / "none.yaml")]) == 2
    (tmp_path / "empty.yaml").write_text("subgraphs: {}", encoding="utf-8")
    assert compose(["--config", str(tmp_path / "empty.yaml")]) == 2
    assert 'expected "subgraphs"' in capsys.readouterr().err


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/graphql", "no url"])
def test_a_subgraph_that_does_not_answer_has_an_exit_code_of_its_own(
    tmp_path: Path, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compose(["--config", str(config(tmp_path, a=f"{{subgraph_url: '{url}'}}"))]) == 3
    assert 'Cannot get the schema of subgraph "a"' in capsys.readouterr().err


def batch(folder: Path, *lines: str) -> tuple[int, list[dict[str, Any]]]:
    """Run a batch; its exit code and results."""
    cases, results = folder / "cases.jsonl", folder / "results.jsonl"
    cases.write_text("\n".join(lines), encoding="utf-8")
    code = compose(["--batch", str(cases), "--out", str(results)])
    return code, [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines()] if code == 0 else []


def test_a_batch_has_one_result_for_each_case(tmp_path: Path) -> None:
    right = {"name": "a", "url": "http://a", "sdl": f"{SDL}enum E {{ X }}"}
    wrong = {"name": "a", "url": None, "sdl": SDL.replace('"id"', '"no"')}
    cases = [json.dumps({"id": number, "subgraphs": [one]}) for number, one in enumerate((right, wrong), start=1)]
    code, [first, second] = batch(tmp_path, *cases, "")
    assert code == 0
    assert {**first, "supergraph": str(first["supergraph"])[:6]} == {
        "id": 1,
        "errors": [],
        "hints": ["UNUSED_ENUM_TYPE"],
        "supergraph": "schema",
    }
    [error] = second.pop("errors")
    assert (error.keys(), error["code"]) == ({"code", "message"}, "KEY_INVALID_FIELDS")
    assert second == {"id": 2, "hints": [], "supergraph": None}


@pytest.mark.parametrize("line", ["{", "[]", '{"id": 1}', '{"id": 1, "subgraphs": [{"name": "a", "sdl": 1}]}'])
def test_a_line_that_is_no_case_is_told_with_its_number(
    tmp_path: Path, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert batch(tmp_path, line) == (2, [])
    assert "Line 1 is no case" in capsys.readouterr().err
    assert compose(["--batch", str(tmp_path / "none.jsonl")]) == 2
