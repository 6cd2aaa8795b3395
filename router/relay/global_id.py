"""Global ids: base64url without padding of `Type:uuid`. Source: Relay, "Global Object Identification"."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

LONGEST = 256

_CONTENT = re.compile(r"(\w+):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.ASCII)


@dataclass(frozen=True, slots=True)
class GlobalId:
    """The name of one node. `text` is as clients write it."""

    type_name: str
    text: str


def decode(text: str) -> GlobalId | None:
    """Read a global id in its one form; None for anything else, which names nothing."""
    if len(text) > LONGEST:
        return None
    try:
        content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except ValueError:
        return None
    found = _CONTENT.fullmatch(content)
    if found is None or base64.urlsafe_b64encode(content.encode()).decode().rstrip("=") != text:
        return None
    return GlobalId(found[1], text)
