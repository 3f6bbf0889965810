"""Bytes from values: deterministic, and without a way to a table."""
