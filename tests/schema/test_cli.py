from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO, TextIOWrapper
from pathlib import Path
from subprocess import PIPE, Popen
from threading import Thread
from typing import Any

import pytest

from schema.cli import compose
from schema.compose import Composition
from schema.compose import compose as compose_sources
from schema.subgraph import SubgraphSource

FEDRA = Path(__file__).parents[2] / "fedra.py"
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


ANSWERS: dict[str, str] = {
    "/graphql": json.dumps({"data": {"_service": {"sdl": SDL}}}),
    "/refuses": json.dumps({"errors": [{"message": "No field _service."}]}),
    "/other": "[]",
    "/text": "<html>",
}


@pytest.fixture
def subgraph_url() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            assert asked == {"query": "{ _service { sdl } }"}
            allowed = self.path != "/graphql" or self.headers.get("authorization", "open") == "open"
            body = ANSWERS.get(self.path, "").encode()
            self.send_response(200 if body and allowed else 404)
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


def test_a_running_subgraph_is_asked_with_headers_from_the_environment(
    tmp_path: Path, subgraph_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema = f"{{subgraph_url: '{subgraph_url}', introspection_headers: {{authorization: '${{env.TOKEN}}'}}}}"
    arguments = ["--config", str(config(tmp_path, a=schema)), "--output", str(tmp_path / "out")]
    assert compose(arguments) == 2
    monkeypatch.setenv("TOKEN", "open")
    assert compose(arguments) == 0
    monkeypatch.setenv("TOKEN", "wrong")
    assert compose(arguments) == 3


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
        ("{file: missing.graphql}", "missing.graphql: No such file or directory."),
        ("{file: folder}", "folder: Is a directory."),
        ("{file: latin.graphql}", "latin.graphql is not UTF-8."),
        ("{file: large.graphql}", "large.graphql is larger than 8 MiB."),
    ],
)
def test_a_schema_that_cannot_be_read_is_one_clear_sentence(
    tmp_path: Path, schema: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "latin.graphql").write_bytes(b"type Query { a: Int } # \xe9")
    (tmp_path / "large.graphql").write_bytes(b"type Query { a: Int }\n".ljust(10_000_000))
    assert compose(["--config", str(config(tmp_path, a=schema))]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith('fedra compose: Cannot read the schema of subgraph "a": ')
    assert line.endswith(told)


@pytest.mark.parametrize("sdl", ["", "type Query {", "{ a }", "type Query { a(x: Int = " + "[" * 5000])
def test_a_schema_that_does_not_parse_is_an_error_of_composition(
    tmp_path: Path, sdl: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.graphql").write_text(sdl, encoding="utf-8")
    assert compose(["--config", str(config(tmp_path, a="{file: a.graphql}"))]) == 1
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_a_schema_may_begin_with_a_byte_order_mark_and_end_its_lines_as_windows_does(tmp_path: Path) -> None:
    (tmp_path / "a.graphql").write_bytes(b"\xef\xbb\xbf" + SDL.replace("\n", "\r\n").encode())
    output = tmp_path / "supergraph.graphql"
    assert compose(["--config", str(config(tmp_path, a="{file: a.graphql}")), "--output", str(output)]) == 0
    assert "\r" not in output.read_bytes().decode()


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://127.0.0.1:9/graphql", "All connection attempts failed"),
        ("no url", "Request URL is missing an 'http://' or 'https://' protocol"),
        ("{server}/404", "it answers with HTTP status 404"),
        ("{server}/refuses", "it answers: No field _service"),
        ("{server}/text", "Expecting value"),
        ("{server}/other", "it does not answer with an SDL"),
    ],
)
def test_a_subgraph_that_does_not_tell_its_schema_has_an_exit_code_of_its_own(
    tmp_path: Path, subgraph_url: str, url: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    url = url.replace("{server}", subgraph_url.removesuffix("/graphql"))
    assert compose(["--config", str(config(tmp_path, a=f"{{subgraph_url: '{url}'}}"))]) == 3
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(f'fedra compose: Cannot get the schema of subgraph "a" from {url}: {why}')


def test_every_subgraph_that_does_not_answer_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    urls = dict.fromkeys(("a", "b"), "{subgraph_url: 'http://127.0.0.1:9'}")
    assert compose(["--config", str(config(tmp_path, **urls))]) == 3
    assert [line.split('"')[1] for line in capsys.readouterr().err.splitlines()] == ["a", "b"]


def test_the_config_may_come_from_standard_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.graphql").write_text(SDL, encoding="utf-8")
    text = config(tmp_path, a="{file: a.graphql}").read_bytes()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(text)))
    assert compose(["--config", "-"]) == 0
    assert "type Query" in capsys.readouterr().out


