"""What README shows works, and looks as shown."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

import httpx

from tests.e2e.platform import CHECKOUT, Platform

README = (CHECKOUT / "README.md").read_text()


def test_the_shown_answer_has_the_shape_of_the_real_one(platform: Platform) -> None:
    shown = json.loads(next(iter(re.findall(r"```json\n(.*?)```", README, re.DOTALL))))
    assert shape(shown) == shape(platform.paste_first_query())


def test_the_shown_command_lists_tasks(platform: Platform) -> None:
    line = next(line for line in README.splitlines() if line.startswith("curl "))
    words = shlex.split(line.replace("$TOKEN", platform.token).replace(":4000", f":{platform.port}"))
    headers = dict(words[at + 1].split(": ", 1) for at, word in enumerate(words) if word == "-H")
    answer = httpx.post(words[2], content=words[words.index("-d") + 1], headers=headers, timeout=60).json()
    assert "errors" not in answer
    assert {edge["node"]["status"] for edge in answer["data"]["tasks"]["edges"]} <= {"SUCCEEDED", "RUNNING", "QUEUED"}
    assert answer["data"]["tasks"]["edges"]


def shape(value: Any) -> Any:  # noqa: ANN401 (any JSON)
    """Keys and types; a list has the shape of its first item."""
    if isinstance(value, dict):
        return {key: shape(one) for key, one in value.items()}
    if isinstance(value, list):
        return [shape(value[0])]
    return "number" if isinstance(value, int | float) else type(value).__name__
