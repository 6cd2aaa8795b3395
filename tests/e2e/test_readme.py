"""What README shows works, and looks as shown."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

import httpx

from tests.e2e.platform import CHECKOUT, Platform, until

README = (CHECKOUT / "README.md").read_text()


def test_the_shown_answer_has_the_shape_of_the_real_one(platform: Platform) -> None:
    shown = json.loads(next(iter(re.findall(r"```json\n(.*?)```", README, re.DOTALL))))
    assert shape(shown) == shape(platform.paste_first_query())


def test_the_shown_commands_create_a_task_and_show_what_came_of_it(platform: Platform) -> None:
    create, show = (line for line in README.splitlines() if line.startswith("curl "))
    created = paste(platform, create)["data"]["createTask"]
    assert created["errors"] == []
    assert created["task"]["status"] == "QUEUED"
    latest = until(60, lambda: latest_task_if_ended(platform, show))
    assert latest["status"] == "SUCCEEDED"
    assert latest["output"]["answer"]
    assert latest["output"]["citations"]


def latest_task_if_ended(platform: Platform, command: str) -> dict[str, Any]:
    edges = paste(platform, command)["data"]["tasks"]["edges"]
    task: dict[str, Any] = edges[0]["node"]
    return {} if task["status"] in {"QUEUED", "RUNNING"} else task


def paste(platform: Platform, command: str) -> dict[str, Any]:
    """Do what a `curl` line says, without `curl`."""
    collection = json.loads((platform.data / "demo.json").read_text())["collection"]
    line = command.replace("$TOKEN", platform.token).replace("'\"$COLLECTION\"'", collection)
    words = shlex.split(line.replace(":4000", f":{platform.port}"))
    headers = dict(words[at + 1].split(": ", 1) for at, word in enumerate(words) if word == "-H")
    answer: dict[str, Any] = httpx.post(
        words[2], content=words[words.index("-d") + 1], headers=headers, timeout=60
    ).json()
    assert "errors" not in answer
    return answer


def shape(value: Any) -> Any:  # noqa: ANN401 (any JSON)
    """Keys and types; a list has the shape of its first item."""
    if isinstance(value, dict):
        return {key: shape(one) for key, one in value.items()}
    if isinstance(value, list):
        return [shape(value[0])]
    return "number" if isinstance(value, int | float) else type(value).__name__
