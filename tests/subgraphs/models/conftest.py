"""The models subgraph of the demonstration, on a real socket over a real PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from subgraphs.kernel.embedded import DatabaseUrls
from subgraphs.models.app import subgraph
from tests.subgraphs.kernel.kit import Client, settings_for
from tests.subgraphs.models.listening import listening


@pytest.fixture(scope="module")
async def models(database_urls: DatabaseUrls) -> AsyncIterator[Client]:
    async with listening(subgraph, lambda url: settings_for(database_urls, oip_url=url, demo=True)) as client:
        yield client
