"""connectd: you meet the people you said you would meet."""

__version__ = "0.1.0"
