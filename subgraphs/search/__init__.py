"""The search subgraph: collections, documents, hybrid retrieval."""
