"""`fedra dev` from outside: start, query, work, crash and recovery, stop, restart."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

import psutil
import pytest

from router.dev.demo import CREATE_TASK, TASK_STATUS, global_id
from router.dev.keys import PROJECT
from subgraphs.kernel.embedded import free_port
from tests.e2e.platform import CHECKOUT, Platform, until


def test_the_printed_query_answers_in_full_from_all_four_subgraphs(platform: Platform) -> None:
    answer = platform.paste_first_query()
    assert "errors" not in answer, platform.text
    message = answer["data"]["session"]["messages"]["edges"][0]["node"]
    assert answer["data"]["session"]["title"] == "Getting to know Fedra"  # sessions
    assert message["generatedBy"]["status"] == "SUCCEEDED"  # tasks
    assert message["model"]["model"]["name"] == "answer"  # models
    assert message["model"]["costLast24hUsd"] > 0  # tasks, computed from what models gave
    assert answer["data"]["search"]["edges"][0]["node"]["snippet"]  # search
    cited = [note["document"]["title"] for part in message["parts"] for note in part["annotations"]]
    assert cited
    assert set(cited) == {"Fedra"}


def test_the_answer_is_quoted_from_the_readme(platform: Platform) -> None:
    message = platform.paste_first_query()["data"]["session"]["messages"]["edges"][0]["node"]
    readme = " ".join((CHECKOUT / "README.md").read_text().split())
    text = message["parts"][0]["text"]
    assert message["role"] == "ASSISTANT"
    assert any(sentence.strip(" .") in readme for sentence in text.split(". "))


def test_a_task_created_through_the_router_is_run_and_its_status_seen(platform: Platform) -> None:
    created = create_ingest_task(platform, "e2e-task", CHECKOUT / "CONTRIBUTING.md")
    status = until(60, lambda: finished(platform, created["id"]))
    assert status == "SUCCEEDED"


def test_a_killed_subgraph_gives_a_partial_answer_and_then_comes_back(platform: Platform) -> None:
    killed = platform.child("subgraph", "models")
    killed.kill()
    partial = platform.paste_first_query()
    assert partial["data"]["session"]["title"] == "Getting to know Fedra"
    assert {error["extensions"].get("service") for error in partial["errors"]} == {"models"}
    assert partial["data"]["session"]["messages"]["edges"][0]["node"]["model"] is None
    until(60, lambda: "errors" not in platform.paste_first_query())
    assert platform.child("subgraph", "models").pid != killed.pid


def test_a_taken_port_is_refused_in_one_sentence_with_the_way_out(platform: Platform) -> None:
    second = Platform(platform.data.parent / "second", platform.port)
    second.start()
    assert second.process.wait(10) == 1
    assert second.text == (
        f"fedra dev: Port {platform.port} of 127.0.0.1 is taken. Choose another: `make dev PORT={platform.port + 1}`."
    )


def test_a_data_folder_in_use_is_refused(platform: Platform) -> None:
    second = Platform(platform.data, free_port())
    second.start()
    assert second.process.wait(10) == 1
    assert "Fedra is running on" in second.text


def test_a_folder_that_cannot_be_written_is_refused() -> None:
    nowhere = Platform(Path("/dev/null/fedra"), free_port())
    nowhere.start()
    assert nowhere.process.wait(10) == 1
    assert nowhere.text.startswith("fedra dev: Cannot write to '/dev/null/fedra'")
    assert "--data DIR" in nowhere.text


@pytest.mark.parametrize("wish", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_every_child_and_a_restart_finds_the_data(platform: Platform, wish: signal.Signals) -> None:
    before = json.dumps(platform.paste_first_query()["data"]["session"]["messages"])
    children = platform.children()
    assert len(children) >= 7
    assert platform.stop(wish) == 0
    assert not [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]
    platform.start()
    assert json.dumps(platform.paste_first_query()["data"]["session"]["messages"]) == before


def test_a_killed_store_comes_back_and_nothing_is_lost(platform: Platform) -> None:
    before = json.dumps(platform.paste_first_query()["data"]["session"])
    platform.child("postgres", "--data").kill()
    until(60, lambda: answers_in_full(platform))
    assert json.dumps(platform.paste_first_query()["data"]["session"]) == before


def test_a_signal_during_the_start_leaves_nothing(platform: Platform) -> None:
    second = Platform(platform.data.parent / "interrupted", free_port())
    second.start(until="  postgres")
    children = second.children()
    assert children
    assert second.stop(signal.SIGINT) == 0
    assert not [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]


def test_a_killed_supervisor_leaves_no_child_and_a_restart_works(platform: Platform) -> None:
    children = platform.children()
    platform.process.kill()
    platform.process.wait(10)
    until(30, lambda: not [one for one in children if one.is_running() and one.status() != psutil.STATUS_ZOMBIE])
    platform.start()
    assert "errors" not in platform.paste_first_query()


def test_reset_clears_the_data(platform: Platform) -> None:
    created = create_ingest_task(platform, "e2e-forgotten", CHECKOUT / "CHANGELOG.md")
    platform.stop()
    platform.start("--reset")
    assert "errors" not in platform.paste_first_query()
    assert platform.ask(TASK_STATUS, id=created["id"])["data"] == {"task": None}


def create_ingest_task(platform: Platform, key: str, file: Path) -> dict[str, Any]:
    remembered = json.loads((platform.data / "demo.json").read_text())
    wish = {
        "idempotencyKey": key,
        "projectId": global_id("Project", PROJECT),
        "spec": {"ingest": {"collectionId": remembered["collection"], "sourceUris": [file.as_uri()]}},
    }
    payload = platform.ask(CREATE_TASK, input=wish)["data"]["createTask"]
    assert payload["errors"] == []
    task: dict[str, Any] = payload["task"]
    return task


def finished(platform: Platform, task: str) -> str | None:
    status: str = platform.ask(TASK_STATUS, id=task)["data"]["task"]["status"]
    return status if status in {"SUCCEEDED", "FAILED", "CRASHED", "CANCELLED", "TIMED_OUT"} else None


def answers_in_full(platform: Platform) -> bool:
    return "errors" not in platform.paste_first_query()
