"""Policies and baselines: read, bound to resources, decided. Speaks of resources, never of sources."""
