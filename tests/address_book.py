"""An address book of a test user: cards are put there, and the edge that reads them."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from servers import User

from connectd.edges.caldav_server import AddressBookServer, Credential


@dataclass(frozen=True, slots=True)
class AddressBook:
    """One address book on a server, as an address book program sees it."""

    user: User
    url: str

    def put(self, name: str, *lines: str, uid: str | None = None, version: str = "3.0") -> None:
        """Write ``name.vcf``, whose UID is ``uid-name`` unless one is given."""
        text = card(*lines, uid=uid or f"uid-{name}", version=version)
        self.user.dav.put_cards(f"{self.url}{name}.vcf", text).expect(200, 201, 204)

    def person(self, name: str, *lines: str, categories: str = "connect,business") -> None:
        """Write a card of ``Name Example <name@example.test>``."""
        first = name.capitalize()
        known = (f"FN:{first} Example", f"N:Example;{first};;;", f"EMAIL:{name}@example.test")
        self.put(name, *known, *((f"CATEGORIES:{categories}",) if categories else ()), *lines)

    def delete(self, name: str) -> None:
        self.user.dav.delete(f"{self.url}{name}.vcf").expect(200, 204)

    @property
    def path(self) -> str:
        return urlsplit(self.url).path


def card(*lines: str, uid: str, version: str = "3.0") -> str:
    """Return the text of a vCard."""
    text = ["BEGIN:VCARD", f"VERSION:{version}", f"UID:{uid}", *lines, "END:VCARD", ""]
    return "\r\n".join(text)


def home_of(user: User) -> str:
    """Return where the address books of a user on Radicale or Xandikos lie."""
    return f"{user.url}{user.name}/{'contacts/' if user.schedules else ''}"


def address_book(user: User, name: str = "people") -> AddressBook:
    """Make an address book."""
    book = AddressBook(user, f"{home_of(user)}{name}/")
    user.dav.make_address_book(book.url, name.capitalize()).expect(201)
    return book


def books_of(
    user: User, url: str | None = None, *, timeout_seconds: float = 30.0
) -> AddressBookServer:
    """Return connectd's edge for the address books of this user."""
    return AddressBookServer(
        "main",
        url or user.url,
        lambda: Credential(user.name, user.password),
        ca_file=user.ca_file if url is None or url.startswith(user.url) else None,
        timeout_seconds=timeout_seconds,
    )
