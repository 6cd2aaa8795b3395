"""Who asks: tokens of clients, and the internal token that subgraphs receive."""
