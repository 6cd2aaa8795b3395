"""Bytes by key, and one load at a time; knows nothing of GraphQL."""
