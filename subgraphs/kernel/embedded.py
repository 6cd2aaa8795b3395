"""PostgreSQL from a wheel: one folder holds its data, its passwords and, where needed, a copy of its program.

PostgreSQL refuses to run as root. The wheel's own starter then creates an account and opens every parent folder of its
data; this one runs the same program as the account `nobody` and touches nothing outside its folder.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from subgraphs.kernel.embedded_cluster import EmbeddedServerError, Passwords, account, find_program, open_cluster
from subgraphs.kernel.parent_death import end_with_parent

DATABASE = "fedra"
START_SECONDS = 30.0
STOP_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class DatabaseUrls:
    """Where one database is, by role."""

    owner: str
    app: str
    system: str


@dataclass(frozen=True, slots=True)
class EmbeddedPostgres:
    """A running server."""

    folder: Path
    program: Path
    port: int
    passwords: Passwords
    pid: int

    def urls(self, database: str = DATABASE) -> DatabaseUrls:
        """Name one of its databases for each role."""
        place = f"127.0.0.1:{self.port}/{database}"
        return DatabaseUrls(
            owner=f"postgresql://fedra_owner:{self.passwords.owner}@{place}",
            app=f"postgresql://fedra_app:{self.passwords.app}@{place}",
            system=f"postgresql://fedra_system:{self.passwords.system}@{place}",
        )

    def create_database(self, name: str) -> DatabaseUrls:
        """Make a database that belongs to `fedra_owner` and that nobody else may create in."""
        self.administer(f'CREATE DATABASE "{name}" OWNER fedra_owner')
        self.administer(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
        self.administer(f'GRANT CONNECT ON DATABASE "{name}" TO fedra_app, fedra_system')
        return self.urls(name)

    def administer(self, statement: str) -> str:
        """Run one statement as superuser. Raises: EmbeddedServerError with what the server said."""
        environment = {"PGPASSWORD": self.passwords.admin, "PATH": os.defpath, "PGCONNECT_TIMEOUT": "5"}
        target = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", "postgres"]
        command = [str(self.program / "bin" / "psql"), *target, "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
        # On standard input, so that no password shows in the list of processes.
        done = subprocess.run(command, input=statement, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise EmbeddedServerError(done.stderr.strip())
        return done.stdout.strip()


@contextmanager
def embedded_postgres(folder: Path, port: int | None = None, *, durable: bool = True) -> Iterator[EmbeddedPostgres]:
    """Run a server on 127.0.0.1 over the data in `folder`, made on first use, and stop it at the end.

    Raises: EmbeddedServerError if it cannot run. `durable=False` trades safety in a power loss for speed, for tests.
    """
    program = find_program(folder)
    passwords = open_cluster(folder, program)
    port = port or free_port()
    process = _start(folder, program, port, durable=durable)
    try:
        server = EmbeddedPostgres(folder, program, port, passwords, process.pid)
        _wait_until_ready(server, process)
        _prepare_roles(server)
        yield server
    finally:
        _stop(process)


def free_port() -> int:
    """Choose a port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _start(folder: Path, program: Path, port: int, *, durable: bool) -> subprocess.Popen[bytes]:
    command: list[str | Path] = [program / "bin" / "postgres", "-D", folder / "cluster", "-p", str(port)]
    for setting in ("listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=200"):
        command += ["-c", setting]
    if not durable:
        command += ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
    with (folder / "postgres.log").open("ab") as log:
        return subprocess.Popen(  # type: ignore[call-overload, no-any-return]  # noqa: S603
            command,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
            preexec_fn=end_with_parent(signal.SIGINT),  # noqa: PLW1509 (it calls one function, loaded before)
            **account(),
        )


def _wait_until_ready(server: EmbeddedPostgres, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise EmbeddedServerError(_why_not(server.folder))
        try:
            server.administer("SELECT 1")
        except EmbeddedServerError:
            time.sleep(0.05)
        else:
            return
    raise EmbeddedServerError(
        f"PostgreSQL gave no answer in {START_SECONDS:.0f} s; see '{server.folder}/postgres.log'."
    )


def _why_not(folder: Path) -> str:
    lines = (folder / "postgres.log").read_text(errors="replace").splitlines()
    if any("postmaster.pid" in line for line in lines[-6:]):
        return f"Another server is running on '{folder}'. Stop it first, or choose another folder with --data DIR."
    fatal = next((line for line in reversed(lines) if "FATAL" in line), "it ended at once")
    return f"PostgreSQL did not start: {fatal} (see '{folder}/postgres.log')."


def _prepare_roles(server: EmbeddedPostgres) -> None:
    """Make the three roles and the database, once. None of them is a superuser or may pass row-level security."""
    for name in ("owner", "app", "system"):
        role, password = f"fedra_{name}", getattr(server.passwords, name)
        if not server.administer(f"SELECT 1 FROM pg_roles WHERE rolname = '{role}'"):
            server.administer(f"CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD '{password}'")
    if not server.administer(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"):
        server.create_database(DATABASE)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ask for a fast shutdown, which ends every connection; insist after a while."""
    for wish in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(wish)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue
