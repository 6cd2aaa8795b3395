"""What may run, and what is refused."""
