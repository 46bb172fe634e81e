"""Moves bytes: one file per outside thing. Edges never import one another."""
