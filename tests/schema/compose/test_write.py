"""The document that is checked is the one that is printed."""

from __future__ import annotations

import pytest
from graphql import parse, print_ast

from schema.compose.compose import merged
from schema.compose.write.document import supergraph_document
from schema.compose.write.sdl import print_supergraph
from schema.errors import Report
from schema.subgraph import SubgraphSource
from tests.schema.compose.test_observed import BECOMES
from tests.schema.compose.testkit import fed2

EVERYTHING = fed2(
    '''
    "how long" directive @trace("how deep" level: Int = 1) repeatable on FIELD | QUERY
    """
    The "root"
    """
    type Query { "all" list(first: Int! = 10, filter: Filter = {text: "a\\"b", kinds: [A], from: 1.5}): [U!]! i: I }
    type Mutation { add(filter: Filter = null): T @authenticated }
    interface I { id: ID! }
    type T implements I @key(fields: "id") @tag(name: "t") { id: ID! old: Int @deprecated(reason: "gone") }
    union U = T
    enum Kind { A B @inaccessible }
    input Filter @oneOf { text: String kinds: [Kind!] from: Float is: Boolean }
    scalar Date @specifiedBy(url: "https://x.dev/date")
    extend type Query { date: Date on(is: Boolean = true): Kind }
    '''
)


@pytest.mark.parametrize("sdls", [{"A": EVERYTHING.replace("@oneOf", "")}, *(sdls for sdls, _ in BECOMES.values())])
def test_the_document_is_what_its_sdl_parses_to(sdls: dict[str, str]) -> None:
    merge = merged([SubgraphSource(name, f"http://{name}", sdl) for name, sdl in sdls.items()], Report())
    assert merge is not None
    assert print_ast(supergraph_document(merge)) == print_ast(parse(print_supergraph(merge)))
