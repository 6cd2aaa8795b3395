"""Whether every query of the API schema can be resolved. Source: composition, "Satisfiability"."""

from schema.compose.satisfiability.check import check_satisfiability

__all__ = ["check_satisfiability"]
