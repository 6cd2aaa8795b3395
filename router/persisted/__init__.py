"""Documents that clients name instead of sending: registered ones from manifests, learnt ones by their hash."""
