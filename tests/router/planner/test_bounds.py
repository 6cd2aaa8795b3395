"""Four times as much to plan takes about four times as many steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

import pytest

from router.operation.normalize import normalize
from router.planner.budget import Budget
from router.planner.model import QueryPlan
from router.planner.plan import PlanBudgetExceeded, plan
from tests.router.planner.planner import federation, operation_of

Asked = tuple[dict[str, str], str]  # SDL by subgraph, operation
MOST = 5  # times as many steps for four times as much

ITEM = 'type Item @key(fields: "id") { id: ID!'
ROOT = "type Query { item(n: Int): Item }"
NODES = "type Query { nodes: [Node!] }"


def planned(asked: Asked) -> tuple[QueryPlan, int]:
    """Plan within the steps of the default budget, without regard to time; tell how many it took."""
    sdl, source = asked
    planner = federation(**sdl)
    operation = normalize(*operation_of(source), planner.supergraph.api_schema)
    budget = Budget(timeout=timedelta(hours=1))
    return plan(operation, planner.supergraph, planner.graph, budget=budget), budget.spent


def each(numbers: Iterable[int], text: Callable[[int], str]) -> str:
    return " ".join(map(text, numbers))


def types(count: int, fields: Callable[[int], str], implements: str = "") -> str:
    return each(range(count), lambda n: f'type T{n} {implements} @key(fields: "id") {{ id: ID! {fields(n)} }}')


def of_items(shares: Iterable[str]) -> dict[str, str]:
    """One entity, of which each subgraph resolves some fields; the first has the root."""
    return {f"s{n}": f"{'' if n else ROOT} {ITEM} {fields} }}" for n, fields in enumerate(shares)}


def an_entity_fetch_for_each_type_of_an_interface(size: int) -> Asked:
    details = each(range(size), lambda n: f"... on T{n} {{ own{n} }}")
    return {
        "nodes": f"{NODES} interface Node {{ id: ID! }} {types(size, lambda _: '', 'implements Node')}",
        "details": types(size, lambda n: f"own{n}: Int"),
    }, f"{{ nodes {{ {details} }} }}"


def an_entity_fetch_for_each_member_of_a_union(size: int) -> Asked:
    members = " | ".join(f"T{n}" for n in range(size))
    names = each(range(size), lambda n: f"... on T{n} {{ name }}")
    return {
        "search": f"type Query {{ found: [Found!] }} union Found = {members} {types(size, lambda _: '')}",
        "details": types(size, lambda _: "name: String"),
    }, f"{{ found {{ {names} }} }}"


def an_interface_whose_field_is_elsewhere_on_two_levels(size: int) -> Asked:
    return {
        "nodes": f"{NODES} interface Node {{ id: ID! next: [Node!] }}"
        + types(size, lambda _: "next: [Node!]", "implements Node"),
        "titles": "interface Node { id: ID! title: String }"
        + types(size, lambda _: "title: String", "implements Node"),
    }, "{ nodes { title next { title } } }"


def many_subgraphs_that_share_a_type(size: int) -> Asked:
    part = "part: Part @shareable } type Part @shareable { size: Int part: Part"
    every = each(range(size), lambda n: f"own{n}")
    return of_items(
        f"own{n}: Int {part}" for n in range(size)
    ), f"{{ item {{ {every} part {{ size part {{ size }} }} }} }}"


def keys_each_of_which_leads_to_the_next(size: int) -> Asked:
    return {
        f"s{n}": ("" if n else ROOT)
        + f'type Item @key(fields: "k{n}") @key(fields: "k{n + 1}") {{ k{n}: ID! k{n + 1}: ID! own{n}: Int }}'
        for n in range(size)
    }, f"{{ item {{ {each(range(size), lambda n: f'own{n}')} }} }}"


def keys_that_lead_round(size: int) -> Asked:
    return {
        f"s{n}": ("" if n else ROOT)
        + f'type Item @key(fields: "k{n}") @key(fields: "k{(n + 1) % size}")'
        + f"{{ k{n}: ID! k{(n + 1) % size}: ID! own{n}: Int }}"
        for n in range(size)
    }, f"{{ item {{ {each(range(size), lambda n: f'own{n}')} }} }}"


def requirements_each_of_which_requires_the_one_before(size: int) -> Asked:
    first, *others = range(size)
    shares = [f'f{n - 1}: Int @external f{n}: Int @requires(fields: "f{n - 1}")' for n in others]
    return of_items([f"f{first}: Int", *shares]), f"{{ item {{ {each(range(size), lambda n: f'f{n}')} }} }}"


def requirements_that_each_require_two(size: int) -> Asked:
    def share(own: str, one: str, other: str) -> str:
        given = each(range(size - 1), lambda n: f"{one}{n}: Int @external {other}{n}: Int @external")
        needs = each(range(1, size), lambda n: f'{own}{n}: Int @requires(fields: "{one}{n - 1} {other}{n - 1}")')
        return f"{own}0: Int {needs} {given}"

    return of_items([share("a", "b", "c"), share("b", "a", "c"), share("c", "a", "b")]), f"{{ item {{ a{size - 1} }} }}"


def aliases_of_a_field_with_other_arguments(size: int) -> Asked:
    aliases = each(range(size), lambda n: f"a{n}: value(n: {n}) b{n}: other(n: {n}) {{ own }}")
    return of_items(["own: Int", "value(n: Int): Int other(n: Int): Item"]), f"{{ item {{ {aliases} }} }}"


def aliases_of_a_root_field(size: int) -> Asked:
    aliases = each(range(size), lambda n: f"a{n}: item(n: {n}) {{ own value }}")
    return of_items(["own: Int", "value: Int"]), f"{{ {aliases} }}"


def fields_of_many_subgraphs(size: int) -> Asked:
    shares = [each(range(first, size, 10), lambda n: f"f{n}: Int") for first in range(10)]
    return of_items(shares), f"{{ item {{ {each(range(size), lambda n: f'f{n}')} }} }}"


def levels_over_alternating_subgraphs(size: int) -> Asked:
    source = "x"
    for level in range(size):
        source = f"x there {{ y {source} }}" if level % 2 else f"y here {{ x {source} }}"
    return of_items(["x: Int there: Item", "y: Int here: Item"]), f"{{ item {{ {source} }} }}"


def levels_of_an_interface_that_several_subgraphs_resolve(size: int) -> Asked:
    source = "... on T0 { own }"
    for _ in range(size):
        source = f"id next {{ {source} }}"
    return {
        f"s{n}": "type Query { node: Node @shareable } interface Node { id: ID! next: Node }"
        + each(
            range(4),
            lambda t: f"type T{t} implements Node {{ id: ID! @shareable next: Node @shareable {own} }}",  # noqa: B023
        )
        for n, own in enumerate(["", "", "own: Int"])
    }, f"{{ node {{ {source} }} }}"


def fragments_on_interfaces_that_overlap(size: int) -> Asked:
    interfaces = each(range(size), lambda n: f"interface I{n} {{ id: ID! x{n}: Int }}")
    found = [[n for n in range(size) if (n + t) % 2] for t in range(20)]
    impl = each(
        range(20),
        lambda t: (
            f"type T{t} implements {' & '.join(['Node', *(f'I{n}' for n in found[t])])} "
            f'@key(fields: "id") {{ id: ID! {each(found[t], lambda n: f"x{n}: Int")} }}'
        ),
    )
    fragments = each(range(size), lambda n: f"... on I{n} {{ x{n} ... on T{n % 20} {{ y }} }}")
    return {
        "nodes": f"{NODES} interface Node {{ id: ID! }} {interfaces} {impl}",
        "details": types(20, lambda _: "y: Int"),
    }, f"{{ nodes {{ {fragments} }} }}"


def an_interface_split_by_type(size: int, levels: int) -> Asked:
    source = "id"
    for _ in range(levels):
        source = f"id next {{ {source} }}"
    here = types(size, lambda n: f"next: [Node!] {'@external' if n % 2 else ''}", "implements Node")
    return {
        "even": f"{NODES} interface Node {{ id: ID! next: [Node!] }} {here}",
        "odd": "interface Node { id: ID! }"
        + types(size, lambda n: "next: [Node!]" if n % 2 else "", "implements Node"),
    }, f"{{ nodes {{ {source} }} }}"


@pytest.mark.parametrize(
    ("asked", "size"),
    [
        (an_entity_fetch_for_each_type_of_an_interface, 25),
        (an_entity_fetch_for_each_member_of_a_union, 25),
        (an_interface_whose_field_is_elsewhere_on_two_levels, 20),
        (many_subgraphs_that_share_a_type, 8),
        (keys_each_of_which_leads_to_the_next, 10),
        (keys_that_lead_round, 8),
        (requirements_each_of_which_requires_the_one_before, 6),
        (requirements_that_each_require_two, 8),
        (aliases_of_a_field_with_other_arguments, 125),
        (aliases_of_a_root_field, 125),
        (fields_of_many_subgraphs, 200),
        (levels_over_alternating_subgraphs, 8),
        (levels_of_an_interface_that_several_subgraphs_resolve, 5),
        (fragments_on_interfaces_that_overlap, 8),
    ],
)
def test_steps_grow_with_what_is_asked(asked: Callable[[int], Asked], size: int) -> None:
    (_, few), (_, many) = planned(asked(size)), planned(asked(4 * size))
    assert many <= MOST * few


def test_an_interface_split_over_a_hundred_types_at_two_levels_is_planned() -> None:
    query_plan, _ = planned(an_interface_split_by_type(100, levels=2))
    assert [one.subgraph for one in query_plan.fetches] == ["even", "odd", "even"]


def test_what_makes_too_long_a_request_is_refused_before_it_is_made() -> None:
    with pytest.raises(PlanBudgetExceeded):
        planned(an_interface_split_by_type(100, levels=4))
