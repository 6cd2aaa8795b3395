"""The schema of the relay subgraph, and what the platform commits of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from router.relay.cli import relay
from router.relay.owners import existence_checks
from router.relay.sdl import relay_sdl
from schema.cli import compose
from schema.supergraph import Supergraph
from tests.router.relay.world import OWNERS, composed

CHECKOUT = Path(__file__).parents[3]
REGISTRY = CHECKOUT / "deploy" / "registry"


@pytest.fixture(scope="module")
def supergraph(tmp_path_factory: pytest.TempPathFactory) -> Supergraph:
    """What `deploy/registry/supergraph.yaml` composes."""
    file = tmp_path_factory.mktemp("relay") / "supergraph.graphql"
    assert compose(["--config", str(REGISTRY / "supergraph.yaml"), "--output", str(file)]) == 0
    return Supergraph.parse(file.read_text())


def test_the_command_prints_the_schema_for_a_supergraph(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "supergraph.graphql"
    file.write_text(composed(**OWNERS))
    assert relay(["--supergraph", str(file)]) == 0
    printed = capsys.readouterr().out
    assert printed == relay_sdl(Supergraph.parse(file.read_text()))
    assert 'type Chat implements Node @key(fields: "id", resolvable: false) {' in printed


@pytest.mark.parametrize("content", [None, "type Query { a: Int }"])
def test_without_a_supergraph_there_is_no_schema(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None
) -> None:
    file = tmp_path / "supergraph.graphql"
    if content is not None:
        file.write_text(content)
    assert relay(["--supergraph", str(file)]) == 1
    assert capsys.readouterr().err.startswith("fedra relay: ")


def test_the_committed_schema_offers_every_node_of_the_platform(supergraph: Supergraph) -> None:
    assert (REGISTRY / "relay.graphql").read_text() == relay_sdl(supergraph)


def test_every_node_of_the_platform_has_its_owner(supergraph: Supergraph) -> None:
    owners = {name: check.fetch.subgraph for name, check in existence_checks(supergraph, "relay").items()}
    assert supergraph.subgraphs["relay"].url == "in-process:relay"
    assert owners == {
        "Collection": "search",
        "Document": "search",
        "InferenceTask": "tasks",
        "IngestTask": "tasks",
        "Message": "sessions",
        "ModelVersion": "models",
        "Principal": "sessions",
        "Project": "sessions",
        "RegisteredModel": "models",
        "ServingEndpoint": "models",
        "Session": "sessions",
    }
