"""What `deploy/` holds is current and is accepted."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path

import pytest
from graphql import lexicographic_sort_schema, parse, print_schema

from schema.api_schema import to_api_schema
from schema.cli import compose
from tests.schema.compose.testkit import composed_raw

DEPLOY = Path(__file__).parents[1] / "deploy"


def test_the_committed_supergraph_is_what_the_committed_schemas_compose_to(tmp_path: Path) -> None:
    composed = tmp_path / "supergraph.graphql"
    assert compose(["--config", str(DEPLOY / "registry/supergraph.yaml"), "--output", str(composed)]) == 0
    before, after = (DEPLOY / "registry/supergraph.graphql").read_text(), composed.read_text()
    if before != after:
        pytest.fail(
            f"stale: run `fedra compose --output deploy/registry/supergraph.graphql`\n{api_diff(before, after)}"
        )


def test_a_stale_supergraph_is_told_by_what_clients_see_of_it() -> None:
    before, after = (composed_raw(a=f"type Query {{ a: Int b: Int {name}: Int }}").supergraph_sdl for name in "cd")
    assert before
    assert after
    assert api_diff(before, after).splitlines()[-4:] == ["   b: Int", "-  c: Int", "+  d: Int", " }"]
    assert api_diff(before, before) == "clients see no difference"


def api_diff(before: str, after: str) -> str:
    """Tell how the API schemas of two supergraphs differ."""
    schemas = (lexicographic_sort_schema(to_api_schema(parse(one))) for one in (before, after))
    committed, composed = (print_schema(one).splitlines() for one in schemas)
    diff = unified_diff(committed, composed, "committed", "composed", lineterm="", n=1)
    return "\n".join(diff) or "clients see no difference"
