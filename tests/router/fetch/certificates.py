"""An authority and certificates, made for one test."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from ssl import CERT_REQUIRED, PROTOCOL_TLS_SERVER, SSLContext

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, slots=True)
class Certified:
    """A certificate and its key, as PEM."""

    certificate: str
    key: str


class Authority:
    """Vouches for others."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority")])
        own = self._begun(self._name, self._key, 1).add_extension(
            x509.BasicConstraints(ca=True, path_length=None), True
        )
        self.pem = own.sign(self._key, SHA256()).public_bytes(Encoding.PEM).decode()

    def certify(self, address: str = "127.0.0.1", days: int = 1) -> Certified:
        """Make a key, and a certificate that is valid for some days from yesterday."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, address)])
        alternative = x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))])
        certificate = self._begun(name, key, days).add_extension(alternative, critical=False).sign(self._key, SHA256())
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return Certified(certificate.public_bytes(Encoding.PEM).decode(), secret.decode())

    def server(self, folder: Path, certified: Certified | None = None, *, asks: bool = False) -> SSLContext:
        """Make what a server shows; `asks`: and whether it wants to know who its clients are."""
        certified = certified or self.certify()
        (folder / "certificate.pem").write_text(certified.certificate)
        (folder / "key.pem").write_text(certified.key)
        context = SSLContext(PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
        if asks:
            context.verify_mode = CERT_REQUIRED
            context.load_verify_locations(cadata=self.pem)
        return context

    def _begun(self, name: x509.Name, key: ec.EllipticCurvePrivateKey, days: int) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder(self._name, name, key.public_key(), x509.random_serial_number())
            .not_valid_before(now - timedelta(days=abs(days) + 1))
            .not_valid_after(now + timedelta(days=days))
        )
