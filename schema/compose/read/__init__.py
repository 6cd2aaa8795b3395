"""SDL to subgraph: links, names, blocks, and the federation definitions a subgraph may leave out."""
