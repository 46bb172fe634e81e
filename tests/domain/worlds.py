"""Hypothesis strategies for whole worlds: a snapshot full of facts, and what the user wants."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from clocks import ZONES, hours, moments, spans
from domain_builders import INSTALLATION
from hypothesis import strategies as st

from connectd.domain.before_sending import BEFORE_CONFLICT, CALENDAR
from connectd.domain.identity import meeting_uid
from connectd.domain.introductions import Introduction
from connectd.domain.model import (
    OPEN,
    Cadence,
    Contact,
    Delivery,
    Encounter,
    Fact,
    Goal,
    Hours,
    Kind,
    Meeting,
    MeetingRules,
    Month,
    Policy,
    Reply,
    Span,
    State,
)
from connectd.domain.spans import local_day
from connectd.domain.view import (
    Answer,
    Event,
    Gesture,
    Sighting,
    Snapshot,
    Told,
    Unread,
    Unreadable,
)

CATEGORIES = {"results": Cadence(5, 60), "organization": Cadence(20, 60), "business": Cadence()}
INCOMPLETE = (Unread("work", "the server does not answer"),)
ELSEWHERE = ("America/New_York", "Asia/Kolkata", "Asia/Kathmandu", "Pacific/Apia", "Europe/London")
"""Where contacts live who do not live where the user does."""


def one_in(draw: st.DrawFn, times: int) -> bool:
    """Rarely true; false is the simple case."""
    return draw(st.integers(1, times)) == times


@st.composite
def _policies(draw: st.DrawFn, now: datetime, zone: ZoneInfo) -> Policy:
    rules = MeetingRules(
        minutes=draw(st.integers(15, 90)),
        buffer_minutes=draw(st.integers(0, 30)),
        notice_hours=draw(st.sampled_from([0, 1, 2, 12, 24, 40])),
        horizon_days=draw(st.sampled_from([5, 4, 3, 2, 1])),
        per_day=draw(st.sampled_from([3, 2, 1])),
        per_week=draw(st.sampled_from([7, 4, 3, 2, 1])),
        open_drafts=draw(st.sampled_from([6, 4, 3, 2, 1])),
        grace_minutes=draw(st.integers(0, 10)),
        expires_hours=draw(st.integers(0, 48)),
        pause_days=draw(st.integers(0, 10)),
        rest_after=draw(st.integers(1, 3)),
        rest_days=draw(st.integers(0, 60)),
        assume_met_after_days=draw(st.integers(0, 4)),
        count_all_meetings=one_in(draw, 4),
        learn=draw(st.booleans()),
    )
    starts = Month.of(local_day(now, zone)).plus(draw(st.sampled_from([0, 0, -1, -1, 1])))
    goal = Goal(draw(st.sampled_from([6, 4, 3, 2, 1])), draw(st.sampled_from([6, 4, 2, 1])), starts)
    return Policy(zone, draw(_working_hours()), goal, rules, CATEGORIES)


def _working_hours() -> st.SearchStrategy[Hours]:
    """Hours that stay away from midnight, so that no stretch of free time holds two days."""
    whole_days = st.tuples(st.integers(1, 9), st.integers(12, 22)).map(
        lambda edges: dict.fromkeys(range(7), ((time(edges[0]), time(edges[1])),))
    )
    return whole_days | whole_days | whole_days | hours(60, 22 * 60)


@st.composite
def _contacts(draw: st.DrawFn, now: datetime) -> tuple[Contact, ...]:
    def contact(number: int) -> Contact:
        name = f"c{number}"
        snoozed = st.integers(-2, 3).map(lambda n: (now + timedelta(days=n)).date())
        return Contact(
            id=name,
            name=name,
            emails=(f"{name}@example.test",),
            category=draw(st.sampled_from(sorted(CATEGORIES))),
            every_days=draw(st.none() | st.integers(1, 40)),
            timezone=draw(st.sampled_from(ELSEWHERE)) if one_in(draw, 4) else None,
            kind=draw(st.sampled_from(Kind)),
            snoozed_until=draw(snoozed) if one_in(draw, 6) else None,
            archived=one_in(draw, 9),
        )

    return tuple(contact(number) for number in range(draw(st.sampled_from([4, 5, 3, 2, 1]))))


@st.composite
def _meetings(draw: st.DrawFn, contact: str, now: datetime, days: int) -> list[Meeting]:
    """Up to two meetings, only the last of them open."""

    def minutes(least: int, most: int) -> timedelta:
        return timedelta(minutes=draw(st.integers(least, most)))

    states = draw(st.just([]) | st.just([]) | st.lists(st.sampled_from(State), max_size=2))
    meetings = []
    for attempt, state in enumerate(states, start=1):
        ended = state not in OPEN
        if attempt < len(states) and not ended:
            continue
        start = now + minutes(-8 * 1440, days * 1440)
        sent = state not in {State.DRAFTED, State.ACCEPTED, State.DECLINED, State.WITHDRAWN}
        drafted = min(now, start) - minutes(1, 5 * 1440)
        meetings.append(
            Meeting(
                uid=meeting_uid(INSTALLATION, contact, attempt),
                contact=contact,
                attempt=attempt,
                state=state,
                span=Span(start, start + minutes(15, 90)),
                drafted_at=drafted,
                accepted_at=now - minutes(0, 20) if state is State.ACCEPTED else None,
                invited_at=drafted + minutes(0, 60) if sent else None,
                ended_at=now - minutes(0, 20 * 1440) if ended else None,
                told_by=draw(st.sampled_from([CALENDAR, "command", BEFORE_CONFLICT])),
                moved=draw(st.booleans()),
                moved_from=start + minutes(-1440, 1440) if one_in(draw, 4) else None,
                replied_yes=state is State.CONFIRMED,
                reply=draw(st.sampled_from(Reply)),
                delivery=draw(st.sampled_from(Delivery)) if sent else None,
                conflict=draw(st.sampled_from(["", "", "“Lunch”", "“Dentist”"])),
                overruled=draw(st.booleans()),
                released=state is State.WITHDRAWN and draw(st.booleans()),
                followed_up_at=draw(st.none() | st.just(now)) if sent else None,
                missing_since=draw(st.none() | st.just(now - timedelta(minutes=20))),
            )
        )
    return meetings


@st.composite
def _introductions(
    draw: st.DrawFn, people: list[str], meetings: tuple[Meeting, ...], now: datetime, days: int
) -> tuple[tuple[Introduction, ...], tuple[Meeting, ...]]:
    """Now and then two who agreed to meet, and perhaps what came of a first meeting of three."""
    if len(people) < len(("first", "second")) or one_in(draw, 2):
        return (), ()
    first, second = draw(st.permutations(people))[:2]
    began = now - timedelta(days=draw(st.integers(0, 20)))
    agreed = (first, second) if draw(st.booleans()) else (first,)
    introduction = Introduction(first, second, began, agreed=agreed)
    held = draw(_meetings(f"{first}+{second}", now, days))[-1:]
    busy = {m.contact for m in meetings if m.is_open}
    if held and held[0].is_open and busy & {first, second}:
        return (introduction,), ()
    threes = tuple(m._replace(contact=first, other=second) for m in held)
    return (introduction,), threes


@st.composite
def _sightings(draw: st.DrawFn, meetings: tuple[Meeting, ...], days: int) -> dict[str, Sighting]:
    seen: dict[str, Sighting] = {}
    for meeting in meetings:
        if not meeting.is_open or one_in(draw, 6):
            continue
        where = draw(st.just(meeting.span) | spans(meeting.span.start, days, 90))
        gesture = Gesture(where, draw(st.sampled_from(Answer)), series=one_in(draw, 9))
        gone = one_in(draw, 9)
        seen[meeting.uid] = Sighting(
            None if gone else gesture,
            draw(st.sampled_from(Reply)),
            look_alike=one_in(draw, 4),
            told=draw(st.sampled_from([Told.OPEN, *Told])),
        )
    return seen


@st.composite
def _events(draw: st.DrawFn, uids: list[str], addresses: list[str], when: Span) -> Event:
    days = when.length // timedelta(days=1)
    guests = st.lists(st.sampled_from(addresses), max_size=2, unique=True)
    people = draw(guests) if one_in(draw, 3) else []
    return Event(
        calendar="work",
        href="/work/x.ics",
        uid=draw(st.sampled_from(uids)),
        title=draw(st.sampled_from(["", "Lunch", "Dentist"])),
        span=draw(spans(when.start, days, 240)),
        busy=not one_in(draw, 5),
        all_day=one_in(draw, 5),
        mine=not one_in(draw, 5),
        people=tuple(people),
        attendee_count=draw(st.integers(0, 6)),
    )


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Snapshot, Policy]:
    """Contacts, meetings in all states, what is seen of them, events, and wishes."""
    zone = draw(st.sampled_from(ZONES))
    now = draw(moments(zone))
    wanted = draw(_policies(now, zone))
    days = wanted.rules.horizon_days
    contacts = draw(_contacts(now))
    meetings = tuple(m for c in contacts for m in draw(_meetings(c.id, now, days)))
    people = [contact.id for contact in contacts]
    introductions, threes = draw(_introductions(people, meetings, now, days))
    meetings += threes
    ids = st.sampled_from(people)
    ago = (st.integers(0, 60) | st.integers(150, 200)).map(
        lambda n: local_day(now, wanted.zone) - timedelta(days=n)
    )
    window = Span(now - timedelta(days=3), now + timedelta(days=days))
    uids = ["e1", "e2", "e3", "e4", *(m.uid for m in meetings)]
    addresses = ["stranger@example.test", *(c.emails[0] for c in contacts)]
    odd = st.builds(
        Unreadable,
        *(st.just("work"), st.just("/work/odd.ics"), st.sampled_from(uids), st.just("odd")),
        *(st.just("broken"), st.just("its own time")),
        st.lists(spans(now, days, 120), max_size=2).map(tuple),
    )
    there = st.lists(spans(now, days, 600), min_size=1, max_size=3).map(tuple)
    off = [local_day(now, zone) + timedelta(days=n) for n in range(days + 1) if one_in(draw, 9)]
    kinds = st.sampled_from(["promised", "helped", "ask", "helped_me", "note"])
    said = st.builds(Fact, ids, kinds, st.just("something"), ago)
    facts = Snapshot(
        now=now,
        installation=INSTALLATION,
        contacts=contacts,
        meetings=meetings,
        encounters=tuple(draw(st.lists(st.builds(Encounter, ids, ago), max_size=3))),
        events=tuple(draw(st.lists(_events(uids, addresses, window), max_size=6))),
        unreadable=tuple(draw(st.lists(odd, max_size=2))),
        sightings=draw(_sightings(meetings, days)),
        takes_tasks=draw(st.booleans()),
        facts=tuple(draw(st.lists(said, max_size=3))),
        their_busy={c.id: draw(there) for c in contacts if one_in(draw, 4)},
        days_off=dict.fromkeys(off, "a holiday"),
        introductions=introductions,
    )
    return facts, wanted
