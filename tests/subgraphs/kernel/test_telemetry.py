"""Logs are JSON, with the trace of the request they belong to."""

from __future__ import annotations

import json
import logging
import sys

from subgraphs.kernel.telemetry import JsonFormatter, trace_id, traceparent

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def record(message: str, **facts: object) -> logging.LogRecord:
    return logging.getLogger("subgraphs").makeRecord(
        "subgraphs", logging.ERROR, __file__, 1, message, (), sys.exc_info(), extra=facts
    )


def test_a_line_holds_the_message_its_facts_and_the_trace() -> None:
    token = traceparent.set(f"00-{TRACE}-00f067aa0ba902b7-01")
    try:
        raise LookupError("gone")
    except LookupError:
        line = json.loads(JsonFormatter().format(record("field failed", path=["a", 0], where=object)))
    finally:
        traceparent.reset(token)
    assert (line["message"], line["level"], line["path"], line["trace_id"]) == (
        "field failed",
        "ERROR",
        ["a", 0],
        TRACE,
    )
    assert "LookupError: gone" in line["exception"]


def test_a_header_that_is_none_names_no_trace() -> None:
    for text in (None, "", "nonsense", "00-short-00f067aa0ba902b7-01"):
        token = traceparent.set(text)
        assert trace_id() is None
        traceparent.reset(token)
