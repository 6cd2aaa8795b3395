"""Federations that routers are measured on, each with the data that its subgraphs and the expected answers come of."""
