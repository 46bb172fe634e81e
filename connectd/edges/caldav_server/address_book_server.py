"""The address books of an account (RFC 6352): found, listed and read, never written.

A class of its own beside the calendar account's: it has no way to write at all, and its URL,
which the user configures apart, may lie on another host than the calendars.
"""

from collections.abc import Callable, Iterator, Sequence

from connectd.edges.caldav_server import address_books, objects
from connectd.edges.caldav_server.access import Access
from connectd.edges.caldav_server.transport import Transport
from connectd.edges.caldav_server.values import (
    AddressBookHome,
    AddressBookInfo,
    CardObject,
    Credential,
)

PATIENCE_SECONDS = 120.0
"""Radicale indexes an address book when first asked about it: half a minute for 5,000 cards."""


class AddressBookServer:
    """Address books at one URL, with the credentials of the account ``name``.

    ``credential``, the errors of every request and the hosts that are
    asked are as for a ``CalDavServer``; ``timeout_seconds`` is more than there, since it is asked
    once a day.
    """

    def __init__(
        self,
        name: str,
        url: str,
        credential: Callable[[], Credential],
        *,
        ca_file: str | None = None,
        timeout_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self.account = name
        self.url = url
        self.access = Access(name, credential)
        self._transport = Transport(
            url,
            self.access,
            ca_file=ca_file,
            timeout_seconds=timeout_seconds,
            setting="the url in [people]",
        )

    @property
    def requests(self) -> int:
        """How many requests went out so far, redirected ones included."""
        return self._transport.requests

    def hurry(self, seconds: float) -> None:
        """Let the request going on, and any later one, end within so many seconds from now.

        May be called from a signal handler or another thread.
        """
        self._transport.hurry(seconds)

    def close(self) -> None:
        """Drop the connection; a later request makes a new one."""
        self._transport.close()

    def discover(self) -> AddressBookHome:
        """Find where the user's address books lie, from the configured URL.

        Raises ServerError, saying what was found instead, where there are none.
        """
        return address_books.discover(self._transport)

    def books(self, home: AddressBookHome) -> tuple[AddressBookInfo, ...]:
        """Return every address book with its version, with one PROPFIND.

        Raises ServerError if the listing is not whole, RefusedError if the home is gone.
        """
        return address_books.books(self._transport, home)

    def listing(self, book: str) -> dict[str, str]:
        """Return URL and ETag of every card in an address book, with one PROPFIND.

        Raises ServerError if the listing is not whole, or not one of an address book.
        """
        return address_books.listing(self._transport, book)

    def fetch(self, book: str, hrefs: Sequence[str]) -> Iterator[tuple[CardObject, ...]]:
        """Yield the cards in batches, each by one request (RFC 6352 section 8.7).

        One that is gone is left out; a batch that is too large for one answer, or whose answer
        one card makes unreadable, is split; of one card that is too large, the beginning comes
        as ``truncated``.
        """
        for batch in objects.fetch(self._transport, book, hrefs, objects.CARDS):
            yield tuple(CardObject(one.href, one.text, one.truncated) for one in batch)
