"""The search subgraph over a real PostgreSQL and a real Milvus Lite, embedding through a real models subgraph."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from subgraphs.kernel.embedded import DatabaseUrls
from subgraphs.models import app as models_app
from subgraphs.search.app import subgraph
from tests.subgraphs.kernel.kit import Client, serving, settings_for
from tests.subgraphs.models.listening import listening
from tests.subgraphs.search.world import World, build


@pytest.fixture(scope="module")
async def models(database_urls: DatabaseUrls) -> AsyncIterator[Client]:
    async with listening(models_app.subgraph, lambda url: settings_for(database_urls, oip_url=url)) as client:
        yield client


@pytest.fixture(scope="module")
async def search(
    database_urls: DatabaseUrls, models: Client, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Client]:
    url = str(models.http.base_url).rstrip("/")
    path = tmp_path_factory.mktemp("milvus") / "search.db"
    settings = settings_for(database_urls, oip_url=url, models_url=f"{url}/graphql", milvus_uri=str(path))
    async with serving(subgraph, settings) as client:
        yield client


@pytest.fixture(scope="module")
async def world(models: Client, search: Client) -> World:
    """Collections and documents of two tenants, two projects and several owners."""
    return await build(models, search)
