"""Whatever subgraphs say, no answer is kept for longer than one of them allows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from router.headers.cache_control import most_restrictive

DIRECTIVES = st.sampled_from(
    [
        "no-store",
        "no-cache",
        "private",
        "public",
        "immutable",
        "must-revalidate",
        "max-age=0",
        "max-age=60",
        "s-maxage=9",
    ]
)
VALUES = st.lists(DIRECTIVES, unique=True).map(", ".join)
ANY = st.lists(st.one_of(VALUES, st.text()), min_size=1)


def directives(value: str) -> dict[str, str]:
    return dict(part.strip().partition("=")[::2] for part in value.split(","))


@given(st.lists(VALUES, min_size=1))
def test_the_whole_allows_nothing_that_a_part_forbids(values: list[str]) -> None:
    whole, parts = directives(most_restrictive(values)), [directives(value) for value in values]
    if any("no-store" in part for part in parts):
        assert list(whole) == ["no-store"]
        return
    assert ("private" in whole) is any("private" in part for part in parts)
    assert ("no-cache" in whole) or not any("no-cache" in part for part in parts)
    assert ("public" not in whole) or all("public" in part for part in parts)
    for part in parts:
        if "max-age" in part:
            assert int(whole["max-age"]) <= int(part["max-age"])
        if "s-maxage" in whole:
            assert int(whole["s-maxage"]) <= int(part.get("s-maxage", part.get("max-age", "0")))


@given(ANY)
def test_it_makes_no_difference_who_answers_first_or_twice(values: list[str]) -> None:
    whole = directives(most_restrictive(values))
    assert directives(most_restrictive(values[::-1])) == whole
    assert directives(most_restrictive([*values, *values])) == whole


def test_of_a_time_that_is_given_twice_the_shorter_one_counts() -> None:
    assert most_restrictive(["max-age=60, max-age=0"]) == most_restrictive(["max-age=0, max-age=60"]) == "max-age=0"


def test_a_time_beyond_all_numbers_is_long() -> None:
    assert most_restrictive(["max-age=" + "9" * 5_000]) == f"max-age={2**31}"
