"""Subgraph SDL in, standard supergraph SDL out, or every error."""
