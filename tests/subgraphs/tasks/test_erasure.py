"""Erasure takes all of a subject, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from subgraphs.kernel.database import Database
from subgraphs.kernel.erasure import OneSession, Subject, WholeTenant
from subgraphs.tasks.dispatch import Dispatch
from subgraphs.tasks.erasure import erase
from tests.subgraphs.kernel.people import ANN, BEN, EVE, FOREIGN_PROJECT, all_of
from tests.subgraphs.tasks.making import LEASE, SESSION, claim, drain, inference, make, run_sql


@pytest.mark.parametrize(
    ("subject", "kept"),
    [
        (OneSession("acme", SESSION), {"ann", "ben", "eve"}),
        (all_of(ANN), {"ben", "eve"}),
        (WholeTenant("acme"), {"eve"}),
        (replace(all_of(ANN), tenant="evil"), {"ann", "session", "ben", "eve"}),
    ],
)
async def test_a_subject_is_erased_with_its_history_and_what_was_not_yet_told(
    database: Database, subject: Subject, kept: set[str]
) -> None:
    await drain(database)
    await run_sql(database, "DELETE FROM tasks.outbox")
    made = {
        "ann": await make(database),
        "session": await make(database, inference(session_id=SESSION)),
        "ben": await make(database, token=BEN),
        "eve": await make(database, inference(project_id=FOREIGN_PROJECT), EVE),
    }
    async with database.as_system() as connection:
        await erase(connection, subject)
    for table, column in (("task", "id::text"), ("task_event", "task_id::text"), ("outbox", "key")):
        rows = await run_sql(database, f"SELECT DISTINCT {column} AS of FROM tasks.{table}")
        names = {row["of"] for row in rows}
        assert names == {made[name].global_id if table == "outbox" else str(made[name].id) for name in kept}


async def test_a_worker_has_lost_an_erased_task(database: Database) -> None:
    await drain(database)
    await make(database)
    dispatch = Dispatch(database, "one", LEASE)
    held = await claim(dispatch)
    async with database.as_system() as connection:
        await erase(connection, WholeTenant("acme"))
    assert await dispatch.beat(held) is None
