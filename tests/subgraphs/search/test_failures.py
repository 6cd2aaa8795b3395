"""What is left of search when nothing embeds any more."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

from subgraphs.kernel.embedded import DatabaseUrls
from subgraphs.models import app as models_app
from subgraphs.search.app import subgraph
from tests.subgraphs.kernel.kit import serving, settings_for
from tests.subgraphs.kernel.people import ANN, PROJECT, acting
from tests.subgraphs.models.listening import listening
from tests.subgraphs.search.world import CREATE, INDEX_MESSAGES, SEARCH, TEXTS, UPSERT, build, found, project_gid


async def test_without_the_models_words_still_find_and_the_answer_says_it_is_partial(
    database_urls: DatabaseUrls, tmp_path: Path
) -> None:
    async with AsyncExitStack() as running, AsyncExitStack() as models_running:
        models = await models_running.enter_async_context(
            listening(models_app.subgraph, lambda url: settings_for(database_urls, oip_url=url))
        )
        url = str(models.http.base_url).rstrip("/")
        milvus = str(tmp_path / "search.db")
        settings = settings_for(database_urls, oip_url=url, models_url=f"{url}/graphql", milvus_uri=milvus)
        search = await running.enter_async_context(serving(subgraph, settings))
        world = await build(models, search)
        await models_running.aclose()

        hybrid = (await search.data(ANN, SEARCH, input={"query": "port"}))["search"]
        assert [edge["node"]["snippet"] for edge in hybrid["edges"]] == [TEXTS["port"]]
        assert hybrid["partial"] is True
        assert await found(search, ANN, "port", mode="SPARSE") == [TEXTS["port"]]

        dense = await search.answer(ANN, SEARCH, input={"query": "port", "mode": "DENSE"})
        assert dense["errors"][0]["extensions"]["code"] == "EMBEDDING_UNAVAILABLE"

        documents = [{"externalId": "new", "text": "Never written."}]
        new = {"idempotencyKey": "n", "collectionId": world.ours, "documents": documents}
        refused = await search.answer(ANN, UPSERT, input=new)
        assert refused["errors"][0]["extensions"]["code"] == "EMBEDDING_UNAVAILABLE"
        count = "query ($id: ID!) { collection(id: $id) { documentCount } }"
        assert (await search.data(ANN, count, id=world.ours))["collection"] == {"documentCount": 3}

        collection = {"idempotencyKey": "c", "projectId": project_gid(PROJECT), "name": "late"}
        answer = await search.answer(ANN, CREATE, input={**collection, "embeddingModelId": world.model})
        assert answer["errors"][0]["extensions"]["code"] == "MODELS_UNAVAILABLE"
        nothing = {"taskId": "x", "attempt": 1, "step": "s", "messages": []}
        assert (await search.data(acting(ANN), INDEX_MESSAGES, input=nothing))["indexMessages"]["errors"]
