from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from router.configuration.checks import changed_until_restart, check_subgraph_names
from router.configuration.load import load_configuration, load_settings
from router.configuration.mistakes import InvalidSettings, Origin
from router.settings import Branch, Limits, Listen, Settings, parse_duration
from router.settings.per_subgraph import PerSubgraph
from router.settings.subgraphs import EVERYTHING, NOTHING


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "router.yaml"


def mistakes(file: Path, text: str, **environment: str) -> list[str]:
    file.write_text(text)
    with pytest.raises(InvalidSettings) as caught:
        load_settings(file, environment)
    return [str(mistake).removeprefix(f"{file}:") for mistake in caught.value.mistakes]


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


def test_all_mistakes_are_told_at_once_each_with_its_line_and_key(file: Path) -> None:
    text = """supergrph: {}
supergraph: {listen: here, file: "${env.GRAPH}"}
limits:
  max_dept: 4
  max_aliases: -1
  max_depth:
authentication: {router: {jwt: {jwks: [{url: keys.json},
  {issuer: me}]}}}
traffic_shaping: {router: {timeout: 30}}
limits: {}
"""
    assert mistakes(file, text, ROUTER__LIMITS__MAX_HEIGHT="0", ROUTER__CORZ="1") == [
        "1: supergrph: unknown key. Did you mean 'supergraph'?",
        "2: supergraph.listen: expected an address such as '127.0.0.1:4000'.",
        "2: supergraph.file: environment variable 'GRAPH' is not set, and has no default.",
        "10: limits: stands here a second time.",
        "4: limits.max_dept: unknown key. Did you mean 'max_depth' or 'max_height'?",
        "5: limits.max_aliases: input should be greater than 0.",
        "6: limits.max_depth: has no value: give it one, or leave the key out.",
        "8: authentication.router.jwt.jwks.1.url: field required.",
        "8: authentication.router.jwt.jwks.1.issuer: unknown key. Did you mean 'issuers'?",
        "9: traffic_shaping.router.timeout: expected a duration such as '30s', '500ms' or '1h30m'.",
        "environment variable ROUTER__LIMITS__MAX_HEIGHT: limits.max_height: input should be greater than 0.",
        "environment variable ROUTER__CORZ: corz: unknown key. Did you mean 'cors' or 'csrf'?",
    ]


@pytest.mark.parametrize("text", ["- a\n- b\n", "just text\n"])
def test_what_is_no_mapping_is_refused(file: Path, text: str) -> None:
    assert mistakes(file, text) == [" expected keys and values at the top level."]


def test_what_is_not_yaml_is_refused_with_its_place(file: Path) -> None:
    (mistake,) = mistakes(file, "limits: {max_depth: 4\n")
    assert mistake == "2: not YAML: expected ',' or '}', but got '<stream end>'."


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("limits: {? [1, 2] : 3}", "1: limits: a key is a name."),
        (
            "limits: {max_depth: !!int x}",
            "1: limits.max_depth: cannot be read: invalid literal for int() with base 10: 'x'.",
        ),
        (
            "hooks: !!python/name:os.system x",
            "1: hooks: cannot be read: could not determine a constructor for the tag ",
        ),
        ("hooks: *there", "1: not YAML: found undefined alias 'there'."),
        ("limits: {<<: 3}", "1: not YAML: expected a mapping or list of mappings for merging, but found scalar."),
        ("[" * 5000, " not YAML: an anchor contains itself, or values are nested too deep."),
    ],
)
def test_yaml_that_no_configuration_is_made_of_is_refused(file: Path, text: str, mistake: str) -> None:
    (told,) = mistakes(file, text)
    assert told.startswith(mistake)


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
        "1: traffic_shaping.router.timeout: expected a duration longer than nothing."
    ]


def test_a_subgraph_may_differ_from_all() -> None:
    settings = Settings.model_validate({"include_subgraph_errors": {"all": True, "subgraphs": {"notes": False}}})
    assert settings.include_subgraph_errors.of("people") == EVERYTHING
    assert settings.include_subgraph_errors.of("notes") == NOTHING


