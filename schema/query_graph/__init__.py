"""Which subgraph can resolve what, for the planner and for satisfiability."""
