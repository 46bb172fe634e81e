"""Looks whether everything that connectd needs is there and works, and says what to do."""
