"""What cannot be read for certain archives nobody, and one bad card costs that card alone."""

from datetime import timedelta

import pytest
from address_book import AddressBook, address_book, card
from installation import Install, Installation
from proxy import Fault, Listener, Proxy, Reply, failing, page, with_body
from servers import Radicale

from connectd.errors import ConnectdError, ServerError
from connectd.service.address_book import Refreshed, refresh_people

CARDDAV = "{urn:ietf:params:xml:ns:carddav}"
PEOPLE = '[people]\ngroup = "connect"\n'
NAMES = ("ada", "bob", "cid", "dan")
IDS = [f"{name}-example" for name in NAMES]


@pytest.fixture
def book(radicale: Radicale) -> AddressBook:
    return address_book(radicale.new_user())


@pytest.fixture
def proxy(book: AddressBook) -> Proxy:
    return Proxy(book.user.url)


@pytest.fixture
def alice(book: AddressBook, proxy: Proxy, install: Install) -> Installation:
    """Return connectd that has read four people, one of whom has left the group since."""
    for name in NAMES:
        book.person(name)
    alice = install(book.user, url=proxy.url, more=PEOPLE)
    refresh_people(alice.means, alice.now)
    book.person("dan", categories="")
    proxy.clear()
    return alice


def refresh(alice: Installation) -> Refreshed:
    return refresh_people(alice.means, alice.now)


def listed(alice: Installation) -> list[str]:
    return [contact.id for contact in alice.store.contacts()]


def nothing(tag: str) -> Fault:
    """Leave the resources of a kind out of an answer, which is whole otherwise."""
    return Fault(change=with_body(lambda text: text.replace(tag, "lost")))


EMPTY = Reply(207, {"Content-Type": "text/xml"}, b'<multistatus xmlns="DAV:"/>')


NO_ANSWERS = (
    Fault(forward=False, reply=Reply(500)),
    Fault(forward=False, reply=Reply(503)),
    Fault(forward=False, reply=Reply(403)),
    Fault(forward=False, reply=Reply(404)),
    Fault(forward=False, reply=page()),
    Fault(forward=False, drop=True),
    Fault(cut=300),
)


@pytest.mark.parametrize(
    "fault",
    [
        *NO_ANSWERS,
        Fault(forward=False, reply=EMPTY),
        Fault(change=failing("{DAV:}getetag", "HTTP/1.1 500 Oops")),
        nothing("CR:addressbook"),
    ],
)
def test_trouble_while_a_book_is_listed_changes_nothing(
    alice: Installation, book: AddressBook, proxy: Proxy, fault: Fault
) -> None:
    proxy.inject(fault, "PROPFIND", book.path, times=9)
    with pytest.raises(ServerError):
        refresh(alice)
    assert listed(alice) == IDS
    proxy.clear()
    assert [contact.id for contact in refresh(alice).archived] == ["dan-example"]


@pytest.mark.parametrize(
    "fault", [*NO_ANSWERS, Fault(change=failing(f"{CARDDAV}address-data", "HTTP/1.1 500 Oops"))]
)
def test_trouble_while_cards_are_fetched_changes_nothing(
    alice: Installation, proxy: Proxy, fault: Fault
) -> None:
    proxy.inject(fault, "REPORT", times=9)
    with pytest.raises(ServerError):
        refresh(alice)
    assert listed(alice) == IDS
    proxy.clear()
    assert [contact.id for contact in refresh(alice).archived] == ["dan-example"]


@pytest.mark.parametrize(
    "fault",
    [
        Fault(forward=False, reply=Reply(500)),
        Fault(forward=False, reply=EMPTY),
        Fault(forward=False, drop=True),
        nothing("CR:addressbook"),
    ],
)
def test_a_home_that_shows_no_books_is_unknown(
    alice: Installation, proxy: Proxy, fault: Fault
) -> None:
    proxy.inject(fault, "PROPFIND", times=9)
    with pytest.raises(ServerError):
        refresh(alice)
    assert listed(alice) == IDS


