from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from router.settings import Limits, Listen, Settings, parse_duration
from router.settings.subgraphs import EVERYTHING, NOTHING
from router.settings_file import InvalidSettings, load_settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "router.yaml"


def mistakes(file: Path, text: str, **environment: str) -> list[str]:
    file.write_text(text)
    with pytest.raises(InvalidSettings) as caught:
        load_settings(file, environment)
    return list(caught.value.mistakes)


def test_without_a_file_everything_has_its_default() -> None:
    assert load_settings(None, {}) == Settings()


def test_an_empty_file_changes_nothing(file: Path) -> None:
    file.write_text("# nothing yet\n")
    assert load_settings(file, {}) == Settings()


def test_the_defaults_are_the_safe_ones() -> None:
    settings = Settings()
    assert not settings.supergraph.introspection
    assert settings.include_subgraph_errors.of("people") == NOTHING
    assert not settings.csrf.unsafe_disabled
    assert settings.supergraph.listen.host == "127.0.0.1"
    assert not settings.cors.allow_any_origin


def test_the_environment_goes_over_the_file_and_the_file_over_the_defaults(file: Path) -> None:
    file.write_text("limits: {max_depth: 5, max_aliases: 6}\n")
    settings = load_settings(file, {"ROUTER__LIMITS__MAX_ALIASES": "7", "OTHER": "x"})
    assert settings.limits == Limits(max_depth=5, max_aliases=7)


def test_values_of_the_environment_stand_in_the_file(file: Path) -> None:
    file.write_text(
        "supergraph: {listen: '${env.HOST:-127.0.0.1}:${env.PORT}', introspection: '${env.ASK:-true}'}\n"
        "override_subgraph_url: {people: '${env.URL:-}'}\n"
    )
    settings = load_settings(file, {"PORT": "4001"})
    assert settings.supergraph.listen == Listen(host="127.0.0.1", port=4001)
    assert settings.supergraph.introspection
    assert settings.override_subgraph_url == {"people": ""}


def test_all_mistakes_are_told_at_once_each_with_its_key(file: Path) -> None:
    text = """
    supergrph: {}
    supergraph: {listen: here, file: "${env.GRAPH}"}
    limits: {max_dept: 4, max_aliases: -1}
    authentication: {router: {jwt: {jwks: [{url: keys.json, issuer: me}]}}}
    traffic_shaping: {router: {timeout: 30}}
    """
    assert mistakes(file, text, ROUTER__CSRF__UNSAFE_DISABLED="perhaps") == [
        "supergraph.file: environment variable 'GRAPH' is not set, and has no default.",
        "supergraph.listen: expected an address such as '127.0.0.1:4000'.",
        "limits.max_aliases: input should be greater than 0.",
        "limits.max_dept: unknown key. Did you mean 'max_depth' or 'max_height'?",
        "authentication.router.jwt.jwks.0.issuer: unknown key. Did you mean 'issuers'?",
        "traffic_shaping.router.timeout: expected a duration such as '30s', '500ms' or '1h30m'.",
        "csrf.unsafe_disabled: input should be a valid boolean, unable to interpret input.",
        "supergrph: unknown key. Did you mean 'supergraph'?",
    ]


@pytest.mark.parametrize("text", ["- a\n- b\n", "just text\n"])
def test_what_is_no_mapping_is_refused(file: Path, text: str) -> None:
    assert mistakes(file, text) == ["expected keys and values at the top level."]


def test_what_is_not_yaml_is_refused_with_its_place(file: Path) -> None:
    (mistake,) = mistakes(file, "limits: {max_depth: 4\n")
    assert mistake.startswith("not YAML: ")
    assert "line 2" in mistake


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="No such file or directory"):
        load_settings(tmp_path / "absent.yaml", {})


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().limits.max_depth = 1


@pytest.mark.parametrize(
    ("text", "seconds"), [("30s", 30), ("500ms", 0.5), ("1h30m", 5400), ("2d", 172800), ("1.5s", 1.5)]
)
def test_durations_are_read_as_written(text: str, seconds: float) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@given(st.one_of(st.integers(), st.floats(), st.none(), st.text().filter(lambda text: not text[:1].isdecimal())))
def test_anything_else_is_no_duration(value: object) -> None:
    with pytest.raises(ValueError, match="expected a duration"):
        parse_duration(value)


def test_a_duration_of_nothing_is_refused(file: Path) -> None:
    assert mistakes(file, "traffic_shaping: {router: {timeout: 0s}}") == [
        "traffic_shaping.router.timeout: expected a duration longer than nothing."
    ]


def test_a_subgraph_may_differ_from_all() -> None:
    settings = Settings.model_validate({"include_subgraph_errors": {"all": True, "subgraphs": {"notes": False}}})
    assert settings.include_subgraph_errors.of("people") == EVERYTHING
    assert settings.include_subgraph_errors.of("notes") == NOTHING
