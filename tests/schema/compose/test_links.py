"""What `@link` may say, and under which names its elements may go."""

from __future__ import annotations

import pytest

from tests.schema.compose.testkit import codes, composed_raw

FEDERATION = '@link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])'
ENTITY = 'type Query { t: T } type T @key(fields: "id") { id: ID }'

REFUSED = {
    "a link without a version": ("INVALID_LINK_IDENTIFIER", f'{FEDERATION} @link(url: "https://x.dev/foo")'),
    "a version that is none": ("INVALID_LINK_IDENTIFIER", f'{FEDERATION} @link(url: "https://x.dev/foo/v2")'),
    "a version without a feature": ("INVALID_LINK_IDENTIFIER", f'{FEDERATION} @link(url: "https://x.dev/v1.0")'),
    "the alias of link itself": ("INVALID_LINK_DIRECTIVE_USAGE", FEDERATION.replace(")", ', as: "link")')),
    "a spec that is federation's own, without federation": (
        "INVALID_LINK_DIRECTIVE_USAGE",
        '@link(url: "https://specs.apollo.dev/inaccessible/v0.2")',
    ),
    "an alias that an import has": ("INVALID_LINK_DIRECTIVE_USAGE", FEDERATION.replace(")", ', as: "key")')),
    "another link beside the one that federation needs": (
        "INVALID_LINK_DIRECTIVE_USAGE",
        f'{FEDERATION} @link(url: "https://specs.apollo.dev/link/v1.1")',
    ),
    "an unknown link, where nothing links federation": (
        "UNKNOWN_LINK_VERSION",
        '@link(url: "https://specs.apollo.dev/link/v1.1")',
    ),
    "two elements under one name": (
        "INVALID_LINK_DIRECTIVE_USAGE",
        FEDERATION.replace('"@key"', '"@key", {name: "@shareable", as: "@key"}'),
    ),
    "an element under the name another has unasked": (
        "INVALID_LINK_DIRECTIVE_USAGE",
        FEDERATION.replace('"@key"', '"@key", {name: "@tag", as: "@federation__shareable"}'),
    ),
    "a name that is none": (
        "INVALID_LINK_DIRECTIVE_USAGE",
        FEDERATION.replace('"@key"', '"@key", {name: "@tag", as: "@a-b"}'),
    ),
    "more than a name and an alias": (
        "INVALID_LINK_DIRECTIVE_USAGE",
        FEDERATION.replace('"@key"', '"@key", {name: "@tag", as: "@ab", since: "today"}'),
    ),
}
ALLOWED = {
    "an alias of its own": FEDERATION.replace(")", ', as: "fed")'),
    "the same import twice": FEDERATION.replace('"@key"', '"@key", "@key"'),
    "an element under the name it has unasked": FEDERATION.replace(
        '"@key"', '"@key", {name: "@tag", as: "@federation__tag"}'
    ),
    "link itself, in the version there is": f'{FEDERATION} @link(url: "https://specs.apollo.dev/link/v1.0")',
    "the types of link itself, under their own names": (
        f'{FEDERATION} @link(url: "https://specs.apollo.dev/link/v1.0", import: ["Purpose"])'
    ),
    "a feature nobody knows": f'{FEDERATION} @link(url: "https://x.dev/foo/v2.0", import: ["@a", "B"])',
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_link_that_says_no_one_thing_is_refused(case: str) -> None:
    code, link = REFUSED[case]
    sdl = ENTITY if "/federation/" in link else "type Query { a: Int }"
    result = composed_raw(a=f"extend schema {link} {sdl}")
    assert set(codes(result)) == {code}
    assert all(error.locations[0].line for error in result.errors)


@pytest.mark.parametrize("case", ALLOWED)
def test_a_link_may_say(case: str) -> None:
    assert codes(composed_raw(a=f"extend schema {ALLOWED[case]} {ENTITY}")) == []


def test_of_an_unknown_version_no_directive_is_known() -> None:
    result = composed_raw(a=f"extend schema {FEDERATION.replace('2.9', '2.99')} {ENTITY}")
    assert codes(result) == ["INVALID_GRAPHQL", "UNKNOWN_FEDERATION_LINK_VERSION"]


def test_a_type_named_like_a_root_does_not_hide_other_errors() -> None:
    sdl = f"extend schema {FEDERATION} schema {{ query: Q }} type Q {{ a: Nowhere }} type Query {{ b: Int }}"
    assert codes(composed_raw(a=sdl)) == ["INVALID_GRAPHQL", "ROOT_QUERY_USED"]


def test_only_directives_that_are_defined_under_that_name_are_composed() -> None:
    linked = FEDERATION.replace('"@key"', '"@key", "@tag", "@cost", "@composeDirective"')
    wished = {
        name: codes(composed_raw(a=f'extend schema {linked} @composeDirective(name: "{name}") {ENTITY}'))
        for name in ("@tag", "@cost", "@federation__tag")
    }
    assert wished == {
        "@tag": [],
        "@cost": ["DIRECTIVE_COMPOSITION_ERROR"],
        "@federation__tag": ["DIRECTIVE_COMPOSITION_ERROR"],
    }
