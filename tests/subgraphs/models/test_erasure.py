"""What is forgotten of the registry."""

from __future__ import annotations

from uuid import UUID

from subgraphs.kernel import global_id
from subgraphs.kernel.embedded import DatabaseUrls
from subgraphs.kernel.erasure import OneSession, WholeTenant
from subgraphs.kernel.identity import InternalToken, ProjectRole
from subgraphs.models.app import subgraph
from subgraphs.models.context import State
from subgraphs.models.erasure import TABLES, erase
from tests.subgraphs.kernel.kit import serving, settings_for
from tests.subgraphs.kernel.people import SCOPES, all_of

PROJECT = UUID(int=10)
ADA = InternalToken("demo", UUID(int=1), SCOPES, projects=(ProjectRole(PROJECT, "owner"),))
REGISTER = "mutation ($input: RegisterModelVersionInput!) { registerModelVersion(input: $input) { version { id } } }"


async def test_a_principals_name_goes_and_a_tenant_goes_whole(database_urls: DatabaseUrls) -> None:
    settings = settings_for(database_urls, oip_url="http://127.0.0.1:1", demo=True)
    async with serving(subgraph, settings) as client:
        state: State = client.http._transport.app.state.served.state  # type: ignore[attr-defined]  # it serves this client
        project = global_id.encode("Project", PROJECT)
        new = {"idempotencyKey": "k", "projectId": project, "modelName": "mine", "artifactUri": "x"}
        await client.data(ADA, REGISTER, input=new)

        async with state.database.as_system() as connection:
            await erase(connection, OneSession("demo", UUID(int=3)))
            await erase(connection, all_of(ADA))
        data = await client.data(ADA, '{ model(name: "mine") { name } }')
        assert data["model"] == {"name": "mine"}
        async with state.database.as_system() as connection:
            assert (
                await connection.fetchval("SELECT count(*) FROM models.model_version WHERE owner_id IS NOT NULL") == 0
            )
            assert await connection.fetchval("SELECT count(*) FROM models.idempotency") == 0

        async with state.database.as_system() as connection:
            await erase(connection, WholeTenant("demo"))
            for table in TABLES:
                assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 0, table