def test_a_silent_answer_to_a_question_for_cards_is_asked_again(
    alice: Installation, proxy: Proxy
) -> None:
    proxy.inject(Fault(forward=False, reply=EMPTY), "REPORT")
    assert [contact.id for contact in refresh(alice).archived] == ["dan-example"]


def test_a_card_that_is_listed_and_not_given_says_nothing_yet(
    alice: Installation, proxy: Proxy
) -> None:
    proxy.inject(Fault(forward=False, reply=EMPTY), "REPORT")
    proxy.inject(Fault(forward=False, reply=Reply(404)), "GET")
    assert refresh(alice) == Refreshed()
    assert listed(alice) == IDS
    assert [contact.id for contact in refresh(alice).archived] == ["dan-example"]


def test_a_book_that_vanished_is_no_empty_one_and_is_told_each_time(
    alice: Installation, book: AddressBook
) -> None:
    other = address_book(book.user, "family")
    other.person("eve")
    refresh(alice)
    book.user.dav.delete(book.url).expect(200, 204)
    for _ in range(2):
        found = refresh(alice)
        ((where, reason),) = found.problems
        assert (found.archived, where.endswith(book.path)) == ((), True)
        assert "they stay on the list: Ada Example (ada-example), Bob" in reason
    assert listed(alice) == [*IDS[:3], "eve-example"]
    for contact_id in IDS[:3]:
        alice.store.remove_contact(contact_id)
    assert refresh(alice) == Refreshed()
    assert len(alice.store.address_books()) == 1


def test_a_book_that_vanished_and_comes_back_is_read_as_before(
    alice: Installation, book: AddressBook
) -> None:
    address_book(book.user, "family")
    book.user.dav.delete(book.url).expect(200, 204)
    refresh(alice)
    address_book(book.user)
    book.person("ada", "NOTE:here again")
    found = refresh(alice)
    assert [contact.id for contact in found.changed] == ["ada-example"]
    assert sorted(contact.id for contact in found.archived) == IDS[1:]


def test_a_group_whose_address_book_vanished_counts_for_a_day(
    alice: Installation, book: AddressBook
) -> None:
    other = address_book(book.user, "groups")
    group = ("FN:connect/business", "X-ADDRESSBOOKSERVER-KIND:group")
    other.put("group", *group, "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:uid-eve")
    book.person("eve", categories="")
    assert [contact.id for contact in refresh(alice).added] == ["eve-example"]
    for _ in range(2):
        other.user.dav.delete(other.url).expect(200, 204)
        alice.now += timedelta(days=1)
        ((where, reason),) = refresh(alice).problems
        assert where.endswith(other.path)
        assert reason.endswith("they stay on the list: the members of its groups, for a day or two")
        assert "eve-example" in listed(alice)
        address_book(book.user, "groups")
        other.put("group", *group, "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:uid-eve")
        assert refresh(alice) == Refreshed()
    other.user.dav.delete(other.url).expect(200, 204)
    alice.now += timedelta(days=1)
    refresh(alice)
    alice.now += timedelta(days=1)
    assert [contact.id for contact in refresh(alice).archived] == ["eve-example"]
    assert len(alice.store.address_books()) == 1
    assert refresh(alice) == Refreshed()


def test_an_address_book_that_was_emptied_is_believed(
    alice: Installation, book: AddressBook
) -> None:
    for name in NAMES:
        book.delete(name)
    assert sorted(contact.id for contact in refresh(alice).archived) == IDS
    assert listed(alice) == []


def test_a_whole_book_without_its_own_line_is_not_believed(
    alice: Installation, book: AddressBook, proxy: Proxy
) -> None:
    for name in NAMES:
        book.delete(name)
    own = f"<href>{book.path}</href>"
    elsewhere = with_body(lambda text: text.replace(own, "<href>/elsewhere/</href>"))
    proxy.inject(Fault(change=elsewhere), "PROPFIND", part=book.path)
    with pytest.raises(ServerError, match="did not answer as an address book does"):
        refresh(alice)
    assert listed(alice) == IDS


