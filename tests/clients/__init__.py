"""Clients of the field, as npm has them, against a running router: `make test-clients`."""
