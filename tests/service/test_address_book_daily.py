"""The daemon reads the address book once a day, and whatever goes wrong stops no tick."""

import pytest
from address_book import AddressBook, address_book
from calendar_client import edit, set_status
from installation import Install, Installation
from proxy import Fault, Proxy, Reply
from servers import Radicale

from connectd.domain.model import State
from connectd.service.status import status
from connectd.service.tick import Report, plan

PEOPLE = '[people]\ngroup = "connect"\n'


@pytest.fixture
def book(radicale: Radicale) -> AddressBook:
    book = address_book(radicale.new_user())
    book.person("bob")
    return book


@pytest.fixture
def proxy(book: AddressBook) -> Proxy:
    return Proxy(book.user.url)


@pytest.fixture
def alice(book: AddressBook, proxy: Proxy, install: Install) -> Installation:
    """Return connectd whose address book is read through the proxy, its calendars are not."""
    return install(book.user, more=f'{PEOPLE}url = "{proxy.url}"\n')


def reads(proxy: Proxy) -> int:
    """Return how often the versions of the address books were asked for since the last time."""
    home = [seen for seen in proxy.requests if seen.headers.get("depth") == "1"]
    proxy.clear()
    return len(home)


def said(report: Report) -> list[tuple[str, str]]:
    return [(deed.contact, deed.detail) for deed in report.applied if deed.action == "people"]


def problem(alice: Installation) -> str | None:
    return status(alice.now, alice.config, alice.store).people_error


def test_a_tick_adds_them_and_drafts_in_the_same_pass(alice: Installation) -> None:
    report = alice.tick()
    assert said(report) == [("bob-example", "added from the address book")]
    assert [deed.action for deed in report.applied] == ["people", "draft"]


def test_it_is_read_once_a_day_also_after_a_restart(alice: Installation, proxy: Proxy) -> None:
    alice.tick()
    assert reads(proxy) >= 1
    for hours in (1, 22):
        alice.tick(hours=hours)
        alice.restart()
    assert reads(proxy) == 0
    alice.tick(hours=1)
    alice.tick(minutes=5)
    assert reads(proxy) == 1


def test_a_clock_that_was_set_back_does_not_stop_it(alice: Installation, proxy: Proxy) -> None:
    alice.tick(days=365)
    reads(proxy)
    alice.tick(days=-365)
    assert reads(proxy) == 1


def test_another_group_is_looked_for_at_once(alice: Installation, book: AddressBook) -> None:
    book.person("ada", categories="friends/results")
    alice.tick()
    alice.configure('group = "connect"', 'group = "friends"')
    assert sorted(contact for contact, _ in said(alice.tick(minutes=5))) == [
        "ada-example",
        "bob-example",
    ]


@pytest.mark.parametrize(
    "fault",
    [
        Fault(forward=False, reply=Reply(500)),
        Fault(forward=False, reply=Reply(401)),
        Fault(forward=False, drop=True),
        Fault(forward=False, reply=Reply(302, {"Location": "http://127.0.0.2:1/"})),
    ],
)
def test_a_failure_stops_no_tick_and_is_shown_until_it_is_over(
    alice: Installation, proxy: Proxy, fault: Fault
) -> None:
    alice.tick()
    proxy.inject(fault, times=99)
    report = alice.tick(days=1)
    (failure,) = report.failures
    assert (failure.action, report.complete) == ("people", True)
    assert failure.reason.startswith("the address book was not read: ")
    assert problem(alice) == failure.reason.removeprefix("the address book was not read: ")
    assert alice.tick(minutes=5).failures == ()
    assert problem(alice)
    proxy.clear()
    alice.tick(days=1)
    assert problem(alice) is None


def test_a_server_that_failed_is_asked_again_within_the_hour(
    alice: Installation, proxy: Proxy
) -> None:
    proxy.inject(Fault(forward=False, reply=Reply(500)), times=9)
    alice.tick()
    proxy.clear()
    alice.tick(minutes=59)
    assert reads(proxy) == 0
    assert said(alice.tick(minutes=1)) == [("bob-example", "added from the address book")]


def test_a_card_with_a_problem_is_told_each_day(alice: Installation, book: AddressBook) -> None:
    book.put("ada", "FN:A\N{RIGHT-TO-LEFT OVERRIDE}da", "CATEGORIES:connect/business")
    for _ in range(2):
        (failure,) = alice.tick(days=1).failures
        assert failure.reason == "Ada: there is no e-mail address"
        assert problem(alice) == failure.reason


def test_a_plan_does_not_read_the_address_book(alice: Installation, proxy: Proxy) -> None:
    made = plan(alice.now, alice.means)
    assert (made.proposals, proxy.requests, alice.store.contacts()) == ((), [], ())


def test_the_draft_with_somebody_who_left_the_group_is_taken_back(
    alice: Installation, book: AddressBook
) -> None:
    alice.tick()
    assert (alice.state("bob-example"), len(alice.drafted())) == (State.DRAFTED, 1)
    book.person("bob", categories="")
    report = alice.tick(days=1)
    assert said(report) == [("bob-example", "archived: no longer in the group of the address book")]
    assert (alice.state("bob-example"), alice.drafted()) == (State.WITHDRAWN, {})


def test_a_yes_that_was_not_sent_is_not_sent_to_somebody_who_left(
    alice: Installation, book: AddressBook
) -> None:
    alice.tick()
    edit(book.user, alice.path("bob-example"), set_status("CONFIRMED"))
    book.person("bob", categories="")
    alice.tick(days=1)
    alice.tick(minutes=5)
    assert alice.state("bob-example") is not State.INVITED


def test_without_the_table_nothing_is_said(alice: Installation, proxy: Proxy) -> None:
    proxy.inject(Fault(forward=False, reply=Reply(500)), times=9)
    alice.tick()
    assert problem(alice)
    alice.configure(f'{PEOPLE}url = "{proxy.url}"\n', "")
    proxy.clear()
    alice.tick(days=2)
    assert (problem(alice), proxy.requests) == (None, [])
