"""A CalDAV server of our own for one user, on loopback: Radicale, from the extra ``local``.

``LocalServer`` is there for as long as it is held, ``KeptServer`` for good.
"""

from connectd.edges.local_server.held_server import LocalServer
from connectd.edges.local_server.kept_server import KeptServer

__all__ = ["KeptServer", "LocalServer"]
