from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from router.telemetry.logs import JsonFormatter, configure_logs
from router.telemetry.watch import Watch
from tests.router.telemetry.watched import watched


@contextmanager
def configured(level: str = "INFO") -> Iterator[None]:
    """Let the router's logs be the process's logs for a while."""
    root = logging.getLogger()
    handlers, before = root.handlers[:], root.level
    configure_logs(level)
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(before)


def test_a_log_is_one_json_object_a_line_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    with configured(), watched(Watch("abc")):
        logging.getLogger("router.test").warning("a thing happened", extra={"file": Path("a"), "count": 2})
    said = capsys.readouterr()
    (line,) = said.out.splitlines()
    entry = json.loads(line)
    assert entry.pop("time").endswith("+00:00")
    assert entry == {
        "level": "WARNING",
        "logger": "router.test",
        "message": "a thing happened",
        "trace_id": "abc",
        "file": "a",
        "count": 2,
    }
    assert said.err == ""


def test_an_exception_is_told_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    with configured():
        try:
            raise LookupError("no such thing\nreally")
        except LookupError:
            logging.getLogger("router.test").exception("a thing failed")
    (line,) = capsys.readouterr().out.splitlines()
    assert "LookupError: no such thing\nreally" in json.loads(line)["exception"]


def test_what_cannot_be_json_is_still_told() -> None:
    record = logging.makeLogRecord({"msg": "odd", "things": {1: {"a"}}, "text": "\ud800", "number": 2**80})
    assert json.loads(JsonFormatter().format(record))["message"] == "odd"


def test_what_is_below_the_level_is_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    with configured("ERROR"):
        logging.getLogger("router.test").warning("a thing happened")
        logging.getLogger("router.test").error("a thing broke")
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["message"] == "a thing broke"
