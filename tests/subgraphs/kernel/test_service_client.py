"""Calls between subgraphs: on behalf of an initiator, and with one error for all that goes wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from subgraphs.kernel.embedded import DatabaseUrls
from subgraphs.kernel.service_client import ServiceClient, ServiceError
from tests.subgraphs.kernel.kit import listening, settings_for
from tests.subgraphs.kernel.notes import NOTES
from tests.subgraphs.kernel.people import ANN, BEN, EVE

SEARCH = replace(NOTES, name="search")  # notes in the place of search


@pytest_asyncio.fixture(scope="module")
async def client(database_urls: DatabaseUrls) -> AsyncIterator[ServiceClient]:
    async with listening(SEARCH, settings_for(database_urls)) as url:
        settings = settings_for(database_urls, search_url=url, tasks_url="http://127.0.0.1:9/graphql")
        async with ServiceClient.connected(settings) as opened:
            yield opened


async def test_a_call_is_made_in_the_name_of_the_initiator(client: ServiceClient) -> None:
    document = "mutation($key: String!) { write(key: $key, body: $key) }"
    assert await client.call("search", document, {"key": "for Ann"}, ANN, "worker")
    assert await client.call("search", "{ notes }", {}, BEN, "worker") == {"notes": ["for Ann"]}
    assert await client.call("search", "{ notes }", {}, EVE, "worker") == {"notes": []}


@pytest.mark.parametrize(
    ("subgraph", "document", "codes"),
    [
        ("search", "{ refused }", ("BAD_USER_INPUT",)),
        ("search", "{ hello broken }", ("INTERNAL_SERVER_ERROR",)),
        ("search", "{ nothing }", ("GRAPHQL_VALIDATION_FAILED",)),
        ("tasks", "{ hello }", ()),
    ],
)
async def test_all_that_goes_wrong_is_one_error(
    client: ServiceClient, subgraph: str, document: str, codes: tuple[str, ...]
) -> None:
    with pytest.raises(ServiceError, match=f"'{subgraph}' did not do as asked") as raised:
        await client.call(subgraph, document, {}, ANN, "worker")
    assert raised.value.codes == codes


async def test_a_call_ends_after_the_time_that_was_chosen_for_it(client: ServiceClient) -> None:
    with pytest.raises(ServiceError) as raised:
        await client.call("search", "{ slow }", {}, ANN, "worker", seconds=0.05)
    assert raised.value.codes == ("REQUEST_TIMEOUT",)
