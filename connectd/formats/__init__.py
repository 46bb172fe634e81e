"""Gives bytes a meaning and back. Pure; the only importer of icalendar."""
