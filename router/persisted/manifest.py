"""Manifests of registered documents, as three tools write them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import orjson

from router.request import Json

APOLLO = "apollo-persisted-query-manifest"


class InvalidManifest(ValueError):
    """The file holds no manifest of a form that is known; the text names the file and the entry."""


@dataclass(frozen=True, slots=True)
class RegisteredDocument:
    """One document; `client` is whose it is, None everybody's. Ids mean nothing but themselves."""

    id: str
    text: str
    client: str | None = None


def read_manifest(content: bytes, client: str | None, source: str) -> tuple[RegisteredDocument, ...]:
    """Read a manifest of Apollo's tools, of Relay's compiler (map or pairs), or of graphql-codegen (map).

    Raises: InvalidManifest.
    """
    try:
        manifest = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise InvalidManifest(
            f"{source}:{error.lineno}:{error.colno}: the manifest is not JSON: {error.msg}."
        ) from error
    documents = tuple(_documents(manifest, client, source))
    _check_ids(documents, source)
    return documents


def _documents(manifest: Json, client: str | None, source: str) -> Iterator[RegisteredDocument]:
    for place, id, text, owner in _entries(manifest, source):
        if not isinstance(id, str) or not id or not isinstance(text, str):
            raise InvalidManifest(f"{source}: {place} must have an id and a text, both strings.")
        if owner is not None and not isinstance(owner, str):
            raise InvalidManifest(f"{source}: {place} names a client that is no string.")
        yield RegisteredDocument(id, text, owner or client)


def _entries(manifest: Json, source: str) -> Iterator[tuple[str, Json, Json, Json]]:
    """List place, id, text and client of every entry."""
    if isinstance(manifest, list):
        for at, pair in enumerate(manifest):
            id, text = pair if isinstance(pair, list) and len(pair) == 2 else (None, None)  # noqa: PLR2004
            yield f"entry {at}", id, text, None
    elif not isinstance(manifest, dict):
        raise InvalidManifest(f"{source}: a manifest is an object, or a list of pairs of id and text.")
    elif "format" in manifest:
        yield from _apollo_entries(manifest, source)
    else:
        yield from ((f"entry '{id}'", id, text, None) for id, text in manifest.items())


def _apollo_entries(manifest: Mapping[str, Json], source: str) -> Iterator[tuple[str, Json, Json, Json]]:
    if manifest["format"] != APOLLO or manifest.get("version") != 1:
        raise InvalidManifest(f"{source}: the format must be '{APOLLO}', version 1.")
    operations = manifest.get("operations")
    if not isinstance(operations, list):
        raise InvalidManifest(f"{source}: the manifest has no list 'operations'.")
    for at, one in enumerate(operations):
        entry = one if isinstance(one, dict) else {}
        yield f"operation {at}", entry.get("id"), entry.get("body"), entry.get("clientName")


def _check_ids(documents: tuple[RegisteredDocument, ...], source: str) -> None:
    known: dict[tuple[str | None, str], str] = {}
    for one in documents:
        if known.setdefault((one.client, one.id), one.text) != one.text:
            raise InvalidManifest(f"{source}: the id '{one.id}' stands for two different documents.")
