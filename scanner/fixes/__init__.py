"""Edits of source text that make failing findings pass."""
