"""Many federations in one run, as JSON lines: for comparing composers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from schema.compose import Composition, compose
from schema.errors import CompositionError
from schema.subgraph import SubgraphSource

Case = Mapping[str, Any]  # {id, subgraphs: [{name, url, sdl}]}


class InvalidCase(ValueError):
    """A line that is not a case."""


def compose_cases(lines: Iterable[str]) -> Iterator[str]:
    """Compose the case of each line: `{id, errors: [{code, message}], hints: [code], supergraph}` in the same order.

    Raises: InvalidCase, before anything is composed.
    """
    cases = [_read(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    return (_result(identifier, sources) for identifier, sources in cases)


def _read(number: int, line: str) -> tuple[object, list[SubgraphSource]]:
    try:
        case: Case = json.loads(line)
        sources = [SubgraphSource(one["name"], one.get("url") or "", one["sdl"]) for one in case["subgraphs"]]
        if not all(isinstance(text, str) for one in sources for text in (one.name, one.url, one.sdl)):
            raise TypeError("name, url and sdl are strings")
        return case["id"], sources
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        expected = '{"id": ..., "subgraphs": [{"name": ..., "url": ..., "sdl": ...}]}'
        raise InvalidCase(f"Line {number} is no case, which is {expected}: {error!r}") from error


def _result(identifier: object, sources: list[SubgraphSource]) -> str:
    composition = _compose(sources)
    errors = [{"code": error.code, "message": error.message} for error in composition.errors]
    hints = [hint.code for hint in composition.hints]
    result = {"id": identifier, "errors": errors, "hints": hints, "supergraph": composition.supergraph_sdl}
    return json.dumps(result) + "\n"


def _compose(sources: list[SubgraphSource]) -> Composition:
    """A case that breaks the composer is told as such, and does not take the others with it."""
    try:
        return compose(sources)
    except Exception as error:  # noqa: BLE001  # whatever it is, the other cases are still asked for
        return Composition((CompositionError("INTERNAL", f"The composer failed: {error!r}"),), (), None)
