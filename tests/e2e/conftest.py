"""One running platform for all end-to-end tests."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from subgraphs.kernel.embedded import free_port
from tests.e2e.platform import Platform
from tests.servers import TESTS_BY_SERVER

SERVERS = "the whole platform: PostgreSQL, Milvus Lite, four subgraphs, worker and router over HTTP"


@pytest.fixture(scope="session")
def platform() -> Iterator[Platform]:
    data = Path(tempfile.mkdtemp(prefix="fedra-dev-"))
    data.chmod(0o755)
    running = Platform(data / "data", free_port())
    running.start()
    yield running
    if running.process.poll() is None:
        running.stop()
    shutil.rmtree(data)


@pytest.fixture(autouse=True)
def _remember_platform(request: pytest.FixtureRequest) -> None:
    if "platform" in request.fixturenames:
        TESTS_BY_SERVER[SERVERS].add(request.node.nodeid)
