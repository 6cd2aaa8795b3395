"""What a subgraph or worker is told from outside. Nothing else reads the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

VARIABLES = {
    "database_url": "FEDRA_DATABASE_URL",
    "owner_url": "FEDRA_DATABASE_OWNER_URL",
    "system_url": "FEDRA_DATABASE_SYSTEM_URL",
    "internal_jwks": "FEDRA_INTERNAL_JWKS",
    "service_key": "FEDRA_SERVICE_KEY",
    "sessions_url": "FEDRA_SESSIONS_URL",
    "tasks_url": "FEDRA_TASKS_URL",
    "models_url": "FEDRA_MODELS_URL",
    "search_url": "FEDRA_SEARCH_URL",
    "oip_url": "FEDRA_OIP_URL",
    "milvus_uri": "FEDRA_MILVUS_URI",
}
FOLDERS = "FEDRA_INGEST_ROOTS"
SWITCHES = {"demo": "FEDRA_DEMO", "debug": "FEDRA_DEBUG"}


class MissingSetting(ValueError):
    """A part was started that needs what nobody set."""

    def __init__(self, variable: str) -> None:
        super().__init__(f"'{variable}' is not set. Set it, or start everything with `fedra dev`.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one process; a text that is not set is empty. `database_url` connects as fedra_app."""

    database_url: str = ""
    owner_url: str = ""
    """Connects as fedra_owner; runs migrations, nothing else."""
    system_url: str = ""
    """Connects as fedra_system: relay, reaper, reconciler, the worker's claims."""
    internal_jwks: str = ""
    """Path of a JWKS file, or the JWKS itself: the public keys of router and services."""
    service_key: str = ""
    """Path of a PEM file, or the PEM itself: signs our own calls to other subgraphs."""
    sessions_url: str = ""
    tasks_url: str = ""
    models_url: str = ""
    search_url: str = ""
    oip_url: str = ""
    milvus_uri: str = ""
    ingest_roots: tuple[str, ...] = ()
    demo: bool = False
    debug: bool = False

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read every setting; what a part needs and nobody set is told when the part starts."""
        texts = {name: environment.get(variable, "") for name, variable in VARIABLES.items()}
        switches = {name: environment.get(variable) == "1" for name, variable in SWITCHES.items()}
        roots = tuple(root for root in environment.get(FOLDERS, "").split(":") if root)
        return cls(**texts, ingest_roots=roots, demo=switches["demo"], debug=switches["debug"])

    def required(self, name: str) -> str:
        """Answer a text setting. Raises: MissingSetting, naming the variable, if nobody set it."""
        value: str = getattr(self, name)
        if not value:
            raise MissingSetting(VARIABLES[name])
        return value


def content(source: str) -> str:
    """Read a setting that is a path of a file, or the JSON or PEM text itself."""
    inline = source.lstrip().startswith(("{", "-----"))
    return source if inline else Path(source).read_text(encoding="utf-8")
