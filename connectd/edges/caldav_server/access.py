"""Access to one account: its credential, for as long as the server takes it."""

import re
from collections.abc import Callable

from connectd.edges.caldav_server.values import Credential
from connectd.errors import AccountPausedError, CredentialsError

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Access:
    """The credential of the account ``name``, fetched when the first request needs it.

    Servers lock accounts after a few refusals. So what was refused is never given out again,
    and after two refusals in a row, or when a fresh fetch brings the same, the access is
    closed: nothing is given out before ``admit`` or ``reopen``.
    """

    def __init__(self, name: str, fetch: Callable[[], Credential]) -> None:
        self.name = name
        self._fetch = fetch
        self._credential: Credential | None = None
        self._refused: Credential | None = None
        self._refusal = ""
        self._closed = False

    @property
    def refused(self) -> Credential | None:
        """What the server refused last, None if it has taken something since."""
        return self._refused

    def current(self) -> Credential:
        """Return what to send. Raises CredentialsError, AccountPausedError if it is closed."""
        if self._credential is None and not self._closed:
            fresh = self.look()
            self._closed = fresh == self._refused
            self._credential = None if self._closed else fresh
        if self._credential is None:
            raise AccountPausedError(self._refusal)
        return self._credential

    def look(self) -> Credential:
        """Fetch the credential anew, also while the access is closed, and change nothing.

        Raises CredentialsError, which shows nothing of it, where it would break a header.
        """
        credential = self._fetch()
        if _CONTROL.search(credential.username + credential.secret):
            problem = "a line break or another control character"
        elif credential.bearer and not credential.secret.isascii():
            problem = "a character that no token has"
        else:
            return credential
        raise CredentialsError(f"The credentials of the account {self.name!r} have {problem}.")

    def taken(self) -> None:
        """Note that the server took the credential."""
        self._refused = None

    def renewed(self, refusal: str) -> Credential | None:
        """Return what to send instead of the credential just refused, None if there is nothing.

        ``refusal`` is what AccountPausedError says from then on.
        """
        before, self._refused = self._refused, self._credential
        self._credential, self._refusal = None, refusal
        fresh = self._refused if before else self.look()
        self._closed = fresh == self._refused
        self._credential = None if self._closed else fresh
        return self._credential

    def admit(self, credential: Credential) -> None:
        """Open it with this credential, which is another one than that refused."""
        self.reopen()
        self._credential = credential

    def reopen(self) -> None:
        """Let what was refused be tried again."""
        self._refused, self._closed = None, False

    def close(self, why: str) -> None:
        """Give out nothing any more, and say ``why`` instead."""
        self._credential, self._closed, self._refusal = None, True, why
