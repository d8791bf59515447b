"""YAML and JSON with the place of every value, within bounds. Nothing in a file is ever constructed or run."""