@pytest.fixture
def late(alice: Installation, book: AddressBook) -> AddressBook:
    """Return an address book with one person in it, which is read after the other one."""
    late = address_book(book.user, "zebra")
    late.person("eve")
    refresh(alice)
    book.person("new", categories="")
    late.person("other", categories="")
    return late


def moving(book: AddressBook, late: AddressBook) -> Fault:
    """Move somebody's card while the one book has been listed and the other has not."""

    def moved(reply: Reply) -> Reply:
        book.person("eve")
        late.delete("eve")
        return reply

    return Fault(change=moved)


def test_a_card_that_is_moved_during_the_reading_archives_nobody(
    alice: Installation, book: AddressBook, late: AddressBook, proxy: Proxy
) -> None:
    proxy.inject(moving(book, late), "PROPFIND", book.path)
    assert refresh(alice) == Refreshed()
    assert "eve-example" in listed(alice)
    book.delete("eve")
    assert [contact.id for contact in refresh(alice).archived] == ["eve-example"]


def test_address_books_that_never_stand_still_are_not_believed(
    alice: Installation, book: AddressBook, late: AddressBook, proxy: Proxy
) -> None:
    late.delete("eve")

    def changed(reply: Reply) -> Reply:
        book.person("new", f"NOTE:{len(proxy.requests)}", categories="")
        return reply

    proxy.inject(Fault(change=changed), "PROPFIND", late.path, times=9)
    with pytest.raises(ServerError, match="keeps changing"):
        refresh(alice)
    assert "eve-example" in listed(alice)


BOMBS = {
    "version": card("FN:Ada Example", "EMAIL:ada@example.test", uid="u", version="2.1"),
    "parameters": card("FN:Ada", "EMAIL;" + "a=" * 9000, uid="u"),
    "half": "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ada\r\n",
    "lines": card("FN:Ada", *["EMAIL:ada@example.test"] * 150_000, uid="u"),
    "size": card("FN:Ada", "NOTE:" + "x" * (9 * 1024 * 1024), uid="u"),
    "control": card("FN:Ada\u009b", "EMAIL:a@example.test", "CATEGORIES:connect/x", uid="u"),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_one_bad_card_costs_that_card_alone_and_keeps_whom_it_made(
    alice: Installation, book: AddressBook, proxy: Proxy, bomb: str
) -> None:
    book.person("ada", "NOTE:SOMETHING-NEW")
    book.person("bob", "NOTE:likes tea")
    text = "".join(f"{line}&#13;\n" for line in BOMBS[bomb].split("\r\n"))

    def swap(answer: str) -> str:
        at = answer.index("SOMETHING-NEW")
        begins = answer.rindex("BEGIN:VCARD", 0, at)
        return answer[:begins] + text + answer[answer.index("</", at) :]

    proxy.inject(Fault(change=with_body(swap)), "REPORT")
    found = refresh(alice)
    assert len(found.problems) == 1
    assert [contact.id for contact in found.changed] == ["bob-example"]
    assert [contact.id for contact in found.archived] == ["dan-example"]
    assert listed(alice) == IDS[:3]
    again = refresh(alice)
    assert (again.problems, [contact.id for contact in again.changed]) == ((), ["ada-example"])


def test_a_redirect_to_another_host_is_refused(alice: Installation, proxy: Proxy) -> None:
    with Listener() as elsewhere:
        away = Reply(302, {"Location": f"{elsewhere.url}dav/"})
        proxy.inject(Fault(forward=False, reply=away), times=9)
        with pytest.raises(ConnectdError, match="another host"):
            refresh(alice)
        assert elsewhere.heard == []
    assert listed(alice) == IDS
