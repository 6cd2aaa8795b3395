"""What each subgraph is made of."""
