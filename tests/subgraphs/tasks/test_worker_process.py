"""`fedra worker` as a process: what it needs, what it says, how it ends."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import Mapping

from subgraphs.kernel.database import Database
from subgraphs.kernel.settings import Settings
from subgraphs.tasks.machine import Status
from tests.subgraphs.tasks.making import drain, inference, look, make
from tests.subgraphs.tasks.neighbours import neighbours


def environment(settings: Settings, url: str) -> Mapping[str, str]:
    return {
        "PATH": os.defpath,
        "FEDRA_DATABASE_URL": settings.database_url,
        "FEDRA_DATABASE_SYSTEM_URL": settings.system_url,
        "FEDRA_SERVICE_KEY": settings.service_key,
        "FEDRA_SESSIONS_URL": f"{url}/sessions/graphql",
        "FEDRA_MODELS_URL": f"{url}/models/graphql",
        "FEDRA_SEARCH_URL": f"{url}/search/graphql",
        "FEDRA_OIP_URL": url,
    }


async def start(variables: Mapping[str, str]) -> asyncio.subprocess.Process:
    command = ["-c", "import fedra, sys; sys.exit(fedra.main(['worker', '--lease', '5']))"]
    return await asyncio.create_subprocess_exec(sys.executable, *command, env=variables, stdout=PIPE, stderr=PIPE)


async def test_a_worker_says_when_it_is_ready_and_gives_back_what_it_runs_when_told_to_end(
    database: Database, settings: Settings
) -> None:
    await drain(database)
    task = await make(database, inference())
    async with neighbours() as others:
        others.once("infer answer", others.hang)
        process = await start(environment(settings, others.url))
        assert process.stdout is not None
        async with asyncio.timeout(30):
            assert (await process.stdout.readline()).startswith(b"fedra worker ready: ")
            await others.reached.wait()
            process.send_signal(signal.SIGTERM)
            said, errors = await process.communicate()
    assert (process.returncode, errors) == (0, b"")
    logged = [json.loads(line) for line in said.splitlines()]
    assert [line["message"] for line in logged] == ["task claimed", "task let go"]
    assert {line["task"] for line in logged} == {str(task.id)}
    after = await look(database, task.id)
    assert (after.status, after.attempt, after.fence) == (Status.QUEUED, 1, 1)


async def test_a_missing_setting_is_named() -> None:
    process = await start({"PATH": os.defpath})
    said, errors = await process.communicate()
    assert (process.returncode, said) == (2, b"")
    assert b"'FEDRA_DATABASE_URL' is not set" in errors
