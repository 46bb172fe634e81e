from dataclasses import replace
from itertools import permutations

import pytest
from domain_builders import (
    NOW,
    at,
    day,
    event,
    lunch_with,
    meeting,
    people,
    person,
    policy,
    snapshot,
    span,
    unreadable,
)

from connectd.domain.circumstances import Outlook
from connectd.domain.introductions import Introduction
from connectd.domain.model import Encounter, Meeting, State
from connectd.domain.planner import found_in
from connectd.domain.view import Event, Snapshot, Unreadable

DRAFT = meeting("ann", State.DRAFTED, span("2026-11-10 10:00", 60), drafted_at=NOW)


def outlook(facts: Snapshot) -> Outlook:
    return Outlook(facts, found_in(facts), policy())


def obstacle(*seen: Event | Unreadable) -> str | None:
    facts = snapshot(
        people("ann"),
        meetings=(DRAFT,),
        events=tuple(s for s in seen if isinstance(s, Event)),
        unreadable=tuple(s for s in seen if isinstance(s, Unreadable)),
    )
    found = outlook(facts).obstacle(DRAFT)
    return found.words if found else None


def moot(facts: Snapshot, draft: Meeting = DRAFT) -> str | None:
    return outlook(replace(facts, meetings=(draft,))).moot(draft)


@pytest.mark.parametrize(
    ("seen", "named"),
    [
        (event(span("2026-11-10 10:59", 5), title="Dentist"), "“Dentist”"),
        (event(span("2026-11-10 09:00", 61), title="Dentist"), "“Dentist”"),
        (event(span("2026-11-10 10:30", 5), title=""), "an event without a title"),
        (event(span("2026-11-10 09:00", 60)), None),
        (event(span("2026-11-10 11:00", 60)), None),
        (event(span("2026-11-10 10:30", 5), busy=False), None),
        (event(span("2026-11-10 10:00", 60), DRAFT.uid), None),
        (
            unreadable(span("2026-11-10 10:30", 5), title="?"),
            "an event that cannot be read (“?”)",
        ),
        (
            unreadable(span("2026-11-09 10:30", 5), span("2026-11-10 10:30", 5), title=""),
            "an event that cannot be read (“odd”)",
        ),
        (
            unreadable(span("2026-11-10 10:30", 5), uid="", title=""),
            "an event that cannot be read (“”)",
        ),
        (unreadable(), None),
        (unreadable(span("2026-11-10 10:00", 60), uid=DRAFT.uid), None),
    ],
)
def test_what_stands_in_the_way(seen: Event | Unreadable, named: str | None) -> None:
    assert obstacle(seen) == named


def busy_at(minute: int) -> Event:
    return event(span(f"2026-11-10 10:{minute}", 5), f"e{minute}", title=f"at {minute}")


def test_all_that_stands_in_the_way_is_named_whatever_the_calendar_gave_first() -> None:
    events = [busy_at(minute) for minute in (10, 20, 30)]
    named = "“at 10”, “at 20” and “at 30”"
    assert {obstacle(*order) for order in permutations(events)} == {named}


def test_one_more_makes_another_obstacle_of_it() -> None:
    named = [obstacle(*map(busy_at, range(10, 10 + n))) for n in range(1, 8)]
    assert named[:3] == ["“at 10”", "“at 10” and “at 11”", "“at 10”, “at 11” and “at 12”"]
    five = "“at 10”, “at 11”, “at 12”, “at 13”"
    assert named[4:] == [f"{five} and “at 14”", *(f"{five}, “at 14” and {n} more" for n in (1, 2))]


def test_an_event_of_the_same_name_makes_another_obstacle_of_it() -> None:
    one, other = (
        outlook(snapshot(people("ann"), events=(event(DRAFT.span, uid, title="Yoga"),))).obstacle(
            DRAFT
        )
        for uid in ("e1", "e2")
    )
    assert one is not None
    assert other is not None
    assert one.words == other.words
    assert one != other


def test_unknown_time_comes_after_what_is_busy() -> None:
    odd = unreadable(span("2026-11-10 10:00", 5), title="?")
    assert obstacle(odd, busy_at(30)) == "“at 30” and an event that cannot be read (“?”)"


