"""The web: what others publish there, and where an address leads."""

from connectd.edges.web.looking import Look
from connectd.edges.web.web import Fetched, Web

__all__ = ["Fetched", "Look", "Web"]
