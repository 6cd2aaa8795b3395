"""Global ids: base64url of `Type:uuid`, without padding. Source: GraphQL Global Object Identification."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Set as AbstractSet
from uuid import UUID


def encode(type_name: str, id: UUID) -> str:
    """Write a global id."""
    return urlsafe_b64encode(f"{type_name}:{id}".encode()).rstrip(b"=").decode()


def decode(type_name: str | AbstractSet[str], text: object) -> UUID | None:
    """Read the uuid of a global id of one type, or one of several; None for any other text: not there."""
    parts = split(text)
    names = {type_name} if isinstance(type_name, str) else type_name
    return parts[1] if parts is not None and parts[0] in names else None


def split(text: object) -> tuple[str, UUID] | None:
    """Read type and uuid of a global id. Only the one text that `encode` writes is an id; None for any other."""
    if not isinstance(text, str):
        return None
    try:
        decoded = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)).decode("ascii")
        name, _, digits = decoded.partition(":")
        id = UUID(digits)
    except ValueError:
        return None
    return (name, id) if encode(name, id) == text else None
