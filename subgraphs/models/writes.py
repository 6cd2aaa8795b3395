"""What every write of the registry keeps to."""

from typing import Final
from uuid import UUID

from subgraphs.kernel import global_id
from subgraphs.kernel.database import Connection
from subgraphs.kernel.events import entity_changed
from subgraphs.kernel.identity import InternalToken
from subgraphs.kernel.refusal import invalid

MAX_NAME_CHARACTERS: Final = 128


def check_name(kind: str, name: str, *path: str) -> str:
    """Check the name of a model or an alias. Raises: Refusal."""
    if not 0 < len(name) <= MAX_NAME_CHARACTERS:
        raise invalid(f"{kind} has 1 to {MAX_NAME_CHARACTERS} characters.", *path)
    return name


async def model_changed(connection: Connection, token: InternalToken, id: UUID, name: str) -> None:
    """Say that a model, or something that is shown with it, changed."""
    key = global_id.encode("RegisteredModel", id)
    await entity_changed(connection, "models", token, key, ["models", f"model:{name}", f"RegisteredModel:{key}"])