def test_json_has_errors_hints_and_supergraph(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.graphql"
    place = {"subgraph": "a", "file": str(path), "line": 3, "column": 8}
    arguments = ["--config", str(config(tmp_path, a="{file: a.graphql}")), "--format", "json"]
    path.write_text(SDL.replace('"id"', '"no"'), encoding="utf-8")
    assert compose(arguments) == 1
    told = json.loads(capsys.readouterr().out)
    assert [(one["code"], one["locations"]) for one in told["errors"]] == [("KEY_INVALID_FIELDS", [place])]
    assert [one["coordinate"] for one in told["errors"]] == ["T"]
    assert (told["hints"], told["supergraph"]) == ([], None)
    path.write_text(f"{SDL}enum E {{ X }}", encoding="utf-8")
    assert compose(arguments) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["code"], one["level"]) for one in told["hints"]] == [("UNUSED_ENUM_TYPE", "DEBUG")]
    assert told["supergraph"].startswith("schema")


def test_github_shows_errors_at_their_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.graphql").write_text(SDL.replace('"id"', '"no"'), encoding="utf-8")
    config_file = config(tmp_path, a="{file: a.graphql}")
    assert compose(["--config", str(config_file), "--format", "github"]) == 1
    told = capsys.readouterr().out
    assert told.startswith(f"::error title=KEY_INVALID_FIELDS,file={tmp_path}/a.graphql,line=3,col=8::[a] On type")
    assert told.count("\n") == 1


def test_a_supergraph_is_written_whole_or_not_at_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "supergraph.graphql"
    arguments = ["--config", str(config(tmp_path, a="{file: a.graphql}")), "--output", str(output)]
    (tmp_path / "a.graphql").write_text(SDL, encoding="utf-8")
    assert compose(arguments) == 0
    written = output.read_text(encoding="utf-8")
    (tmp_path / "a.graphql").write_text("type Query {", encoding="utf-8")
    assert compose(arguments) == 1
    assert output.read_text(encoding="utf-8") == written
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.graphql", "supergraph.graphql", "supergraph.yaml"]
    (tmp_path / "a.graphql").write_text(SDL, encoding="utf-8")
    assert compose([*arguments[:2], "--output", str(tmp_path / "a.graphql" / "b")]) == 2
    assert "Cannot write" in capsys.readouterr().err


def test_the_schema_of_clients_is_written_beside_the_supergraph(tmp_path: Path) -> None:
    hidden = SDL.replace('["@key"]', '["@key", "@inaccessible"]').replace("id: ID", "id: ID hidden: Int @inaccessible")
    (tmp_path / "a.graphql").write_text(hidden, encoding="utf-8")
    arguments = ["--config", str(config(tmp_path, a="{file: a.graphql}")), "--output", str(tmp_path / "supergraph")]
    assert compose([*arguments, "--api-schema", str(tmp_path / "api.graphql")]) == 0
    written = (tmp_path / "api.graphql").read_text(encoding="utf-8")
    assert written == "type Query {\n  a: T\n}\n\ntype T {\n  id: ID\n}\n"