def test_the_content_of_a_file_stands_in_a_value_without_its_last_line_break(file: Path, tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets/name").write_text("a name\n")
    file.write_text("override_subgraph_url: {people: 'http://${file.secrets/name}/'}\n")
    configuration = load_configuration(file, {})
    assert configuration.settings.override_subgraph_url == {"people": "http://a name/"}
    assert set(configuration.files) == {file, tmp_path / "secrets/name"}


@pytest.mark.parametrize(
    ("value", "mistake"),
    [
        ("${file.absent}", "'absent' cannot be read: No such file or directory."),
        ("${file.latin}", "'latin' is not UTF-8."),
        ("${env.A", "'${env.A' cannot be expanded: expected '${env.NAME}', '${env.NAME:-default}' or '${file.PATH}'."),
        ("${A}", "'${A}' cannot be expanded: expected '${env.NAME}', '${env.NAME:-default}' or '${file.PATH}'."),
    ],
)
def test_what_cannot_be_put_in_is_a_mistake(file: Path, value: str, mistake: str) -> None:
    (file.parent / "latin").write_bytes(b"\xff")
    (told,) = mistakes(file, f"hooks: '{value}'", A="1")
    assert told.replace(f"{file.parent}/", "") == f"1: hooks: {mistake}"


def test_a_mistake_does_not_quote_what_a_file_holds(file: Path) -> None:
    (file.parent / "secret").write_text("hush hush")
    assert mistakes(file, "headers: {all: {request: [{remove: {named: '${file.secret}'}}]}}") == [
        "1: headers.all.request.0.remove.named: what the file holds is not valid here."
    ]


def test_words_mean_what_yaml_1_2_says(file: Path) -> None:
    file.write_text(
        "hooks: off\nsupergraph: {introspection: on}\noverride_subgraph_url: {no: 'yes', 1: 1:30, a: 2026-01-01}"
    )
    settings = load_settings(file, {})
    assert settings.hooks.object == "off"
    assert settings.supergraph.introspection
    assert settings.override_subgraph_url == {"no": "yes", "1": "1:30", "a": "2026-01-01"}


def test_an_anchor_serves_more_than_one_place_and_none_contains_itself(file: Path) -> None:
    file.write_text("cors: &a {allow_credentials: true}\ncsrf: {<<: {unsafe_disabled: true}, unsafe_disabled: false}\n")
    assert not load_settings(file, {}).csrf.unsafe_disabled
    (told,) = mistakes(file, "cors: &a {origins: *a}")
    assert told.endswith("not YAML: an anchor contains itself, or values are nested too deep.")


def test_a_variable_gives_a_list_as_yaml_does() -> None:
    settings = load_settings(None, {"ROUTER__CSRF__REQUIRED_HEADERS": "[x-a, x-b]"})
    assert settings.csrf.required_headers == ("x-a", "x-b")


def test_where_values_come_from_is_known(file: Path) -> None:
    file.write_text("limits:\n  max_depth: 3\nhooks: ${file.router.yaml}\n")
    origins = load_configuration(file, {"ROUTER__LIMITS__MAX_ALIASES": "4"}).origins
    assert origins["limits", "max_depth"] == Origin(f"{file}:2")
    assert origins["limits", "max_aliases"] == Origin("environment variable ROUTER__LIMITS__MAX_ALIASES")
    assert origins["hooks",].is_secret


def test_subgraphs_that_are_not_there_are_refused_wherever_they_are_named() -> None:
    settings = Settings.model_validate(
        {"override_subgraph_url": {"note": "x", "people": "y"}, "headers": {"subgraphs": {"peple": {}}}}
    )
    with pytest.raises(InvalidSettings) as caught:
        check_subgraph_names(settings, ["people", "notes"])
    assert [str(mistake) for mistake in caught.value.mistakes] == [
        "override_subgraph_url.note: no such subgraph. Did you mean 'notes'?",
        "headers.subgraphs.peple: no such subgraph. Did you mean 'people'?",
    ]


def test_keys_whose_change_waits_for_a_restart_are_named() -> None:
    moved = Settings.model_validate({"supergraph": {"listen": "0.0.0.0:4000"}, "limits": {"max_depth": 1}})
    assert changed_until_restart(Settings(), moved) == ["supergraph.listen"]
    assert changed_until_restart(moved, moved) == []


class Inner(Branch):
    a: int = 1
    b: int = 2


class Outer(Branch):
    inner: Inner = Inner()
    names: tuple[str, ...] = ()


class PerOuter(PerSubgraph[Outer]):
    all: Outer = Outer()


def test_what_a_subgraph_does_not_set_is_as_for_all() -> None:
    tree = {
        "all": {"inner": {"a": 3}, "names": ["x"]},
        "subgraphs": {"people": {"inner": {"b": 4}}, "notes": {"names": []}},
    }
    settings = PerOuter.model_validate(tree)
    assert settings.of("people") == Outer(inner=Inner(a=3, b=4), names=("x",))
    assert settings.of("notes") == Outer(inner=Inner(a=3), names=())
    assert settings.of("other") is settings.all