def test_an_event_that_is_read_in_two_ways_is_named_once() -> None:
    twice = [event(span(f"2026-11-10 10:{n}", 5), "one", title="Yoga") for n in (10, 20)]
    assert obstacle(*twice) == "“Yoga”"
    assert obstacle(busy_at(10), busy_at(10)) == "“at 10”"


@pytest.mark.parametrize(
    ("drafted", "met", "reason"),
    [
        ("2026-11-01 09:00", "2026-11-02", "you met on 2026-11-02"),
        ("2026-11-02 09:00", "2026-11-02", "you met on 2026-11-02"),
        ("2026-11-02 09:00", "2026-11-01", None),
    ],
)
def test_a_meeting_since_the_draft_makes_it_needless(
    drafted: str, met: str, reason: str | None
) -> None:
    draft = DRAFT._replace(drafted_at=at(drafted))
    assert moot(snapshot(people("ann"), encounters=(Encounter("ann", day(met)),)), draft) == reason


@pytest.mark.parametrize(("gap", "needless"), [(8, False), (9, True)])
def test_a_draft_for_after_the_ideal_gap_is_still_wanted(gap: int, needless: bool) -> None:  # noqa: FBT001  a column
    facts = snapshot(
        [person("ann", every_days=gap)], encounters=(Encounter("ann", day("2026-11-02")),)
    )
    assert bool(moot(facts)) == needless


@pytest.mark.parametrize(("met", "needless"), [("2026-11-02", False), ("2026-11-03", True)])
def test_a_draft_that_the_user_moved_gives_way_to_a_later_meeting_only(
    met: str,
    needless: bool,  # noqa: FBT001  a column
) -> None:
    facts = snapshot(people("ann"), encounters=(Encounter("ann", day(met)),))
    assert bool(moot(facts, DRAFT._replace(moved=True))) == needless


def test_a_draft_for_somebody_who_left_the_list_is_needless() -> None:
    gone = "they are no longer on your list"
    assert moot(snapshot(people("bob"))) == gone
    assert moot(snapshot([person("ann", archived=True)])) == gone


def test_a_snooze_makes_it_needless_until_its_day() -> None:
    assert moot(snapshot([person("ann", snoozed_until=day("2026-11-03"))])) is not None
    assert moot(snapshot([person("ann", snoozed_until=day("2026-11-02"))])) is None


def test_a_meeting_ahead_makes_it_needless_and_the_next_one_is_named() -> None:
    ahead = [lunch_with("ann", span(f"2026-11-{n} 12:00"), f"e{n}") for n in (20, 12, 27)]
    reason = "you already have a meeting in the calendar on 2026-11-12"
    assert moot(snapshot(people("ann"), events=tuple(ahead))) == reason


def test_nothing_is_needless_without_a_reason() -> None:
    over = lunch_with("ann", span("2026-10-30 12:00"))
    other = (Encounter("bob", day("2026-11-02")),)
    facts = snapshot(people("ann", "bob"), events=(over,), encounters=other)
    assert moot(facts) is None
    assert moot(facts, DRAFT._replace(drafted_at=None)) is None


WHOLE = Introduction("ann", "bob", NOW, asked=("ann", "bob"), agreed=("ann", "bob"))


@pytest.mark.parametrize(
    ("introductions", "off"),
    [
        ((), False),
        ((WHOLE._replace(introduced_at=NOW),), False),
        ((WHOLE._replace(dropped_at=NOW),), True),
        ((Introduction("bob", "ann", NOW),), True),
        ((Introduction("ann", "cy", NOW, dropped_at=NOW),), False),
    ],
)
def test_an_invitation_of_two_is_taken_back_where_they_were_not_introduced_by_it(
    introductions: tuple[Introduction, ...], *, off: bool
) -> None:
    invited = meeting("ann", State.INVITED, span("2026-11-10 10:00", 60), other="bob")
    facts = snapshot(people("ann", "bob"), meetings=(invited,), introductions=introductions)
    reason = outlook(facts).called_off(invited)
    assert (reason is not None) == off
    assert "ann" not in (reason or ""), "nobody is to hear who would rather not"
    assert outlook(facts).called_off(invited._replace(other=None)) is None
