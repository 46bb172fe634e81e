"""A plan is what the next tick does, and changes nothing."""

import os
from datetime import timedelta

from accounts import event
from installation import FIRST_SLOT, Install, Installation
from proxy import Fault, Proxy, Reply
from servers import User

from connectd.cli.building import build_means
from connectd.domain.model import Span
from connectd.service.tick import Plan, plan

READING = {"OPTIONS", "GET", "PROPFIND", "REPORT"}


def planned(alice: Installation) -> Plan:
    """Plan as the command does, on a copy of the database."""
    means = build_means(alice.config, alice.store.rehearsal(), os.environ)
    try:
        return plan(alice.now, means)
    finally:
        means.close()


def test_it_is_what_a_tick_does_and_writes_nothing(
    user: User, proxy: Proxy, install: Install
) -> None:
    span = Span(FIRST_SLOT, FIRST_SLOT + timedelta(hours=5))
    user.dav.put(f"{user.calendar}work.ics", event("work", span), new=True).expect(201)
    alice = install(user, url=proxy.url, goal=3)
    alice.add()
    alice.add("Carol Cole", "carol@example.test", "results")
    generation = alice.store.generation()
    before = user.dav.hrefs(user.home)

    made = planned(alice)
    others = [seen for seen in proxy.requests if seen.method not in READING]
    # a question when others are busy, which the server keeps nowhere
    assert all(seen.method == "POST" and seen.path.endswith("/outbox/") for seen in others)
    assert (alice.store.generation(), user.dav.hrefs(user.home)) == (generation, before)

    alice.tick()
    drafted = {meeting.uid: meeting.span for meeting in alice.store.meetings()}
    assert {meeting.uid: meeting.span for meeting in made.proposals} == drafted
    assert len(drafted) == 2
    assert [(month.goal, month.needed) for month in made.months] == [(3, 3)]
    assert planned(alice).proposals == ()


def test_it_names_what_could_not_be_read(user: User, proxy: Proxy, install: Install) -> None:
    alice = install(user, url=proxy.url)
    alice.add()
    proxy.inject(Fault(forward=False, reply=Reply(500)), "REPORT", times=10)
    made = planned(alice)
    assert made.proposals == ()
    assert [unread.calendar.casefold() for unread in made.snapshot.unread] == ["main: calendar"]
    assert "not every calendar could be read" in made.decision.passed_over[0].reason
