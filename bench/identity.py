"""Who asks: one token that every request of a run carries, and the keys by which it is verified."""

from __future__ import annotations

import json
import time
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from jwt.algorithms import RSAAlgorithm

HOUR = 3600


def issue(jwks: Path) -> str:
    """Write the keys; returns the token."""
    key = generate_private_key(public_exponent=65537, key_size=2048)
    public = {**RSAAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": "bench", "use": "sig", "alg": "RS256"}
    jwks.write_text(json.dumps({"keys": [public]}))
    claims = {"sub": "bench", "tenant": "bench", "scope": "read", "exp": int(time.time()) + HOUR}
    return jwt.encode(claims, key, "RS256", {"kid": "bench"})
