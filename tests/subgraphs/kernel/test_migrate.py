"""Migrations: in order, once each, never changed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
import pytest

from subgraphs.kernel.embedded import DatabaseUrls
from subgraphs.kernel.migrate import ChangedMigration, migrate


async def names(urls: DatabaseUrls) -> list[str]:
    connection = await asyncpg.connect(urls.owner)
    try:
        rows = await connection.fetch("SELECT name FROM notes.migration WHERE name NOT LIKE 'kernel/%' ORDER BY name")
    finally:
        await connection.close()
    return [row["name"] for row in rows]


async def test_each_runs_once_in_the_order_of_their_numbers(database_urls: DatabaseUrls, tmp_path: Path) -> None:
    (tmp_path / "0002_more.sql").write_text("ALTER TABLE notes.thing ADD body text")
    (tmp_path / "0001_thing.sql").write_text("CREATE TABLE {schema}.thing (id int)")
    await asyncio.gather(*(migrate(database_urls.owner, "notes", tmp_path) for _ in range(3)))
    assert await names(database_urls) == ["0001_thing", "0002_more"]

    (tmp_path / "0003_fails.sql").write_text("CREATE TABLE notes.other (id int); SELECT 1 / 0")
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(database_urls.owner, "notes", tmp_path)
    assert await names(database_urls) == ["0001_thing", "0002_more"]

    (tmp_path / "0003_fails.sql").write_text("CREATE TABLE notes.other (id int)")
    await migrate(database_urls.owner, "notes", tmp_path)
    assert await names(database_urls) == ["0001_thing", "0002_more", "0003_fails"]

    (tmp_path / "0001_thing.sql").write_text("CREATE TABLE notes.thing (id bigint)")
    with pytest.raises(ChangedMigration, match="'0001_thing' of 'notes' was changed"):
        await migrate(database_urls.owner, "notes", tmp_path)
