"""Three tools write manifests; each is read as it is."""

from __future__ import annotations

import orjson
import pytest

from router.persisted.manifest import InvalidManifest, RegisteredDocument, read_manifest

APOLLO = {
    "format": "apollo-persisted-query-manifest",
    "version": 1,
    "operations": [
        {"id": "a1", "name": "People", "type": "query", "body": "query People { people { id } }"},
        {"id": "b2", "name": "Notes", "type": "query", "body": "query Notes { notes { id } }", "clientName": "ios"},
    ],
}


def test_a_manifest_of_apollo_names_the_client_of_a_document() -> None:
    assert read_manifest(orjson.dumps(APOLLO), "web", "m.json") == (
        RegisteredDocument("a1", "query People { people { id } }", "web"),
        RegisteredDocument("b2", "query Notes { notes { id } }", "ios"),
    )


@pytest.mark.parametrize("manifest", [{"a1": "{ people { id } }"}, [["a1", "{ people { id } }"]]])
def test_manifests_of_relay_and_graphql_codegen_pair_id_and_text(manifest: object) -> None:
    documents = read_manifest(orjson.dumps(manifest), None, "m.json")
    assert documents == (RegisteredDocument("a1", "{ people { id } }"),)


@pytest.mark.parametrize(
    ("content", "mistake"),
    [
        (b"{", "m.json:1:2: the manifest is not JSON: unexpected end of data."),
        (b"3", "m.json: a manifest is an object, or a list of pairs of id and text."),
        (b'[["a"]]', "m.json: entry 0 must have an id and a text, both strings."),
        (b'{"a": 1}', "m.json: entry 'a' must have an id and a text, both strings."),
        (b'{"format": "x"}', "m.json: the format must be 'apollo-persisted-query-manifest', version 1."),
        (
            b'{"format": "apollo-persisted-query-manifest", "version": 1}',
            "m.json: the manifest has no list 'operations'.",
        ),
        (b'[["a", "{ a }"], ["a", "{ b }"]]', "m.json: the id 'a' stands for two different documents."),
    ],
)
def test_what_is_wrong_with_a_manifest_is_said_with_its_place(content: bytes, mistake: str) -> None:
    with pytest.raises(InvalidManifest) as caught:
        read_manifest(content, None, "m.json")
    assert str(caught.value) == mistake
