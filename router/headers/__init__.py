"""Headers that cross the router: from the client to subgraphs, and from subgraphs to the client."""
