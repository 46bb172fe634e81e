"""One bad event costs its own time and is named; all else goes on."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from accounts import event
from calendar_client import edit, retitle, set_status
from installation import FIRST_SLOT, Install, Installation
from proxy import Fault, Proxy, Reply, with_body
from servers import Radicale, User

from connectd.domain.model import Span, State
from connectd.edges.confined import Confined
from connectd.service.status import status

UNKNOWN_ZONE = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Tests//EN
BEGIN:VEVENT
UID:bad
DTSTAMP:20261101T000000Z
DTSTART;TZID=Mars/Phobos:20261104T090000
DTEND;TZID=Mars/Phobos:20261104T100000
SUMMARY:Landing
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")
SPAN = Span(FIRST_SLOT, FIRST_SLOT + timedelta(hours=1))


FINE = event("bad", SPAN, "Landing", "X-TOLD:As told")


def grown(reply: Reply) -> Reply:
    """Make more of the event than connectd reads of one."""
    return with_body(lambda text: text.replace("As told", "As told" + "x" * 9_000_000))(reply)


BAD = {
    "unknown zone": (UNKNOWN_ZONE, Fault()),
    "too large": (FINE, Fault(change=grown)),
}


@pytest.fixture
def user(radicale: Radicale) -> User:
    return radicale.new_user()


@pytest.mark.parametrize("what", BAD)
def test_a_bad_event_costs_its_own_time_and_is_named(
    user: User, proxy: Proxy, install: Install, what: str
) -> None:
    text, fault = BAD[what]
    user.dav.put(f"{user.calendar}bad.ics", text, new=True).expect(201)
    proxy.inject(fault, "REPORT", part=urlsplit(user.calendar).path, times=10)
    alice = install(user, url=proxy.url)
    alice.add()
    report = alice.tick()
    assert report.complete
    assert [bad.title for bad in report.unreadable] == ["Landing"]
    (bad,) = report.unreadable
    assert (bad.uid, bad.reason != "", bad.blocks != "") == ("bad", True, True)
    assert "Landing" in str(status(alice.now, alice.config, alice.store).unreadable)
    assert alice.state() is State.DRAFTED
    meeting = alice.meeting()
    assert not meeting.span.overlaps(SPAN)
    assert meeting.span.start - FIRST_SLOT < timedelta(days=3)

    assert alice.tick(minutes=5).unreadable == report.unreadable
    user.dav.delete(f"{user.calendar}bad.ics").expect(200)
    assert alice.tick(minutes=5).unreadable == ()


def test_a_draft_on_a_time_that_becomes_unknown_is_withdrawn(user: User, install: Install) -> None:
    alice: Installation = install(user)
    alice.add()
    alice.tick()
    user.dav.put(f"{user.calendar}bad.ics", UNKNOWN_ZONE, new=True).expect(201)
    alice.tick(minutes=5)
    first, second = alice.meetings()
    assert (first.state, second.state) == (State.WITHDRAWN, State.DRAFTED)


def test_an_event_that_takes_too_long_costs_its_own_time(user: User, install: Install) -> None:
    for day in range(2):
        span = Span(SPAN.start + timedelta(days=day), SPAN.end + timedelta(days=day))
        text = event(f"slow-{day}", span, f"Slow {day}")
        user.dav.put(f"{user.calendar}{day}.ics", text, new=True).expect(201)
    alice: Installation = install(user, meeting={"per_day": 9, "open_drafts": 9}, goal=9)
    with Confined("connectd.formats.confined_readers:read", wall_seconds=0.0) as too_slow:
        alice.means = replace(alice.means, reader=too_slow)
        alice.add()
        report = alice.tick()
    assert sorted(bad.title for bad in report.unreadable) == ["Slow 0", "Slow 1"]
    assert report.complete
    assert alice.meeting().span.start - SPAN.end < timedelta(hours=1)


@pytest.mark.parametrize("part", ["BEGIN:VEVENT", "DTSTART"])
def test_a_draft_that_became_unreadable_is_no_answer(
    user: User, proxy: Proxy, install: Install, part: str
) -> None:
    alice: Installation = install(user, url=proxy.url)
    alice.add()
    alice.tick()
    before = alice.meeting()
    edit(user, alice.path(), set_status("CONFIRMED"))
    garbled = with_body(lambda text: text.replace(f"\n{part}", "\nX-NONSENSE"))
    proxy.inject(Fault(change=garbled), "REPORT", part="/connections/", times=10)
    alice.tick(minutes=30)
    assert alice.meetings() == [before]
    assert len(alice.drafted()) == 1

    proxy.clear()
    edit(user, alice.path(), retitle(lambda title: f"{title}!"))
    alice.tick(minutes=5)
    assert alice.state() is State.ACCEPTED
