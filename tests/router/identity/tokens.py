"""Real keys, their public sets, and tokens signed with them."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from router.request import Json

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


@dataclass(frozen=True, slots=True)
class Issuer:
    """Signs tokens with one key."""

    key: PrivateKey
    kid: str = "one"
    algorithm: str = "EdDSA"

    @property
    def jwk(self) -> dict[str, Json]:
        public = self.key.public_key()
        if isinstance(public, rsa.RSAPublicKey):
            jwk = RSAAlgorithm.to_jwk(public, as_dict=True)
        elif isinstance(public, ec.EllipticCurvePublicKey):
            jwk = ECAlgorithm.to_jwk(public, as_dict=True)
        else:
            jwk = OKPAlgorithm.to_jwk(public, as_dict=True)
        return {**jwk, "kid": self.kid, "use": "sig"}

    @property
    def pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    @property
    def public_pem(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def sign(self, *, headers: dict[str, Json] | None = None, **claims: Json) -> str:
        """Sign a token that is good for a minute, unless the claims say otherwise; a claim of None is left out."""
        given = {"iss": "https://issuer", "sub": "ada", "tenant": "demo", "exp": time.time() + 60, **claims}
        present = {name: value for name, value in given.items() if value is not None}
        return jwt.encode(present, self.key, self.algorithm, headers={"kid": self.kid, **(headers or {})})


@cache
def ed25519_issuer(kid: str = "one") -> Issuer:
    return Issuer(ed25519.Ed25519PrivateKey.generate(), kid)


@cache
def rsa_issuer(algorithm: str = "RS256") -> Issuer:
    return Issuer(rsa.generate_private_key(65537, 2048), "rsa", algorithm)


@cache
def ec_issuer() -> Issuer:
    return Issuer(ec.generate_private_key(ec.SECP256R1()), "ec", "ES256")


def write_jwks(file: Path, *issuers: Issuer, extra: tuple[dict[str, Json], ...] = (), text: str | None = None) -> Path:
    """Publish the public keys, or instead of them a text that is none."""
    file.write_text(text or json.dumps({"keys": [*(issuer.jwk for issuer in issuers), *extra]}))
    return file
