"""Readers that turn code, manifests and accounts into resources."""
