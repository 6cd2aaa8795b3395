"""The sessions subgraph: principals, projects, conversations."""
