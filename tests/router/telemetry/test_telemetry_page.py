"""docs/telemetry.md says what the code says."""

from __future__ import annotations

import json
import re
from pathlib import Path

from router.telemetry.instruments import INSTRUMENTS, Instrument

PAGE = (Path(__file__).parents[3] / "docs/telemetry.md").read_text(encoding="utf-8")


def row(one: Instrument) -> str:
    """Write a metric as the page does."""
    attributes = ", ".join(f"`{name}`" for name in one.attributes)
    return f"| `{one.name}` | {one.kind} | `{one.unit}` | {attributes} | {one.description} |"


def test_the_page_lists_every_metric_and_no_other() -> None:
    _, _, after = PAGE.partition("| metric | kind |")
    table = after.partition("\n\n")[0].splitlines()[2:]
    assert table == [row(one) for one in INSTRUMENTS]


def test_the_record_of_the_page_has_the_keys_that_are_written() -> None:
    (record,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert list(json.loads(record)) == ["coordinate", "client", "version", "count", "lastSeen"]
