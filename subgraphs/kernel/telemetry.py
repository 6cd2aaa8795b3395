"""Logs: one JSON object a line on standard output; a constant message, the facts beside it, always the trace id."""

from __future__ import annotations

import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime

import orjson

traceparent: ContextVar[str | None] = ContextVar("traceparent", default=None)
"""The request that is being answered, as its caller named it. Source: Trace Context, "traceparent Header"."""

_RECORD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message", "taskName"}


class JsonFormatter(logging.Formatter):
    """Writes a record with the facts given as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "trace_id": trace_id(),
            **{name: value for name, value in vars(record).items() if name not in _RECORD},
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return orjson.dumps(entry, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


def trace_id() -> str | None:
    """Read the trace id of the request that is being answered."""
    parts = (traceparent.get() or "").split("-")
    return parts[1] if len(parts) >= 4 and len(parts[1]) == 32 else None  # noqa: PLR2004 - the sizes of the standard


def configure_logs() -> None:
    """Send the logs of this process to standard output; of the libraries below, only what is wrong."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for chatty in ("httpx", "httpcore", "uvicorn"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
