"""Layers against the meaning they stand for: one tree into which answers are merged."""

from __future__ import annotations

from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from router.execution.layers import Joint, Key, Layers, enter, item, length, newest, typename
from router.request import Json

leaves = st.none() | st.integers(0, 3) | st.booleans()
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner), max_leaves=12
)
objects = st.dictionaries(st.sampled_from("abc"), values)


def merge(old: Json, new: Json) -> Json:
    """Merge by the table of execution: deep, by index, null never wins, a clash keeps what was there."""
    if old is None or new is None:
        return new if old is None else old
    if isinstance(old, dict) and isinstance(new, dict):
        return {key: merge(old.get(key), new.get(key)) for key in {**old, **new}}
    if isinstance(old, list) and isinstance(new, list):
        longest = max(len(old), len(new))
        padded = [[*one, *[None] * (longest - len(one))] for one in (old, new)]
        return [merge(*pair) for pair in zip(*padded, strict=True)]
    return old if isinstance(old, dict | list) or isinstance(new, dict | list) else new


def seen(layers: Layers, joint: Joint | None = None) -> Json:
    """Read a whole value through its layers."""
    if not layers:
        return None
    joints = joint.below if joint else {}
    if isinstance(layers[0], dict):
        keys = {key for layer in layers for key in layer}
        return {key: seen(enter(layers, joints.get(key), key), joints.get(key)) for key in keys}
    if isinstance(layers[0], list):
        places = range(length(layers))
        return [seen(item(layers, joints.get(place), place), joints.get(place)) for place in places]
    return layers[-1]


@given(st.lists(objects, min_size=1, max_size=4))
def test_reading_through_layers_is_reading_what_was_merged(answers: list[Json]) -> None:
    assert seen(tuple(answers)) == merge_all(answers)


@given(objects, objects)
def test_an_answer_laid_over_itself_changes_nothing(one: Json, other: Json) -> None:
    assert seen((one, one)) == seen((one,))
    assert seen((one, other, one, other)) == seen((one, other))


@given(objects, objects, objects)
def test_what_is_attached_to_an_object_is_laid_over_it(base: Json, layer: Json, late: Json) -> None:
    root = Joint([{"list": [None, {"object": base}]}])
    place: tuple[Key, ...] = ("list", 1, "object")
    root.attach(place, layer)
    root.attach(place, late)
    assert seen(tuple(root.layers), root) == {"list": [None, {"object": merge_all([base, layer, late])}]}


@given(objects, objects)
def test_a_layer_of_the_parent_is_seen_below_however_late_it_comes(below: Json, late: Json) -> None:
    root = Joint([{"a": {"id": 1}}])
    root.attach(("a",), below)
    root.attach((), {"a": late})
    assert seen(tuple(root.layers), root)["a"] == {"id": 1, **merge_all([late, below])}


@given(st.lists(objects, max_size=3), st.sampled_from("abc"))
def test_a_leaf_is_the_newest_that_is_not_null(answers: list[Json], key: str) -> None:
    present = [answer[key] for answer in answers if answer.get(key) is not None]
    assert newest(tuple(answers), key) == (present[-1] if present else None)


def test_the_name_of_an_interface_never_hides_a_concrete_name() -> None:
    concrete, interface = {"__typename": "Book"}, {"__typename": "Media"}
    either: list[Layers] = [(concrete, interface), (interface, concrete), (interface, {}, concrete, interface)]
    for layers in either:
        assert typename(layers, {"Book"}) == "Book"
    assert typename((interface, {"__typename": "Node"}), {"Book"}) == "Node"
    assert typename(({}, {"__typename": None}), {"Book"}) is None


def merge_all(answers: list[Json]) -> Json:
    return reduce(merge, answers)
