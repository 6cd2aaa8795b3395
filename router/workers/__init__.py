"""Several processes that serve at one address, and the one that starts them and answers nothing."""
