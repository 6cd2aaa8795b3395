"""From a query plan to the response a client asked for."""
