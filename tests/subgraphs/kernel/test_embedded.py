"""The embedded PostgreSQL: what it makes, for whom, and that it leaves nothing else changed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from subgraphs.kernel.embedded import EmbeddedPostgres, embedded_postgres
from subgraphs.kernel.embedded_cluster import EmbeddedServerError

ROLES = "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname LIKE 'fedra%' ORDER BY rolname"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that everybody may enter, as the server of root must: pytest's own are closed."""
    outside = Path(tempfile.mkdtemp(prefix="fedra-test-"))
    outside.chmod(0o755)
    yield outside / "data"
    shutil.rmtree(outside)


def test_the_roles_are_no_superusers_and_cannot_bypass_row_level_security(postgres: EmbeddedPostgres) -> None:
    assert postgres.administer(ROLES).splitlines() == ["fedra_app|f|f", "fedra_owner|f|f", "fedra_system|f|f"]


async def test_only_the_owner_may_create_in_a_database(postgres: EmbeddedPostgres) -> None:
    urls = postgres.create_database("only_owner")
    owner = await asyncpg.connect(urls.owner)
    await owner.execute("CREATE SCHEMA ours")
    await owner.close()
    for url in (urls.app, urls.system):
        connection = await asyncpg.connect(url)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("CREATE SCHEMA theirs")
        await connection.close()


def test_data_and_passwords_stay_between_runs(folder: Path) -> None:
    with embedded_postgres(folder, durable=False) as first:
        first.create_database("kept")
    with embedded_postgres(folder, durable=False) as second:
        assert second.passwords == first.passwords
        assert second.administer("SELECT count(*) FROM pg_database WHERE datname = 'kept'") == "1"


def test_a_second_server_on_the_same_folder_is_refused_with_the_way_out(folder: Path) -> None:
    first, second = embedded_postgres(folder, durable=False), embedded_postgres(folder, durable=False)
    with first, pytest.raises(EmbeddedServerError, match="choose another folder"), second:
        pass


def test_the_server_ends_when_its_starter_is_killed(folder: Path) -> None:
    program = (
        "import json, os, signal, sys\n"
        "from pathlib import Path\n"
        "from subgraphs.kernel.embedded import embedded_postgres\n"
        "with embedded_postgres(Path(sys.argv[1]), durable=False) as server:\n"
        "    print(json.dumps(server.pid), flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    command = [sys.executable, "-c", program, str(folder)]
    started = subprocess.run(command, capture_output=True, text=True, check=False)
    pid = json.loads(started.stdout)
    deadline = time.monotonic() + 20
    while Path(f"/proc/{pid}").exists():
        assert time.monotonic() < deadline, f"server {pid} outlived its starter"
        time.sleep(0.05)
    with embedded_postgres(folder, durable=False) as server:
        assert server.administer("SELECT 1") == "1"


def test_nothing_outside_the_folder_changes_owner_or_mode(folder: Path) -> None:
    program = Path(sys.prefix)
    watched = [program, *program.parents, *folder.parents, Path("/etc/passwd"), Path("/etc/group")]
    watched += [Path(root) / name for root, names, files in os.walk(program / "bin") for name in [*names, *files]]
    before = {path: fingerprint(path) for path in watched}
    with embedded_postgres(folder, durable=False):
        pass
    assert {path: fingerprint(path) for path in watched} == before


def fingerprint(path: Path) -> tuple[int, int, int, int]:
    status = path.lstat()
    return status.st_mode, status.st_uid, status.st_gid, status.st_size if path.is_file() else 0
