"""Migrations: numbered SQL files, in order, once each, under one lock; first the kernel's own, then the subgraph's."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import asyncpg

KERNEL = Path(__file__).parent / "migrations"
LOCK = 0x0FED7A  # one migration at a time in a database


class ChangedMigration(ValueError):
    """A file that was applied reads otherwise now."""

    def __init__(self, subgraph: str, name: str) -> None:
        super().__init__(
            f"Migration '{name}' of '{subgraph}' was changed after it was applied. Add a new file instead."
        )


@dataclass(frozen=True, slots=True)
class Migration:
    """One file. `{schema}` in it stands for the subgraph's PostgreSQL schema."""

    name: str
    sql: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def read_migrations(directory: Path, subgraph: str, prefix: str = "") -> list[Migration]:
    """Read a directory's .sql files in the order of their numbers."""
    paths = sorted(directory.glob("*.sql"))
    return [Migration(prefix + path.stem, path.read_text("utf-8").replace("{schema}", subgraph)) for path in paths]


async def migrate(owner_url: str, subgraph: str, directory: Path) -> None:
    """Bring the PostgreSQL schema named for the subgraph up to date, as fedra_owner. Raises: ChangedMigration."""
    migrations = [*read_migrations(KERNEL, subgraph, "kernel/"), *read_migrations(directory, subgraph)]
    connection = await asyncpg.connect(owner_url)
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
            await _apply(connection, subgraph, migrations)
    finally:
        await connection.close()


async def _apply(connection: asyncpg.Connection[asyncpg.Record], subgraph: str, migrations: list[Migration]) -> None:
    await connection.execute(f"CREATE SCHEMA IF NOT EXISTS {subgraph}")
    await connection.execute(
        f"CREATE TABLE IF NOT EXISTS {subgraph}.migration "
        "(name text PRIMARY KEY, digest text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"
    )
    rows = await connection.fetch(f"SELECT name, digest FROM {subgraph}.migration")
    applied = {row["name"]: row["digest"] for row in rows}
    for migration in migrations:
        if migration.name not in applied:
            await connection.execute(migration.sql)
            await connection.execute(
                f"INSERT INTO {subgraph}.migration (name, digest) VALUES ($1, $2)",
                migration.name,
                migration.digest,
            )
        elif applied[migration.name] != migration.digest:
            raise ChangedMigration(subgraph, migration.name)
