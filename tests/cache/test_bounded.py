from __future__ import annotations

from cache.bounded import BoundedCache


def test_what_was_not_used_for_longest_is_forgotten_first() -> None:
    kept: BoundedCache[str, str] = BoundedCache(2, 100, len)
    kept["a"], kept["b"] = "1", "2"
    assert kept["a"] == "1"
    kept["c"] = "3"
    assert set(kept) == {"a", "c"}


def test_the_bytes_are_bounded_however_few_values_there_are() -> None:
    kept: BoundedCache[str, str] = BoundedCache(1_000, 100, len)
    for key in "abc":
        kept[key] = "x" * 40
    assert set(kept) == {"b", "c"}


def test_a_value_that_is_too_large_is_not_kept_and_costs_the_others_nothing() -> None:
    kept: BoundedCache[str, str] = BoundedCache(1_000, 100, len)
    kept["a"], kept["b"] = "1", "x" * 101
    assert set(kept) == {"a"}


def test_to_list_all_is_no_use_of_any() -> None:
    kept: BoundedCache[str, str] = BoundedCache(2, 100, len)
    kept["a"], kept["b"] = "1", "2"
    assert (dict(kept.items()), list(kept.values())) == ({"a": "1", "b": "2"}, ["1", "2"])
    kept["c"] = "3"
    assert set(kept) == {"b", "c"}
