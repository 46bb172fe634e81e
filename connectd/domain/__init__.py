"""Decides. Pure: standard library only, no I/O, no clock."""
