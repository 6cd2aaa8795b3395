"""The federation router: one ASGI app over one supergraph."""
