"""Answers of subgraphs: one interface, EntitySource, and its homes."""
