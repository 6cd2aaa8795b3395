"""A bound on what is told of one thing: clients cause warnings as often as they like."""

from __future__ import annotations

import logging

PER_SECOND = 10
"""Warnings with one message that are written in one second."""
MESSAGES = 1_000
"""Messages that are told apart."""


class FloodGate(logging.Filter):
    """Lets the first warnings of a second through, by message; the next one after it tells how many were `dropped`.

    What is less than a warning was asked for, as the access log is, and is let through.
    """

    def __init__(self) -> None:
        super().__init__()
        self._counts: dict[tuple[str, str], tuple[int, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.WARNING:
            return True
        key, second = (record.name, str(record.msg)), int(record.created)
        began, count = self._counts.get(key, (second, 0))
        if began != second:
            dropped, count = count - PER_SECOND, 0
            if dropped > 0:
                record.dropped = dropped
        if len(self._counts) >= MESSAGES:
            self._counts.clear()
        self._counts[key] = (second, count + 1)
        return count < PER_SECOND
