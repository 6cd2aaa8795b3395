"""The tasks subgraph: work given to workers, and the worker."""
