"""Whom the router trusts, and by what it shows who it is."""

from __future__ import annotations

from pydantic import SecretStr

from router.settings.per_subgraph import PerSubgraph
from router.settings.values import Branch


class ClientAuthentication(Branch):
    """What the router shows to servers that ask who it is."""

    certificate_chain: str
    """Its certificate and those that vouch for it, as PEM; `${file.PATH}` puts in a file."""
    key: SecretStr
    """The private key of the certificate, as PEM."""


class ClientTls(Branch):
    """Connections to subgraphs whose URL is `https`."""

    certificate_authorities: str | None = None
    """Certificates, as PEM, that are trusted besides those that the system trusts; `${file.PATH}` puts in a file."""
    client_authentication: ClientAuthentication | None = None
    """What the router shows to servers that ask who it is; none: nothing."""


class SubgraphTls(PerSubgraph[ClientTls]):
    """Connections to subgraphs whose URL is `https`."""

    all: ClientTls = ClientTls()


class Tls(Branch):
    """Encrypted connections."""

    subgraph: SubgraphTls = SubgraphTls()
