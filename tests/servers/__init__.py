"""Real CalDAV servers for tests: each on free loopback ports, with its data in a folder."""

from servers.cyrus import Cyrus
from servers.davical import Davical
from servers.outgoing import SentMail, SmtpSink
from servers.process import wait_until
from servers.radicale import Radicale
from servers.sogo import Sogo
from servers.user import User
from servers.xandikos import Xandikos

AnyServer = Radicale | Xandikos | Cyrus | Davical | Sogo

__all__ = [
    "AnyServer",
    "Cyrus",
    "Davical",
    "Radicale",
    "SentMail",
    "SmtpSink",
    "Sogo",
    "User",
    "Xandikos",
    "wait_until",
]
