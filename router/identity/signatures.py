"""A token is believed when a key of a trusted issuer has signed it, and its times, issuer and audience fit.

Source: RFC 7515 (JSON Web Signature), RFC 7519 (JSON Web Token), RFC 8725 (JWT Best Current Practices).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import jwt
from jwt.utils import base64url_decode

from router.errors import InvalidToken
from router.identity.keys import IssuerKey
from router.request import Json
from router.settings import Jwks

_REASONS: tuple[tuple[type[jwt.InvalidTokenError], str], ...] = (
    (jwt.ExpiredSignatureError, "The token has expired."),
    (jwt.ImmatureSignatureError, "The token is not valid yet."),
    (jwt.InvalidAudienceError, "The token is for another audience."),
    (jwt.InvalidIssuerError, "The token is from an issuer that is not trusted."),
    (jwt.InvalidSignatureError, "The token has a bad signature."),
)


@dataclass(frozen=True, slots=True)
class Header:
    """What a token says of its signature. It is a claim like any other: it chooses among our keys, and brings none."""

    key_id: str | None
    algorithm: str


class _StrictTokens(jwt.PyJWT):
    """Reads tokens whose names are unique: what two readers would read differently is refused."""

    def _decode_payload(self, decoded: dict[str, Json]) -> dict[str, Json]:
        payload = _read_object(decoded["payload"])
        if not isinstance(payload, dict):
            raise jwt.DecodeError("not an object")
        return payload


_tokens = _StrictTokens()


def read_header(token: str) -> Header:
    """Read the header, which nobody has proved. Raises: InvalidToken."""
    try:
        header = jwt.get_unverified_header(token)
        _read_object(base64url_decode(token.partition(".")[0]))
    except (jwt.InvalidTokenError, ValueError) as error:
        raise InvalidToken("The token is malformed.") from error
    if "crit" in header or "b64" in header:
        raise InvalidToken("The token demands an extension of JSON Web Signature.")
    return Header(header.get("kid"), str(header.get("alg")))


def verify(token: str, key: IssuerKey, algorithm: str, issuer: Jwks, clock_skew: timedelta) -> Mapping[str, Json]:
    """Verify signature, times, issuer and audience. Raises: InvalidToken, which says what is wrong and no more."""
    try:
        claims = _tokens.decode(
            token,
            key.public.key,
            algorithms=[algorithm],
            issuer=list(issuer.issuers) or None,
            audience=list(issuer.audiences) or None,
            leeway=clock_skew,
            options={"require": ["exp"], "verify_aud": bool(issuer.audiences)},
        )
    except jwt.InvalidTokenError as error:
        raise InvalidToken(_reason(error)) from error
    except (ValueError, OverflowError, TypeError) as error:  # times that are no times
        raise InvalidToken("The token is malformed.") from error
    if not isinstance(claims["exp"], int | float):
        raise InvalidToken("The token is malformed.")
    return claims


def _read_object(text: bytes) -> Json:
    try:
        return json.loads(text, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise jwt.DecodeError("not JSON, or with a name that stands twice") from error


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    read = dict(pairs)
    if len(read) < len(pairs):
        raise ValueError("a name stands twice")
    return read


def _reason(error: jwt.InvalidTokenError) -> str:
    if isinstance(error, jwt.MissingRequiredClaimError):
        return f"The token has no claim '{error.claim}'."
    return next((text for kind, text in _REASONS if isinstance(error, kind)), "The token is malformed.")
