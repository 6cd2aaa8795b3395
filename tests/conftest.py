"""What every test may ask for."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from subgraphs.kernel.embedded import DatabaseUrls, EmbeddedPostgres
from tests.servers import MILVUS_FIXTURES, TESTS_BY_SERVER, milvus_version, postgres_server, version_of
from tests.valkey import Valkey

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """A real PostgreSQL for the whole run. Its folder can be entered by everybody, as a server of root must."""
    folder = Path(tempfile.mkdtemp(prefix="fedra-test-"))
    folder.chmod(0o755)
    with postgres_server(folder) as server:
        yield server
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def database_urls(postgres: EmbeddedPostgres) -> DatabaseUrls:
    """An empty database of this test module's own."""
    return postgres.create_database(f"test_{next(_numbers)}")


@pytest.fixture(scope="session")
def running_valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    server = Valkey(tmp_path_factory.mktemp("valkey"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def valkey(running_valkey: Valkey) -> Valkey:
    """A real Valkey that is running and empty."""
    if running_valkey.process is None:
        running_valkey.start()
    running_valkey.empty()
    return running_valkey


@pytest.fixture(autouse=True)
def _remember_servers(request: pytest.FixtureRequest) -> None:
    if "postgres" in request.fixturenames:
        TESTS_BY_SERVER[version_of(request.getfixturevalue("postgres"))].add(request.node.nodeid)
    if "valkey" in request.fixturenames:
        TESTS_BY_SERVER[request.getfixturevalue("valkey").name].add(request.node.nodeid)
    if not MILVUS_FIXTURES.isdisjoint(request.fixturenames):
        TESTS_BY_SERVER[milvus_version()].add(request.node.nodeid)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what ran against which server."""
    if TESTS_BY_SERVER:
        terminalreporter.section("servers")
    for server, tests in sorted(TESTS_BY_SERVER.items()):
        terminalreporter.write_line(f"{server}: {len(tests)} tests")
