from __future__ import annotations

import pytest
from graphql import parse
from hypothesis import given
from hypothesis import strategies as st

from router.errors import LimitError
from router.policies.limits import NESTING, Size, enforce, enforce_on_variables, measure
from router.prepared import choose_operation, read_document
from router.request import Json
from router.settings import Limits, Mode


def size(query: str) -> Size:
    document = parse(query)
    return measure(document, choose_operation(document, None))


def refused(query: str, **limits: int) -> str:
    document = parse(query)
    with pytest.raises(LimitError) as caught:
        enforce(Limits.model_validate(limits), document, choose_operation(document, None))
    assert caught.value.status == 400
    return caught.value.code


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ a }", Size(1, 1, 0, 1, 0)),
        ("{ a { b { c } } d }", Size(3, 4, 0, 2, 0)),
        ("{ x: a { y: b } z: c }", Size(2, 3, 3, 2, 0)),
        ("query @q { a @skip(if: true) ... @include(if: true) { b } }", Size(1, 2, 0, 2, 3)),
        ("{ ... on Query { a { ... on T { b } } } }", Size(2, 2, 0, 1, 0)),
        ("{ ...F ...F } fragment F on Query { x: a { b } }", Size(2, 4, 2, 2, 0)),
        ("{ a { ...F } } fragment F on T { b { ...G } } fragment G on U { c }", Size(3, 3, 0, 1, 0)),
    ],
)
def test_an_operation_is_measured_with_its_fragments_spread_out(query: str, expected: Size) -> None:
    assert size(query) == expected


def test_fragments_unknown_or_in_a_cycle_add_nothing() -> None:
    assert size("{ a ...Absent ...F } fragment F on Query { b ...F }").height == 2


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ({"max_depth": 1}, "MAX_DEPTH_LIMIT"),
        ({"max_height": 2}, "MAX_HEIGHT_LIMIT"),
        ({"max_aliases": 1}, "MAX_ALIASES_LIMIT"),
        ({"max_root_fields": 1}, "MAX_ROOT_FIELDS_LIMIT"),
        ({"max_directives": 1}, "MAX_DIRECTIVES_LIMIT"),
    ],
)
def test_each_limit_has_its_code(limits: dict[str, int], code: str) -> None:
    query = "{ x: a @skip(if: false) { b } y: c @skip(if: false) }"
    assert refused(query, **limits) == code
    enforce(Limits.model_validate({name: value + 1 for name, value in limits.items()}), *_parsed(query))


def _parsed(query: str):  # type: ignore[no-untyped-def]  # noqa: ANN202  # the two arguments of `enforce`
    document = parse(query)
    return document, choose_operation(document, None)


def test_fragments_that_double_are_counted_without_being_spread_out() -> None:
    doubling = "".join(f"fragment F{n} on T {{ a {{ ...F{n + 1} }} b {{ ...F{n + 1} }} }}" for n in range(30))
    assert refused("{ ...F0 }" + doubling + "fragment F30 on T { c }") == "MAX_HEIGHT_LIMIT"


def test_nesting_beyond_measure_is_too_deep() -> None:
    chain = "".join(f"fragment F{n} on T {{ ...F{n + 1} }}" for n in range(NESTING * 5))
    assert refused("{ ...F0 }" + chain) == "MAX_DEPTH_LIMIT"


@given(
    st.recursive(
        st.just("a"),
        lambda inner: st.lists(inner, min_size=1, max_size=4).map(lambda them: "a { " + " ".join(them) + " }"),
        max_leaves=30,
    )
)
def test_naming_a_part_as_a_fragment_changes_no_measure(selection: str) -> None:
    inline = size(f"{{ b {{ {selection} }} }}")
    assert size(f"{{ b {{ ...F }} }} fragment F on T {{ {selection} }}") == inline
    assert inline.height == selection.count("a") + 1


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"a": {"b": {"c": 1}}}, "MAX_VARIABLE_DEPTH_LIMIT"),
        ({"a": [[[]]]}, "MAX_VARIABLE_DEPTH_LIMIT"),
        ({"a": [1, 2, 3, 4]}, "MAX_VARIABLE_VALUES_LIMIT"),
        ({"a": {"b": 1, "c": 2}, "d": 3, "e": 4}, "MAX_VARIABLE_VALUES_LIMIT"),
    ],
)
def test_values_of_variables_have_limits_of_their_own(values: dict[str, Json], code: str) -> None:
    with pytest.raises(LimitError) as caught:
        enforce_on_variables(Limits(max_variable_depth=2, max_variable_values=4), values)
    assert caught.value.code == code
    enforce_on_variables(Limits(max_variable_depth=3, max_variable_values=5), values)


def test_limits_that_are_only_measured_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    limits = Limits(mode=Mode.MEASURE, max_depth=1, max_tokens=3, max_variable_depth=1)
    document = read_document("{ a { b } }", limits)
    for excess in enforce(limits, document, choose_operation(document, None)):
        excess.tell()
    enforce_on_variables(limits, {"a": [1]})
    codes = ["MAX_TOKENS_LIMIT", "MAX_DEPTH_LIMIT", "MAX_VARIABLE_DEPTH_LIMIT"]
    assert [vars(record)["code"] for record in caplog.records] == codes
