"""The in-process subgraph of `node` and `nodes`: any object by its global id, whoever owns it."""
