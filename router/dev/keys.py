"""Keys and configuration files of one data folder, made on first use."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jwt
import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from jwt.algorithms import OKPAlgorithm

from router.dev.folder import DataFolder
from router.dev.programs import Ports

ISSUER = "fedra-demo"
TENANT = "demo"
PRINCIPAL = "01890000-0000-7000-8000-000000000001"
PROJECT = "01890000-0000-7000-8000-000000000010"
TOKEN_SECONDS = 24 * 3600
SCOPES = (
    "sessions:read sessions:write sessions:delete tasks:read tasks:run tasks:admin models:read models:infer "
    "models:write models:deploy models:pricing models:admin search:read search:write search:admin projects:admin"
)
POLICIES = ("pii.read", "transcript.read", "prompt.read", "task.payload.read", "document.text.read")


def make_keys(folder: DataFolder) -> None:
    """Make a key for the demo's issuer, the router and the services, and publish their public halves."""
    folder.keys.mkdir(mode=0o700, exist_ok=True)
    client = _public(_key(folder.client_key), "client")
    folder.client_jwks.write_text(json.dumps({"keys": [client]}))
    internal = [_public(_key(folder.router_key), "router"), _public(_key(folder.service_key), "service")]
    folder.internal_jwks.write_text(json.dumps({"keys": internal}))


def demo_token(folder: DataFolder) -> str:
    """Sign a token of the demo's principal: every scope and policy, one project, valid for a day."""
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "sub": PRINCIPAL,
        "tenant": TENANT,
        "scope": SCOPES,
        "policies": POLICIES,
        "projects": [{"id": PROJECT, "role": "owner"}],
        "iat": now,
        "exp": now + TOKEN_SECONDS,
    }
    return jwt.encode(claims, folder.client_key.read_bytes(), algorithm="EdDSA", headers={"kid": "client"})


def write_configuration(folder: DataFolder, ports: Ports, relay: Path) -> None:
    """Write what `fedra compose` and `fedra router` read; ports differ from run to run. `relay` is a file of SDL."""
    subgraphs = {
        name: {"routing_url": ports.url(name), "schema": {"subgraph_url": ports.url(name)}} for name in ports.subgraphs
    }
    subgraphs["relay"] = {"routing_url": "in-process:relay", "schema": {"file": str(relay.resolve())}}
    _write(folder.composition, {"federation_version": "=2.9.0", "subgraphs": subgraphs})
    jwks = [{"url": str(folder.client_jwks), "issuers": [ISSUER]}]
    router: dict[str, Any] = {
        "authentication": {"router": {"jwt": {"jwks": jwks}}},
        "internal_token": {"key": str(folder.router_key)},
        "supergraph": {"introspection": True, "expose_query_plan": True},
        "include_subgraph_errors": {"all": True},
    }
    _write(folder.router_config, router)


def _write(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(yaml.safe_dump(dict(content), sort_keys=False))


def _key(path: Path) -> Ed25519PrivateKey:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_bytes(Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"'{path}' holds no Ed25519 key; remove it, and a new one is made.")
    return key


def _public(key: Ed25519PrivateKey, kid: str) -> dict[str, Any]:
    return {**OKPAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid, "use": "sig", "alg": "EdDSA"}
