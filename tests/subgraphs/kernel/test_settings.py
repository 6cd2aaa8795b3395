"""Settings, and the command that reads them."""

from __future__ import annotations

import pytest

from subgraphs.kernel import cli
from subgraphs.kernel.settings import MissingSetting, Settings


def test_settings_are_read_from_the_environment() -> None:
    settings = Settings.from_environment(
        {"FEDRA_DATABASE_URL": "postgresql://x", "FEDRA_INGEST_ROOTS": "/a:/b", "FEDRA_DEMO": "1", "FEDRA_DEBUG": "0"}
    )
    assert settings.required("database_url") == "postgresql://x"
    assert settings.ingest_roots == ("/a", "/b")
    assert (settings.demo, settings.debug) == (True, False)


def test_what_is_missing_is_named() -> None:
    with pytest.raises(MissingSetting, match="'FEDRA_MODELS_URL' is not set"):
        Settings().required("models_url")


def test_the_sdl_needs_no_settings(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.subgraph(["sessions", "--sdl"]) == 0
    assert "type Session implements Node" in capsys.readouterr().out


def test_a_subgraph_without_settings_says_what_is_missing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FEDRA_INTERNAL_JWKS", raising=False)
    assert cli.subgraph(["sessions"]) == 2
    assert "'FEDRA_INTERNAL_JWKS' is not set" in capsys.readouterr().err
