"""Answers to what one engine asked, as answers to what another asks: the same entities, perhaps in another order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from router.fetch.source import Answer, Ask, EntityAsk
from router.json_text import canonical_json
from router.request import GraphQLError


def realign(asks: Sequence[Ask], answers: Sequence[Answer], others: Sequence[Ask]) -> Sequence[Answer]:
    """Answer other asks of the same fetch.

    An entity that was not asked for is null: that happens only where subgraphs contradict each other.
    """
    answered = {id(ask.select): (ask, answer) for ask, answer in zip(asks, answers, strict=True)}
    return [
        _answer(*answered[id(other.select)], other) if id(other.select) in answered else _nothing(other)
        for other in others
    ]


def _answer(ask: Ask, answer: Answer, other: Ask) -> Answer:
    if not (isinstance(ask, EntityAsk) and isinstance(other, EntityAsk)):
        return answer
    if list(ask.representations) == list(other.representations):
        return answer
    slots = {canonical_json(one): slot for slot, one in enumerate(ask.representations)}
    order = [slots.get(canonical_json(one)) for one in other.representations]
    data = answer.data and [None if slot is None else answer.data[slot] for slot in order]
    place_of = {slot: place for place, slot in enumerate(order) if slot is not None}
    return answer._replace(data=data, errors=tuple(_moved(answer.errors, place_of)))


def _moved(errors: Sequence[GraphQLError], place_of: dict[int, int]) -> Iterator[GraphQLError]:
    for error in errors:
        first = error.path[0] if error.path else None
        if isinstance(first, int) and first in place_of:
            yield replace(error, path=(place_of[first], *(error.path or ())[1:]))
        else:
            yield error


def _nothing(ask: Ask) -> Answer:
    return Answer([None] * len(ask.representations) if isinstance(ask, EntityAsk) else None)
