"""Two small real models that run in this process."""
