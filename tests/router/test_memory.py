"""What a router need not hold: libraries that its settings make no use of are not imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from router.request import Json
from tests.router.door import write_supergraph
from tests.router.identity.tokens import ed25519_issuer, write_jwks

LARGE = {
    "cryptography",
    "google.protobuf",
    "httpx",
    "jwt",
    "opentelemetry.sdk",
    "prometheus_client",
    "pyreqwest",
    "redis",
    "requests",
    "schema.compose",
    "strawberry",
}
STARTED = """
import asyncio, sys
from pathlib import Path
from router.app import create_router_app
from router.configuration.load import ConfigurationSource
import router.process

async def main():
    source = ConfigurationSource(Path(sys.argv[1]), {"ROUTER__SUPERGRAPH__FILE": "supergraph.graphql"})
    async with create_router_app(source.read(), plan_apart=True).lifespan():
        print(*sys.modules)

asyncio.run(main())
"""

OTLP: Json = {"otlp": {"enabled": True, "endpoint": "http://127.0.0.1:1"}}
REDIS: Json = {"url": "redis://127.0.0.1:1"}
OF_REDIS = {"redis", "cryptography", "opentelemetry.sdk"}  # its client imports the others where they are installed


def imported(folder: Path, settings: dict[str, Json]) -> set[str]:
    """Start a router with these settings; what it has of the large libraries."""
    write_supergraph(folder / "supergraph.graphql", "http://127.0.0.1:1")
    write_jwks(folder / "jwks.json", ed25519_issuer())
    config = folder / "router.yaml"
    config.write_text(yaml.safe_dump(settings))
    started = subprocess.run(
        [sys.executable, "-c", STARTED, str(config)], cwd=folder, capture_output=True, text=True, check=True, timeout=60
    )
    return LARGE.intersection(started.stdout.split())


@pytest.mark.parametrize(
    ("settings", "needed"),
    [
        ({}, set()),
        ({"apq": {"redis": REDIS}}, OF_REDIS),
        ({"rate_limits": {"rules": [{"limit": 1}]}}, set()),
        ({"rate_limits": {"redis": REDIS}}, OF_REDIS),
        ({"override_subgraph_url": {"people": "https://127.0.0.1:1"}}, {"pyreqwest"}),
        ({"authentication": {"router": {"jwt": {"jwks": [{"url": "jwks.json"}]}}}}, {"cryptography", "jwt"}),
        (
            {"authentication": {"router": {"jwt": {"jwks": [{"url": "http://127.0.0.1:1"}]}}}},
            {"cryptography", "jwt", "httpx"},
        ),
        (
            {"telemetry": {"exporters": {"metrics": {"prometheus": {"enabled": True, "listen": "127.0.0.1:0"}}}}},
            {"prometheus_client"},
        ),
        ({"telemetry": {"exporters": {"tracing": OTLP}}}, {"opentelemetry.sdk", "google.protobuf"}),
    ],
    ids=str,
)
def test_a_router_imports_what_its_settings_ask_for(
    tmp_path: Path, settings: dict[str, Json], needed: set[str]
) -> None:
    assert imported(tmp_path, settings) == needed
