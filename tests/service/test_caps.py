"""No nagging: what may stand open, and lie on a day or in a week, holds over many ticks."""

from collections import Counter
from datetime import timedelta

from calendar_client import edit, set_status
from installation import Install, Installation
from servers import Radicale

from connectd.domain.model import OPEN, Meeting, State

CATEGORIES = ("results", "organization", "business")
PEOPLE = 9


def full_list(alice: Installation) -> None:
    for number in range(PEOPLE):
        alice.add(f"Person {number}", f"p{number}@example.test", CATEGORIES[number % 3])


def standing(alice: Installation) -> list[Meeting]:
    return [meeting for meeting in alice.store.meetings() if meeting.state in OPEN]


def assert_within(alice: Installation, *, open_drafts: int, per_day: int, per_week: int) -> None:
    meetings = standing(alice)
    drafts = [meeting for meeting in meetings if meeting.state is State.DRAFTED]
    assert len(drafts) <= open_drafts
    assert len({meeting.contact for meeting in meetings}) == len(meetings)
    days = Counter(meeting.span.start.date() for meeting in meetings)
    weeks = Counter(meeting.span.start.isocalendar()[:2] for meeting in meetings)
    assert max(days.values()) <= per_day
    assert max(weeks.values()) <= per_week


def say_yes_to_all(alice: Installation) -> None:
    for meeting in standing(alice):
        if meeting.state is State.DRAFTED:
            edit(alice.user, alice.path(meeting.contact), set_status("CONFIRMED"))


def test_they_hold_while_the_user_says_yes_to_everything(
    radicale: Radicale, install: Install
) -> None:
    rules = {"open_drafts": 2, "per_day": 1, "per_week": 2}
    alice = install(radicale.new_user(), goal=20, meeting=rules)
    full_list(alice)
    for _ in range(5):
        alice.tick(minutes=5)
        assert_within(alice, **rules)
        say_yes_to_all(alice)
    alice.tick(minutes=5)
    alice.tick(minutes=5)
    assert_within(alice, **rules)
    meetings = standing(alice)
    # the horizon ends on Monday the 30th before the working day begins: four weeks, all full
    assert len(meetings) == len(alice.drafted())
    weeks = Counter(meeting.span.start.isocalendar().week for meeting in meetings)
    assert weeks == {45: 2, 46: 2, 47: 2, 48: 2}


def test_nobody_is_drafted_beyond_the_open_ones(radicale: Radicale, install: Install) -> None:
    alice = install(radicale.new_user(), goal=20)
    full_list(alice)
    alice.tick()
    first = standing(alice)
    assert len(first) == 3
    assert {alice.store.contact(m.contact).category for m in first} == set(CATEGORIES)  # type: ignore[union-attr] # they are on the list
    for _ in range(3):
        assert alice.tick(minutes=5).applied == ()
    assert standing(alice) == first


def test_a_day_and_a_week_hold_more_where_they_may(radicale: Radicale, install: Install) -> None:
    rules = {"open_drafts": 6, "per_day": 2, "per_week": 5}
    alice = install(radicale.new_user(), goal=20, meeting=rules)
    full_list(alice)
    alice.tick()
    assert_within(alice, **rules)
    starts = sorted(meeting.span.start for meeting in standing(alice))
    assert len(starts) == 6
    assert starts[1] - starts[0] < timedelta(hours=4)


def test_no_more_are_drafted_than_the_goal_needs(radicale: Radicale, install: Install) -> None:
    alice = install(radicale.new_user(), goal=2, meeting={"open_drafts": 9})
    full_list(alice)
    alice.tick()
    in_november = [m for m in standing(alice) if m.span.start.month == 11]
    assert len(in_november) == 2
