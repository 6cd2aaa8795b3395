"""Subgraph SDL in, standard supergraph SDL out, or every error."""

from schema.compose.compose import Composition, compose

__all__ = ["Composition", "compose"]
