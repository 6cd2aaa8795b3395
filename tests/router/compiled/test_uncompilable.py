"""Which plans no code is made of, and why: what is not listed here has code."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress

from graphql import parse, validate

from router.compiled.uncompilable import Uncompilable
from router.errors import RouterError
from tests.federation import Federation, FixtureQuery, every_federation
from tests.router.compiled.compiling import Compilable

EXPECTED = {
    "a field of the router's own": [
        "inaccessible/field/introspected",
        "introspection/schema/beside_data",
        "introspection/schema/every_field",
        "introspection/schema/no_federation_types",
        "introspection/schema/no_request",
        "introspection/schema/with_variables",
    ],
    "a root type below the root": [
        "fetch/root-reentry/after_a_mutation",
    ],
    "a type that nothing tells": [
        "interface-object/of-other-types/a_type_is_not_asked_for_what_is_there_anyway",
        "interface-object/out-of/no_typename_needed",
    ],
    "values from a context": [
        "alias/names-of-the-router/variables_of_contexts",
        "context/abstract/a_value_of_an_interface",
        "context/abstract/within_a_fragment",
        "context/object/a_value_of_the_parent",
        "context/object/an_alias_beside_it",
        "context/object/another_value_for_each_list",
        "context/object/under_a_condition",
        "context/some-types/each_type_has_a_value_of_its_own",
        "context/some-types/some_types_set_it_and_others_are_beneath_one_that_does",
        "context/value-of-elsewhere/beneath_another_object",
        "context/value-of-elsewhere/from_where_it_is",
    ],
    "what is required comes of several answers": [
        "requires/through-entities/greeting",
        "requires/through-entities/with_author",
    ],
}


def test_every_plan_of_a_fixture_becomes_code_but_for_these() -> None:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for federation in every_federation():
        for query in federation.queries:
            reason = _reason(federation, query)
            if reason is not None:
                found[reason].append(f"{federation}/{query}")
    assert dict(found) == EXPECTED


def _reason(federation: Federation, query: FixtureQuery) -> str | None:
    if validate(federation.snapshot.supergraph.api_schema, parse(query.text)):
        return None
    with suppress(RouterError):  # nothing runs
        try:
            Compilable.of(federation, query).compile()
        except Uncompilable as reason:
            return str(reason)
    return None
