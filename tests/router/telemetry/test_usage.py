from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from router.request import Json
from router.settings.telemetry import UsageSettings
from router.telemetry import usage
from router.telemetry.usage import Coordinates, Usage
from tests.router.door import open_door, until

PEOPLE = Coordinates(("Person.name", "Query.people"))
PERSON = Coordinates(("Person.name", "Query.person"))


def records(folder: Path) -> list[Json]:
    """Read all lines of all files, in order."""
    lines = [json.loads(line) for file in sorted(folder.glob("*.ndjson")) for line in file.read_text().splitlines()]
    return sorted(lines, key=str)


def files_in(folder: Path) -> list[str]:
    """Name all files, the unfinished ones, too."""
    return [one.name for one in folder.iterdir()]


async def test_what_clients_use_is_written_by_coordinate_and_client(tmp_path: Path) -> None:
    folder = tmp_path / "usage"
    began = datetime.now(UTC)
    async with open_door(tmp_path, telemetry={"usage": {"folder": folder}}) as door:
        for version in ("1", "1", "2"):
            names = {"apollographql-client-name": "web", "apollographql-client-version": version}
            await door.client.post("/graphql", json={"query": "{ people(first: 1) { name } }"}, headers=names)
        await door.ask("{ people { name: id } }")
        await door.ask("{ nothing }")
    told = records(folder)
    assert {datetime.fromisoformat(one.pop("lastSeen")) >= began.replace(microsecond=0) for one in told} == {True}

    def of(coordinate: str, client: str | None, version: str | None, count: int) -> Json:
        return {"coordinate": coordinate, "client": client, "version": version, "count": count}

    web = [of(one, "web", "1", 2) for one in ("Person.name", "Query.people", "Query.people(first:)")]
    assert told == sorted(
        [
            *web,
            *({**one, "version": "2", "count": 1} for one in web),
            of("Person.id", None, None, 1),
            of("Query.people", None, None, 1),
        ],
        key=str,
    )


async def test_a_file_is_written_for_each_interval_in_which_there_was_something(tmp_path: Path) -> None:
    counted = Usage(tmp_path, UsageSettings.model_validate({"interval": "10ms"}))

    async def written(files: int) -> None:
        async def are_there() -> bool:
            return len([one for one in files_in(tmp_path) if one[0] != "."]) == files

        await until(are_there)

    for files in (1, 2):
        counted.count(PEOPLE, None, None)
        await written(files)
    await counted.close()
    assert [one["count"] for one in records(tmp_path)] == [1, 1, 1, 1]
    assert all(one.endswith(".ndjson") and one[0] != "." for one in files_in(tmp_path))


async def test_coordinates_of_several_operations_add_up_and_a_sample_stands_for_all(tmp_path: Path) -> None:
    draws = iter([0.1, 0.9, 0.1, 0.1])
    counted = Usage(tmp_path, UsageSettings(sampling=0.5), chance=lambda: next(draws))
    for coordinates in (PEOPLE, PEOPLE, PERSON, PERSON):
        counted.count(coordinates, "web", None)
    await counted.close()
    assert {one["coordinate"]: one["count"] for one in records(tmp_path)} == {
        "Person.name": 6,
        "Query.people": 2,
        "Query.person": 4,
    }


async def test_what_is_held_is_bounded(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    counted = Usage(tmp_path, UsageSettings(max_entries=2))
    taken = [counted.count(PEOPLE, client, None) for client in ("a", "b", "c", "a")]
    assert taken == [True, True, False, True]
    await counted.close()
    assert {one["client"] for one in records(tmp_path)} == {"a", "b"}
    assert [one.message for one in caplog.records] == ["usage records are incomplete"]


async def test_a_folder_that_cannot_be_written_is_told_and_nothing_stays_behind(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    counted = Usage(tmp_path / "file", UsageSettings())
    counted.count(PEOPLE, None, None)
    await counted.close()
    assert [one.message for one in caplog.records] == ["usage records are incomplete"]


def test_a_file_is_never_seen_unfinished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_self: Path, _target: Path) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space left"):
        usage.write_whole(tmp_path, "{}\n")
    assert list(tmp_path.iterdir()) == []
