"""The exported schema is that of the code."""

from __future__ import annotations

from pathlib import Path

from subgraphs.sessions import app
from subgraphs.sessions.schema import schema


def test_the_exported_schema_is_that_of_the_code() -> None:
    exported = Path(app.__file__).with_name("schema.graphql").read_text("utf-8")
    assert exported == schema.as_str() + "\n", "run `fedra subgraph sessions --sdl > subgraphs/sessions/schema.graphql`"
