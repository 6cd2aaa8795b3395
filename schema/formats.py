"""What composition found, as people, programs and GitHub read it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from schema.compose import Composition
from schema.errors import CompositionError, Hint, Location

Finding = CompositionError | Hint

ANNOTATIONS = {"ERROR": "error", "WARN": "warning", "INFO": "notice"}


def _plain(found: Finding) -> str:
    """One line; hints begin with their level."""
    return f"{found.level} {found.render()}\n" if isinstance(found, Hint) else f"{found.render()}\n"


def as_json(composition: Composition) -> str:
    """One object: errors, hints and the supergraph."""
    errors = [
        {
            "code": one.code,
            "message": one.message,
            "fix": one.fix,
            "coordinate": one.coordinate,
            "locations": _places(one.locations),
        }
        for one in composition.errors
    ]
    hints = [
        {"code": one.code, "level": one.level, "message": one.message, "locations": _places(one.locations)}
        for one in composition.hints
    ]
    return json.dumps({"errors": errors, "hints": hints, "supergraph": composition.supergraph_sdl}, indent=2) + "\n"


def _places(locations: Sequence[Location]) -> list[dict[str, str | int | None]]:
    return [
        {"subgraph": one.subgraph, "file": one.file or None, "line": one.line or None, "column": one.column or None}
        for one in locations
    ]


def _annotation(found: Finding) -> str:
    """A workflow command, which GitHub shows at the line of the SDL; a hint that only helps to debug is left out."""
    level, fix = (found.level, "") if isinstance(found, Hint) else ("ERROR", found.fix or "")
    if level not in ANNOTATIONS:
        return ""
    place = found.locations[0] if found.locations else Location("")
    properties = {"title": found.code, "file": place.file, "line": place.line, "col": place.column}
    told = ",".join(f"{key}={_escaped(str(value), ':,')}" for key, value in properties.items() if value)
    return f"::{ANNOTATIONS[level]} {told}::{_escaped(f'{found.message} {fix}'.strip())}\n"


def _escaped(text: str, more: str = "") -> str:
    """Percent-encode what would end a command. Source: GitHub Actions, "Workflow commands"."""
    return "".join(f"%{ord(one):02X}" if one in f"%\r\n{more}" else one for one in text)


LINES: Mapping[str, Callable[[Finding], str]] = {"human": _plain, "github": _annotation}
FORMATS = (*LINES, "json")
