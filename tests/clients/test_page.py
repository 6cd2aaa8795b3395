"""`docs/clients.md` can be run: each block is a file, and the router takes its settings."""

from __future__ import annotations

from pathlib import Path

from router.configuration.load import load_settings
from router.settings import PersistedMode
from tests.clients.frontends import PAGE, blocks, set_up


def test_each_block_is_a_file_of_a_frontend() -> None:
    assert PAGE.read_text(encoding="utf-8").count("```") == 2 * len(blocks())


def test_the_router_takes_the_settings_of_the_page(tmp_path: Path) -> None:
    set_up(tmp_path)
    settings = load_settings(tmp_path / "router.yaml", {}).persisted_queries
    assert settings.mode is PersistedMode.REQUIRE_ID
    assert [one.client for one in settings.manifests] == ["web", "mobile", None]
