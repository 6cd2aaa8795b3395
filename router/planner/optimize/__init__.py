"""Passes over the fetch graph: each is pure; the order is the design."""

from router.planner.optimize.alias_conflicts import alias_conflicts
from router.planner.optimize.batch_entities import batch_entities
from router.planner.optimize.chain_mutations import chain_mutations
from router.planner.optimize.lift_conditions import lift_conditions
from router.planner.optimize.merge_same_path import merge_same_path

PASSES = (chain_mutations, merge_same_path, lift_conditions, batch_entities, alias_conflicts)
