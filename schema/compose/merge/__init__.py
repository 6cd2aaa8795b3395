"""Subgraphs to one schema: types, fields, values, directives, each element with what joins it to its subgraphs."""
