"""Address books on real servers: found, listed, read in batches, and never written."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from address_book import AddressBook, address_book, books_of, card, home_of
from proxy import Fault, Listener, Proxy, Reply, failing, page, with_body
from servers import Radicale, User

from connectd.edges.caldav_server import AddressBookServer
from connectd.errors import CredentialsError, RefusedError, ServerError

READING = {"PROPFIND", "REPORT", "GET"}


@pytest.fixture
def book(user: User) -> AddressBook:
    return address_book(user)


@pytest.fixture
def books(book: AddressBook, proxy: Proxy) -> Iterator[AddressBookServer]:
    """Return the edge for a user with an address book, through the proxy."""
    server = books_of(book.user, proxy.url, timeout_seconds=5)
    yield server
    server.close()


@pytest.fixture
def anna(radicale: Radicale) -> AddressBook:
    """An address book where the kind of server does not matter."""
    return address_book(radicale.new_user())


def texts(server: AddressBookServer, url: str) -> list[str]:
    batches = server.fetch(url, list(server.listing(url)))
    return [one.text for batch in batches for one in batch]


@pytest.mark.parametrize("path", ["", "{name}/", "{home}", ".well-known/carddav", "nowhere/at/all"])
def test_every_url_a_user_may_know_leads_to_the_same_home(book: AddressBook, path: str) -> None:
    user = book.user
    known = path.format(name=user.name, home=home_of(user).removeprefix(user.url))
    server = books_of(user, user.url + known)
    home = server.discover()
    assert (home.url, home.only) == (home_of(user), None)
    assert book.url in [found.url for found in server.books(home)]


def test_the_url_of_an_address_book_means_that_one_alone(book: AddressBook) -> None:
    address_book(book.user, "family")
    server = books_of(book.user, book.url)
    (found,) = server.books(server.discover())
    assert (found.url, found.name) == (book.url, "People")


def test_calendars_are_no_address_books(book: AddressBook) -> None:
    server = books_of(book.user)
    urls = [found.url for found in server.books(server.discover())]
    assert book.url in urls
    assert book.user.calendar not in urls


def test_the_version_changes_with_a_card_and_with_nothing_else(
    book: AddressBook, books: AddressBookServer, proxy: Proxy
) -> None:
    def version() -> str | None:
        known = {found.url: found.version for found in books.books(home)}
        return known[proxy.through(book.url)]

    home = books.discover()
    first = version()
    assert first is not None
    assert version() == first
    book.person("bob")
    second = version()
    book.delete("bob")
    assert len({first, second, version()}) >= 2
    assert second != first


def test_cards_are_listed_and_read(book: AddressBook, books: AddressBookServer) -> None:
    book.person("bob")
    book.person("ada", "NOTE:likes tea")
    listing = books.listing(book.url.replace(book.user.url, books.url))
    assert {url.rpartition("/")[2] for url in listing} == {"ada.vcf", "bob.vcf"}
    assert len(set(listing.values())) == 2
    read = texts(books, books.url + book.path.lstrip("/"))
    assert sorted("likes tea" in text for text in read) == [False, True]
    assert all("\r\nEMAIL:" in text for text in read)


def test_many_cards_come_in_batches(anna: AddressBook) -> None:
    cards = [card(f"FN:Person {number}", uid=f"u-{number}") for number in range(450)]
    bulk = f"{home_of(anna.user)}bulk/"
    anna.user.dav.put_cards(bulk, *cards).expect(201)
    server = books_of(anna.user)
    listing = server.listing(bulk)
    before = server.requests
    sizes = [len(batch) for batch in server.fetch(bulk, list(listing))]
    assert (sizes, server.requests - before) == ([200, 200, 50], 3)


def test_a_card_that_is_gone_is_left_out(book: AddressBook, books: AddressBookServer) -> None:
    book.person("bob")
    book.person("ada")
    url = books.url + book.path.lstrip("/")
    listing = books.listing(url)
    book.delete("bob")
    (batch,) = books.fetch(url, list(listing))
    assert [one.href.rpartition("/")[2] for one in batch] == ["ada.vcf"]


def test_a_card_that_no_xml_can_hold_costs_the_others_nothing(book: AddressBook) -> None:
    for number in range(5):
        book.person(f"p{number}")
    book.person("spoiler", "NOTE:rings a \a and \uffff")
    (spoiler,) = (one for one in texts(books_of(book.user), book.url) if "rings a" in one)
    assert "\uffff" in spoiler
    assert len(texts(books_of(book.user), book.url)) == 6


def test_the_cards_of_any_server_come_in_batches(book: AddressBook) -> None:
    for number in range(201):
        book.person(f"p{number}")
    server = books_of(book.user)
    listing = server.listing(book.url)
    before = server.requests
    assert [len(batch) for batch in server.fetch(book.url, list(listing))] == [200, 1]
    assert server.requests - before == 2


def test_what_an_answer_passes_over_is_asked_for_by_name(anna: AddressBook) -> None:
    anna.person("bob")
    with Proxy(anna.user.url) as proxy:
        server = books_of(anna.user, proxy.url)
        url = proxy.through(anna.url)
        empty = Reply(207, {"Content-Type": "text/xml"}, b'<multistatus xmlns="DAV:"/>')
        proxy.inject(Fault(forward=False, reply=empty), "REPORT")
        ((bob,),) = server.fetch(url, list(server.listing(url)))
        assert "FN:Bob Example" in bob.text
        assert proxy.requests[-1].method == "GET"


def test_only_reading_requests_are_ever_made(
    book: AddressBook, books: AddressBookServer, proxy: Proxy
) -> None:
    book.person("bob")
    for found in books.books(books.discover()):
        texts(books, found.url)
    assert {seen.method for seen in proxy.requests} <= READING
    assert {seen.headers.get("depth", "0") for seen in proxy.requests} <= {"0", "1"}


@pytest.mark.parametrize(
    "fault",
    [
        Fault(forward=False, reply=Reply(500)),
        Fault(forward=False, reply=Reply(503)),
        Fault(forward=False, reply=Reply(404)),
        Fault(forward=False, drop=True),
        Fault(cut=200),
        Fault(forward=False, reply=page()),
        Fault(forward=False, reply=Reply(207, {}, b'<multistatus xmlns="DAV:"/>')),
        Fault(change=failing("{DAV:}getetag", "HTTP/1.1 500 Oops")),
        Fault(change=with_body(lambda text: text.replace("addressbook", "lost"))),
        Fault(change=lambda reply: replace(reply, body=b'<!DOCTYPE x [<!ENTITY a "b">]><a/>')),
    ],
)
def test_a_listing_that_is_not_whole_is_none(anna: AddressBook, fault: Fault) -> None:
    anna.person("bob")
    with Proxy(anna.user.url) as proxy:
        server = books_of(anna.user, proxy.url)
        proxy.inject(fault, "PROPFIND")
        with pytest.raises(ServerError):
            server.listing(proxy.through(anna.url))


def test_an_empty_address_book_is_one(anna: AddressBook) -> None:
    assert books_of(anna.user).listing(anna.url) == {}


def test_an_address_book_that_vanished_is_not_empty(anna: AddressBook) -> None:
    anna.user.dav.delete(anna.url).expect(200, 204)
    with pytest.raises(RefusedError):
        books_of(anna.user).listing(anna.url)


@pytest.mark.parametrize("status", [301, 302, 307])
def test_a_redirect_to_another_host_is_refused_and_named(anna: AddressBook, status: int) -> None:
    with Proxy(anna.user.url) as proxy, Listener() as elsewhere:
        away = Reply(status, {"Location": f"{elsewhere.url}dav/"})
        proxy.inject(Fault(forward=False, reply=away), times=9)
        with pytest.raises(ServerError, match=r"another host.*the url in \[people\]"):
            books_of(anna.user, proxy.url).discover()
        assert elsewhere.heard == []


def test_a_home_on_another_host_is_never_visited(anna: AddressBook) -> None:
    with Proxy(anna.user.url) as proxy, Listener() as elsewhere:
        moved = with_body(
            lambda text: text.replace(
                f"addressbook-home-set><href>/{anna.user.name}/",
                f"addressbook-home-set><href>{elsewhere.url}",
            )
        )
        proxy.inject(Fault(change=moved), "PROPFIND", times=9)
        with pytest.raises(ServerError, match="another host"):
            books_of(anna.user, proxy.url).discover()
        assert elsewhere.heard == []


def test_a_wrong_password_is_said_at_once(user: User) -> None:
    server = books_of(replace(user, name=f"{user.name}-other"))
    with pytest.raises(CredentialsError, match="does not accept the credentials"):
        server.discover()
    assert server.requests == 1


def test_a_server_without_address_books_is_told_apart(anna: AddressBook) -> None:
    lost = with_body(lambda text: text.replace("addressbook", "lost"))
    with Proxy(anna.user.url) as proxy:
        proxy.inject(Fault(change=lost), "PROPFIND", times=9)
        with pytest.raises(ServerError, match=r"No address books were found .*\[people\]"):
            books_of(anna.user, proxy.url).discover()