def test_a_device_is_written_into(tmp_path: Path) -> None:
    (tmp_path / "a.graphql").write_text(SDL, encoding="utf-8")
    assert compose(["--config", str(config(tmp_path, a="{file: a.graphql}")), "--output", "/dev/null"]) == 0
    assert not Path("/dev/null").is_file()


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    fields = "\n".join(f"field{number}: Int" for number in range(20_000))
    (tmp_path / "a.graphql").write_text(f"type Query {{ {fields} }}", encoding="utf-8")
    arguments = ["compose", "--config", str(config(tmp_path, a="{file: a.graphql}"))]
    with Popen([sys.executable, FEDRA, *arguments], stdout=PIPE, stderr=PIPE, text=True) as composing:
        assert composing.stdout is not None
        assert composing.stderr is not None
        composing.stdout.readline()
        composing.stdout.close()
        assert (composing.wait(60), composing.stderr.read()) == (0, "")


@contextmanager
def running(*arguments: str) -> Iterator[Popen[str]]:
    """Run `fedra` as a shell without job control runs it behind a `&`: deaf to SIGINT."""
    deaf = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])"
    command = [sys.executable, "-c", deaf, sys.executable, "-u", str(FEDRA), *arguments]
    with Popen(command, stdout=PIPE, stderr=PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def replace_text(file: Path, text: str) -> None:
    """Write a file so that nobody sees half of it."""
    (file.parent / "new").write_text(text, encoding="utf-8")
    (file.parent / "new").replace(file)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_watching_composes_whenever_a_schema_changes_and_keeps_the_last_good_supergraph(
    tmp_path: Path, ending: signal.Signals
) -> None:
    sdl, output = tmp_path / "a.graphql", tmp_path / "supergraph.graphql"
    replace_text(sdl, SDL)
    config_file = str(config(tmp_path, a="{file: a.graphql}"))
    with running("compose", "--watch", "--config", config_file, "--output", str(output)) as watching:
        assert watching.stdout is not None
        assert watching.stderr is not None
        assert watching.stderr.readline() == f"fedra compose: wrote {output}\n"
        written = output.read_text(encoding="utf-8")
        replace_text(sdl, SDL.replace('"id"', '"no"'))
        assert watching.stdout.readline().startswith("KEY_INVALID_FIELDS a ")
        assert output.read_text(encoding="utf-8") == written
        sdl.unlink()
        assert watching.stderr.readline().startswith('fedra compose: Cannot read the schema of subgraph "a"')
        replace_text(sdl, SDL.replace("a: T", "again: T"))
        assert watching.stderr.readline() == f"fedra compose: wrote {output}\n"
        assert "again: T" in output.read_text(encoding="utf-8")
        watching.send_signal(ending)
        assert watching.wait(30) == 0


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


def test_text_in_a_case_may_hold_any_separator(tmp_path: Path) -> None:
    sdl = 'type Query { "next\u2028line\x85" a: Int }'
    line = json.dumps({"id": "\ud800", "subgraphs": [{"name": "a", "url": "", "sdl": sdl}]}, ensure_ascii=False)
    code, [result] = batch(tmp_path, line.replace("\ud800", "\\ud800"))
    assert (code, result["id"], result["errors"]) == (0, "\ud800", [])
    assert "next\u2028line\x85" in result["supergraph"]


def test_a_case_that_breaks_the_composer_takes_no_other_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [json.dumps({"id": name, "subgraphs": [{"name": name, "url": "", "sdl": SDL}]}) for name in ("a", "b")]

    def breaks_on_a(sources: Sequence[SubgraphSource]) -> Composition:
        if sources[0].name == "a":
            raise ZeroDivisionError
        return compose_sources(sources)

    monkeypatch.setattr("schema.batch.compose", breaks_on_a)
    _, [first, second] = batch(tmp_path, *cases)
    assert [one["code"] for one in first["errors"]] == ["INTERNAL"]
    assert second["errors"] == []
