"""Logs: one JSON object a line on standard output; a constant message, the facts beside it, always the trace id."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from router.telemetry.flood import FloodGate
from router.telemetry.watch import trace_id

_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message", "taskName"}


class JsonFormatter(logging.Formatter):
    """Writes a record with everything that was given as `extra`, and what is true of all of them."""

    def __init__(self, facts: Mapping[str, object] = MappingProxyType({})) -> None:
        super().__init__()
        self._facts = facts

    def format(self, record: logging.LogRecord) -> str:
        facts = {key: value for key, value in vars(record).items() if key not in _OWN}
        entry: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "trace_id": trace_id(),
            **self._facts,
            **facts,
        }
        if record.exc_info:
            entry["exception"] = "".join(traceback.format_exception(*record.exc_info))
        return json.dumps(entry, default=str, skipkeys=True)


def configure_logs(level: str = "INFO", **facts: object) -> None:
    """Send the logs of this process to standard output, each with the facts; of libraries, only what is wrong."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter(facts))
    handler.addFilter(FloodGate())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in ("httpx", "httpcore", "uvicorn"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
