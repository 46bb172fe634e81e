"""One introduction a week is offered at most, and not between people who know each other."""

from dataclasses import replace
from datetime import timedelta

import pytest
from accounts import event
from installation import NOW, Install, Installation
from servers import Radicale

from connectd.domain.introductions import Introduction, Opting
from connectd.domain.model import Fact, Span
from connectd.domain.view import Unread
from connectd.service import opting
from connectd.service.offering import note_acquaintances
from connectd.service.suggesting import overview
from connectd.service.tick import Report, plan

WEEK = timedelta(days=7)
YESTERDAY = Span(NOW - timedelta(hours=22), NOW - timedelta(hours=21))


@pytest.fixture
def alice(radicale: Radicale, install: Install) -> Installation:
    """Return connectd, with ada who can help bob and, less well, cy."""
    alice = install(radicale.new_user())
    for name in ("Ada", "Bob", "Cy"):
        alice.add(name, f"{name.lower()}@example.test")
    say(alice, "ada", "offer", "designs websites and logos")
    say(alice, "bob", "need", "a designer for the logos on a website")
    say(alice, "cy", "need", "somebody who knows about websites")
    return alice


def say(alice: Installation, contact: str, kind: str, text: str) -> None:
    alice.store.add_fact(Fact(contact, kind, text, alice.now.date()), alice.now)


def offered(report: Report) -> list[str]:
    assert not report.failures
    return [deed.contact for deed in report.applied if deed.action == "introduce"]


def on_record(alice: Installation) -> list[tuple[str, str]]:
    return [introduction.people for introduction in alice.store.introductions()]


def drop_all(alice: Installation) -> None:
    for introduction in alice.store.introductions():
        opting.drop(alice.store, introduction, alice.now)


def test_the_best_one_is_offered_and_names_no_need(alice: Installation) -> None:
    report = alice.tick()
    assert offered(report) == ["ada"]
    (deed,) = (deed for deed in report.applied if deed.action == "introduce")
    assert deed.detail == "Ada may be able to help Bob; connectd introductions shows with what"
    (introduction,) = alice.store.introductions()
    assert (introduction.people, introduction.state) == (("ada", "bob"), Opting.SUGGESTED)
    found = overview(alice.store, alice.now, alice.config.me.timezone)
    assert [pair.helped for pair in found.suggestions] == ["cy"]
    (entry,) = found.entries
    assert entry.pair
    assert entry.pair.need.text == "a designer for the logos on a website"


def test_nothing_more_is_offered_while_one_waits(alice: Installation) -> None:
    alice.tick()
    for _ in range(3):
        assert offered(alice.tick(days=8)) == []
    assert on_record(alice) == [("ada", "bob")]


def test_one_that_nobody_can_take_up_any_more_keeps_nothing_back(alice: Installation) -> None:
    alice.tick()
    bob = alice.store.contact("bob")
    assert bob
    alice.store.update_contact(bob._replace(archived=True))
    assert offered(alice.tick(days=8)) == ["ada"]
    assert on_record(alice) == [("ada", "bob"), ("ada", "cy")]


def test_one_a_week_whatever_restarts(alice: Installation) -> None:
    alice.tick()
    drop_all(alice)
    for _ in range(6):
        alice.restart()
        assert offered(alice.tick(days=1)) == []
    alice.restart()
    assert offered(alice.tick(days=1)) == ["ada"]
    assert on_record(alice) == [("ada", "bob"), ("ada", "cy")]


def test_what_was_dropped_is_not_offered_again(alice: Installation) -> None:
    for _ in range(5):
        alice.tick(days=8)
        drop_all(alice)
    assert on_record(alice) == [("ada", "bob"), ("ada", "cy")]


@pytest.mark.parametrize("back", [timedelta(hours=3), timedelta(days=5)])
def test_a_clock_set_back_offers_no_second_one(alice: Installation, back: timedelta) -> None:
    alice.tick()
    drop_all(alice)
    alice.now -= back
    assert offered(alice.tick()) == []
    assert offered(alice.tick(days=1)) == []


def test_a_clock_that_was_years_ahead_does_not_silence_it(alice: Installation) -> None:
    alice.now += timedelta(days=2_000)
    alice.store.add_fact(Fact("bob", "need", "designer", alice.now.date()), alice.now)
    assert offered(alice.tick()) == ["ada"]
    drop_all(alice)
    alice.now -= timedelta(days=2_000)
    assert offered(alice.tick()) == ["ada"]


def test_it_is_looked_for_once_a_day(alice: Installation) -> None:
    alice.store.add_acquaintance("ada", "bob", "said")
    alice.store.add_acquaintance("ada", "cy", "said")
    assert offered(alice.tick()) == []
    say(alice, "bob", "offer", "bakes bread")
    say(alice, "cy", "need", "a bakery for bread")
    statements: list[str] = []
    alice.store.database.connection.set_trace_callback(statements.append)
    assert offered(alice.tick(hours=20)) == []
    assert not [sql for sql in statements if "acquaintances" in sql]
    alice.store.database.connection.set_trace_callback(None)
    assert offered(alice.tick(hours=4)) == ["bob"]


def test_nothing_is_offered_on_an_incomplete_view(alice: Installation) -> None:
    alice.configure('drafts = "Connections"', 'drafts = "Connections"\nbusy = ["*", "Nowhere"]')
    report = alice.tick()
    assert report.unread
    assert offered(report) == []
    assert on_record(alice) == []


def have_lunch(alice: Installation) -> None:
    """Put an event with ada and bob, and with cy who declined, into the calendar."""
    people = (
        f"ORGANIZER:mailto:{alice.user.email}",
        f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{alice.user.email}",
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ADA@example.test",
        "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:bob@example.test",
        "ATTENDEE;PARTSTAT=DECLINED:mailto:cy@example.test",
    )
    text = event("lunch", YESTERDAY, "Lunch", *people)
    alice.user.dav.put(f"{alice.user.calendar}lunch.ics", text, new=True).expect(201)


def test_the_look_of_the_day_is_not_spent_on_an_incomplete_view(alice: Installation) -> None:
    have_lunch(alice)
    whole = plan(alice.now, alice.means).snapshot
    note_acquaintances(replace(whole, unread=(Unread("Work", "no answer"),)), alice.means)
    assert alice.store.acquaintances() == frozenset()
    note_acquaintances(whole, alice.means)
    assert alice.store.acquaintances() == {("ada", "bob")}


def test_those_seen_together_know_each_other(alice: Installation) -> None:
    have_lunch(alice)
    report = alice.tick()
    assert alice.store.acquaintances() == {("ada", "bob")}
    assert offered(report) == ["ada"]
    assert on_record(alice) == [("ada", "cy")]
    statements: list[str] = []
    alice.store.database.connection.set_trace_callback(statements.append)
    alice.tick(minutes=5)
    alice.store.database.connection.set_trace_callback(None)
    assert not [sql for sql in statements if "acquaintances" in sql], "it is known by now"


def test_one_that_the_user_begins_meanwhile_is_left_alone(alice: Installation) -> None:
    ada, bob = (alice.store.contact(who) for who in ("ada", "bob"))
    assert ada
    assert bob
    opting.begin(alice.store, opting.Wanted("maps"), ada, bob, alice.config.me, alice.now)
    assert offered(alice.tick()) == []
    assert alice.store.introduction("bob", "ada") == Introduction(
        "ada",
        "bob",
        alice.now,
        "maps",
        texts=opting.questions(opting.Wanted("maps"), ada, bob, alice.config.me.name),
    )
