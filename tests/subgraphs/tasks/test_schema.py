"""The exported schema is the code's."""

from __future__ import annotations

from pathlib import Path

from subgraphs.tasks import app
from subgraphs.tasks.schema import schema


def test_the_exported_schema_is_the_codes() -> None:
    exported = Path(app.__file__).with_name("schema.graphql").read_text("utf-8")
    assert exported == schema.as_str() + "\n", "run `fedra subgraph tasks --sdl > subgraphs/tasks/schema.graphql`"
