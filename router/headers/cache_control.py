"""The `cache-control` of an answer that is made of several responses."""

from __future__ import annotations

from collections.abc import Sequence

_BINDING = ("no-cache", "private", "no-transform", "must-revalidate", "proxy-revalidate", "must-understand")
"""What holds for the whole once a part says so."""
_ALLOWING = ("public", "immutable")
"""What holds for the whole only if every part says so."""
_ALLOWED_TIMES = ("stale-while-revalidate", "stale-if-error")

_FOREVER = 2**31
"""Seconds; longer times are no longer."""

Directives = dict[str, str]


def most_restrictive(values: Sequence[str]) -> str:
    """Allow what all of them allow, for the shortest of their times. Source: RFC 9111, "Cache-Control"."""
    given = [_read(value) for value in values]
    if any("no-store" in one for one in given):
        return "no-store"
    directives = [name for name in _BINDING if any(name in one for one in given)]
    directives += [name for name in _ALLOWING if "private" not in directives and all(name in one for one in given)]
    directives += _times(given)
    return ", ".join(directives) or "no-cache"


def _times(given: Sequence[Directives]) -> list[str]:
    times = {"max-age": _seconds(given, "max-age")}
    if any("s-maxage" in one for one in given):
        times["s-maxage"] = _seconds(
            [{**one, "s-maxage": one.get("s-maxage", one.get("max-age", ""))} for one in given], "s-maxage"
        )
    for name in _ALLOWED_TIMES:
        if all(name in one for one in given):
            times[name] = _seconds(given, name)
    return [f"{name}={seconds}" for name, seconds in times.items() if seconds is not None]


def _seconds(given: Sequence[Directives], name: str) -> int | None:
    """Find the shortest time; what is no number is stale at once. Source: RFC 9111, "Delta Seconds"."""
    return min((_time(one[name]) for one in given if one.get(name) is not None), default=None)


def _time(text: str) -> int:
    return min(int(text[:11]), _FOREVER) if text.isdecimal() else 0


def _read(value: str) -> Directives:
    """Read one value; of a time that it gives twice, the shorter one. Source: RFC 9111, "Freshness Lifetime"."""
    directives: Directives = {}
    for part in value.lower().split(","):
        name, argument = (one.strip() for one in part.partition("=")[::2])
        argument = argument.strip('"')
        if name not in directives or _time(argument) < _time(directives[name]):
            directives[name] = argument
    return directives
