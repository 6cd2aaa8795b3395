"""What a value in the settings may be, and what every branch of the tree is made of."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+")
_DURATION_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")


def parse_duration(value: object) -> timedelta:
    """Read `30s`, `500ms` or `1h30m`."""
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, str) or not _DURATION.fullmatch(value):
        raise ValueError("expected a duration such as '30s', '500ms' or '1h30m'")
    duration = timedelta(seconds=sum(float(number) * _UNITS[unit] for number, unit in _DURATION_PART.findall(value)))
    if not duration:
        raise ValueError("expected a duration longer than nothing")
    return duration


def write_duration(duration: timedelta) -> str:
    """Write it as it is read, in the largest unit that divides it."""
    seconds = duration.total_seconds()
    unit = next((unit for unit in ("d", "h", "m", "s") if seconds and not seconds % _UNITS[unit]), "ms")
    return f"{seconds / _UNITS[unit]:g}{unit}"


Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    PlainSerializer(write_duration, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": f"^{_DURATION.pattern}$"}),
]
Count = Annotated[int, Field(gt=0)]


class Branch(BaseModel):
    """A part of the tree: frozen, and closed to keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
