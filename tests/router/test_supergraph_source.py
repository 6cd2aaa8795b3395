from __future__ import annotations

from pathlib import Path

import pytest

from router.supergraph_source import read_supergraph
from schema.supergraph import InvalidSupergraph


def test_what_cannot_be_read_is_no_supergraph(tmp_path: Path) -> None:
    with pytest.raises(InvalidSupergraph, match="No supergraph is named"):
        read_supergraph(None)
    with pytest.raises(InvalidSupergraph, match="No such file"):
        read_supergraph(tmp_path / "absent")
    (tmp_path / "latin").write_bytes(b"\xff")
    with pytest.raises(InvalidSupergraph, match="not UTF-8"):
        read_supergraph(tmp_path / "latin")
