"""What a federated schema is; serves no operations."""
