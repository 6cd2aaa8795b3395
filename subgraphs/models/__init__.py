"""The models subgraph: registry, serving endpoints, inference."""
