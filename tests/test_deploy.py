"""What `deploy/` holds is current and is accepted."""

from __future__ import annotations

from pathlib import Path

from router.settings_file import load_settings
from schema.cli import compose

DEPLOY = Path(__file__).parents[1] / "deploy"


def test_the_committed_supergraph_is_what_the_committed_schemas_compose_to(tmp_path: Path) -> None:
    composed = tmp_path / "supergraph.graphql"
    assert compose(["--config", str(DEPLOY / "registry/supergraph.yaml"), "--output", str(composed)]) == 0
    committed = (DEPLOY / "registry/supergraph.graphql").read_text()
    assert committed == composed.read_text(), "stale: run `fedra compose --output deploy/registry/supergraph.graphql`"


def test_the_router_accepts_its_configuration() -> None:
    settings = load_settings(DEPLOY / "router.yaml", {"FEDRA_JWKS_URL": "https://login.example/keys"})
    assert not settings.supergraph.introspection
    jwt = settings.authentication.router.jwt
    assert jwt is not None
    assert jwt.jwks[0].url == "https://login.example/keys"
