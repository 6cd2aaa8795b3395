"""What must be forgotten of the registry."""

from typing import Final, assert_never

from subgraphs.kernel.database import Connection
from subgraphs.kernel.erasure import OnePrincipal, OneSession, Subject, WholeTenant, erase_part, erase_tenant

TABLES: Final = tuple(
    f"models.{name}"
    for name in ("serving_endpoint", "model_alias", "model_version", "registered_model", "idempotency", "outbox")
)
OWNED: Final = ("models.registered_model", "models.model_version", "models.serving_endpoint")


async def erase(connection: Connection, subject: Subject) -> None:
    """Erase, in the transaction of `connection`, one of `as_system`. The registry knows nothing of sessions.

    What a principal registered belongs to the tenant and stays, without their name.
    """
    match subject:
        case WholeTenant():
            await erase_tenant(connection, TABLES, subject)
        case OnePrincipal(tenant, id):
            for table in OWNED:
                statement = f"UPDATE {table} SET owner_id = NULL WHERE tenant_id = $1 AND owner_id = $2"
                await connection.execute(statement, tenant, id)
            await erase_part(connection, ["models.idempotency"], subject, "principal_id")
        case OneSession():
            pass
        case _:
            assert_never(subject)
