"""Seeded worlds in which ways of keeping up with people are compared; see effectiveness.py."""
