"""Callers who know every id of a private world, and must see nothing of it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import jwt
import yaml

from router.dev.folder import DataFolder
from router.dev.keys import ISSUER, POLICIES, PRINCIPAL, PROJECT, SCOPES, TENANT
from tests.e2e.platform import Platform


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. Without a principal a token names a tenant only."""

    name: str
    tenant: str
    principal: str | None
    projects: tuple[str, ...] = ()

    def claims(self) -> dict[str, Any]:
        now = int(time.time())
        projects = [{"id": project, "role": "owner"} for project in self.projects]
        subject = {} if self.principal is None else {"sub": self.principal}
        return {"tenant": self.tenant, "projects": projects, "iat": now, "exp": now + 50, **subject}


ADA = Caller("Ada herself", TENANT, PRINCIPAL, (PROJECT,))
STRANGERS = (
    Caller("Ada's name in another tenant", "elsewhere", PRINCIPAL, (PROJECT,)),
    Caller("another principal of the tenant", TENANT, str(uuid4())),
    Caller("a member of another project", TENANT, str(uuid4()), (str(uuid4()),)),
    Caller("a token without a principal", TENANT, None),
)


def router_token(platform: Platform, caller: Caller) -> str:
    """A client's token, as the demo's issuer signs it: with every scope and policy."""
    claims = {**caller.claims(), "iss": ISSUER, "scope": SCOPES, "policies": POLICIES}
    return _sign(claims, DataFolder(platform.data).client_key.read_bytes(), "client")


def subgraph_token(platform: Platform, caller: Caller, subgraph: str) -> str:
    """An internal token, as the router signs it."""
    claims = {**caller.claims(), "iss": "fedra-router", "aud": subgraph, "scope": SCOPES, "policies": POLICIES}
    return _sign(claims, DataFolder(platform.data).router_key.read_bytes(), "router")


def subgraph_urls(platform: Platform) -> dict[str, str]:
    """Where each subgraph of the running platform answers."""
    composition = yaml.safe_load(DataFolder(platform.data).composition.read_text())
    return {name: subgraph["routing_url"] for name, subgraph in composition["subgraphs"].items()}


def ask(url: str, token: str, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    """Send one operation; give the whole answer."""
    headers = {"authorization": f"Bearer {token}"}
    reply = httpx.post(url, json={"query": query, "variables": dict(variables)}, headers=headers, timeout=60)
    body: dict[str, Any] = reply.json()
    return body


def _sign(claims: Mapping[str, Any], key: bytes, kid: str) -> str:
    return jwt.encode(dict(claims), key, algorithm="EdDSA", headers={"kid": kid})
