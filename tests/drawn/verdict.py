"""Holds the federated answer to the monolith's, and says how they differ."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from tests.answers import Answer, ErrorPath
from tests.drawn.data import REQUIRED
from tests.records import Json

REFUSALS = {"QUERY_PLANNING_FAILED", "GRAPHQL_VALIDATION_FAILED", "QUERY_PLANNING_BUDGET"}
REPORTED = "DOWNSTREAM_SERVICE_ERROR"
STRICT = ("does not resolve", "was not sent", "has no key")  # what the kit's subgraphs say

Told = tuple[ErrorPath, str]  # where a resolver failed, and what it said


@dataclass(frozen=True, slots=True)
class Failure:
    """What is wrong. `kind` stays the same while a case is made smaller."""

    kind: str
    want: str
    got: str


def unlike(answer: Answer, oracle: Answer, failing: Set[Told]) -> Failure | None:
    """Demand the monolith's data, an error for each null that is one there, and no other errors.

    `failing` is what the resolvers of the monolith say when no error takes others with it. In a subgraph an error may
    take with it what was asked of the same object to compute another field.
    """
    same = answer.text == oracle.text or (_takes_others(oracle) and _is_computed_of_less(answer.data, oracle.data))
    if same and _explains(answer, oracle) and not set(_misplaced(answer, failing)):
        return None
    kind = "errors" if same else "data"
    if any(sign in message for message in answer.messages for sign in STRICT):
        kind = "asked in the wrong place"
    if refusal := REFUSALS & set(answer.codes):
        kind = min(refusal)
    return Failure(kind, shown(oracle), shown(answer))


def partly_unlike(answer: Answer, oracle: Answer) -> Failure | None:
    """Hold what came to the monolith's data: null may stand for what a missing subgraph had, where an error says so."""
    if not within(answer.data, oracle.data):
        return Failure("partial data", shown(oracle), shown(answer))
    for place in _lost(answer.data, oracle.data, ()):
        if not any(_touches(path, place) for path in answer.errors):
            return Failure("silence", f"an error that explains {list(place)}", shown(answer))
    return None if answer.errors else Failure("silence", "an error for what is switched off", shown(answer))


def shown(answer: Answer) -> str:
    """Print an answer with its errors."""
    told = zip(answer.errors, answer.messages, answer.codes, strict=True)
    return "\n".join([answer.text, *(f"{path}: {message} {code}" for path, message, code in told)])


def declared_errors(data: Mapping[str, Json]) -> frozenset[str]:
    """Find what the resolvers may say."""
    return frozenset(re.findall(r'"\$error": "([^"]*)"', json.dumps(data)))


def told_by(answer: Answer, messages: Set[str]) -> frozenset[Told]:
    """Pick the errors of resolvers."""
    told = zip(answer.errors, answer.messages, strict=True)
    return frozenset((path, message) for path, message in told if message in messages)


def _explains(answer: Answer, oracle: Answer) -> bool:
    """Tell whether errors are where the monolith has some; only what is required may fail besides."""
    required = Answer(answer.text, tuple(path for path, message in _pairs(answer) if not message.endswith(REQUIRED)))
    try:
        return required.places() <= oracle.places() <= answer.places()
    except LookupError:
        return False


def _takes_others(oracle: Answer) -> bool:
    """Tell whether an error reached further than its field."""
    return bool(set(oracle.errors) - oracle.places())


def _is_computed_of_less(part: Json, whole: Json) -> bool:
    """Tell whether a value is another but for nulls within what was computed."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return list(part) == list(whole) and all(_is_computed_of_less(part[key], whole[key]) for key in part)
    if isinstance(part, list) and isinstance(whole, list):
        return len(part) == len(whole) and all(map(_is_computed_of_less, part, whole))
    return json.dumps(part) == json.dumps(whole) or (isinstance(part, str) and within(part, whole))


def _pairs(answer: Answer) -> Iterator[Told]:
    return zip(answer.errors, answer.messages, strict=True)


def _misplaced(answer: Answer, failing: Set[Told]) -> Iterator[Told]:
    """Find errors of resolvers with another path or code than theirs."""
    known = {message for _, message in failing}
    for path, message, code in zip(answer.errors, answer.messages, answer.codes, strict=True):
        required = message.endswith(REQUIRED)
        if (message in known or required) and (code != REPORTED or not (required or (path, message) in failing)):
            yield path, message


def _touches(path: ErrorPath, place: Sequence[str | int]) -> bool:
    """Tell whether one of two paths begins with the other."""
    return path is None or all(a == b for a, b in zip(path, place, strict=False))


def _lost(part: Json, whole: Json, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    """Find what is lost; for what is computed, the object is named whose other fields it is made of."""
    if part is None and whole is not None:
        yield path[:-1] if _is_computed(whole) else path
    elif isinstance(part, dict):
        for key in part:
            yield from _lost(part[key], whole[key], (*path, key))
    elif isinstance(part, list):
        for index, (one, other) in enumerate(zip(part, whole, strict=True)):
            yield from _lost(one, other, (*path, index))


def within(part: Json, whole: Json) -> bool:
    """Tell whether a value is another but for some nulls, be it within what was computed of them."""
    if part is None:
        return True
    if isinstance(part, dict) and isinstance(whole, dict):
        return list(part) == list(whole) and all(within(part[key], whole[key]) for key in part)
    if isinstance(part, list) and isinstance(whole, list):
        return len(part) == len(whole) and all(map(within, part, whole))
    if part != whole and _is_computed(part) and _is_computed(whole):
        return within(json.loads(part), json.loads(whole))
    return bool(part == whole)


def _is_computed(value: Json) -> bool:
    return isinstance(value, str) and value.startswith("{")
