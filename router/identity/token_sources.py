"""Where a request carries its token: in a header after a prefix, or in a cookie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from router.errors import AuthError
from router.settings.identity import Jwt, TokenSource


def sources_of(settings: Jwt) -> tuple[TokenSource, ...]:
    """List where a token may stand, in the order in which it is looked for."""
    main = TokenSource(type="header", name=settings.header_name, value_prefix=settings.header_value_prefix)
    return (main, *settings.sources)


def find_token(
    headers: Mapping[str, str], sources: Sequence[TokenSource], *, ignore_other_prefixes: bool = False
) -> str | None:
    """Take the first token of a request; None: it carries none. Raises: AuthError. Shapes: lower-case names."""
    for source in sources:
        if source.type == "cookie":
            token = next(_cookies(headers.get("cookie", ""), source.name), None)
        else:
            token = _after_prefix(headers.get(source.name.lower()), source, ignore_other_prefixes)
        if token is not None:
            return token
    return None


def _after_prefix(value: str | None, source: TokenSource, ignores: bool) -> str | None:
    """Take what stands behind the prefix, whose case does not matter. Source: RFC 9110, "Authentication Scheme"."""
    if value is None or not source.value_prefix:
        return value
    prefix, _, token = value.partition(" ")
    is_ours = prefix.lower() == source.value_prefix.lower()
    if is_ours and token.strip():
        return token.strip()
    if ignores and not is_ours:
        return None
    name = "-".join(part.capitalize() for part in source.name.split("-"))
    raise AuthError(f"The header '{name}' must be '{source.value_prefix}' and a token.")


def _cookies(header: str, name: str) -> Iterator[str]:
    """List the values of a cookie, the most specific first. Source: RFC 6265, "The Cookie Header"."""
    for pair in header.split(";"):
        key, equals, value = pair.strip().partition("=")
        if equals and key == name and value:
            yield value.strip('"')
