"""What goes into a mail server and how far a mail has come."""

from enum import StrEnum
from typing import NamedTuple


class Login(NamedTuple):
    """A user name with its password, or with an OAuth 2 token (RFC 6750) if ``bearer``."""

    username: str
    secret: str
    bearer: bool = False

    def __repr__(self) -> str:
        """Never shows the secret."""
        return f"Login(username={self.username!r}, bearer={self.bearer})"


class Stage(StrEnum):
    """How far a mail has come; each but the last ends in the next, or in an error.

    Up to and with OFFERED the mail was certainly not sent, whatever went wrong; in HANDED_OVER
    nobody knows until the server has answered.
    """

    CONNECTING = "connecting"
    LOGGED_IN = "logged_in"
    OFFERED = "offered"
    HANDED_OVER = "handed_over"
    ACCEPTED = "accepted"
