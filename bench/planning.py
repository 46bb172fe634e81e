# ruff: noqa: INP001 - programs of their own, no package
"""Prints what a whole plan costs: 10,000 contacts and 12,000 busy intervals, and less of both.

The cost of twice and of four times as many is compared with n log n: a ratio to it of 1.0 or
less says that it grows no faster. Run: python bench/planning.py
"""

import sys
from datetime import UTC, date, datetime, time, timedelta
from math import log
from random import Random
from time import process_time
from zoneinfo import ZoneInfo

from connectd.domain.identity import meeting_uid
from connectd.domain.model import (
    Cadence,
    Contact,
    Encounter,
    Fact,
    Goal,
    Kind,
    Meeting,
    Month,
    Policy,
    Span,
    State,
)
from connectd.domain.planner import decide
from connectd.domain.view import Event, Name, Snapshot

INSTALLATION = "3f0c5c55-3d0b-4a55-9a0e-6e9a52a0b7d1"
NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
TODAY = date(2026, 11, 2)
BERLIN = ZoneInfo("Europe/Berlin")
CATEGORIES = ("results", "organization", "business")
POLICY = Policy(
    zone=BERLIN,
    hours=dict.fromkeys(range(5), ((time(9), time(12)), (time(13), time(17)))),
    goal=Goal(3, 6, Month(2026, 11)),
    categories=dict.fromkeys(CATEGORIES, Cadence()),
)
CONTACTS, INTERVALS = 2_500, 3_000
"""The least of the three sizes."""
BUSY_HOURS = (7, 8, 9, 12, 13, 14, 16, 17, 18)
"""What begins in these hours, and lasts for 45 minutes at most, leaves time around eleven."""
ROUNDS = 7


def world(contacts: int, intervals: int) -> Snapshot:
    """People met at different times, each fifth with a history, and a very full calendar."""
    random = Random(1)  # noqa: S311 - a repeatable world is no secret
    names = [f"c{number}" for number in range(contacts)]
    return Snapshot(
        now=NOW,
        installation=INSTALLATION,
        contacts=tuple(_contact(name, random) for name in names),
        meetings=tuple(_ended(name, random) for name in names[::5]),
        encounters=tuple(
            Encounter(name, TODAY - timedelta(days=random.randrange(3, 400)))
            for name in names
            if random.random() < 2 / 3
        ),
        events=tuple(_event(number, random.choice(names), random) for number in range(intervals)),
        facts=tuple(Fact(name, "promised", "a book", TODAY) for name in names[::7]),
        their_busy={name: (_at(random.randrange(28), 11, 45),) for name in names[::11]},
    )


def _contact(name: str, random: Random) -> Contact:
    return Contact(
        id=name,
        name=name,
        emails=(f"{name}@example.test",),
        category=random.choice(CATEGORIES),
        kind=random.choice(list(Kind)),
        timezone="America/New_York" if random.random() < 1 / 10 else None,
    )


def _ended(name: str, random: Random) -> Meeting:
    span = _at(-random.randrange(10, 300), 10, 45)
    state = random.choice([State.MET, State.DECLINED, State.EXPIRED, State.TURNED_DOWN])
    drafted = span.start - timedelta(days=6)
    return Meeting(
        uid=meeting_uid(INSTALLATION, name, 1),
        contact=name,
        attempt=1,
        state=state,
        span=span,
        drafted_at=drafted,
        accepted_at=drafted + timedelta(hours=5) if state is State.MET else None,
        ended_at=span.end,
    )


def _event(number: int, guest: str, random: Random) -> Event:
    day = random.randrange(-31, 28)
    span = _at(day, random.choice(BUSY_HOURS), random.randint(5, 45))
    people = (f"{guest}@example.test",) if day < 0 and number % 50 == 0 else ()
    return Event("work", f"/{number}.ics", f"e{number}", "busy", span, people=people)


def _at(day: int, hour: int, minutes: int) -> Span:
    local = datetime.combine(TODAY + timedelta(days=day), time(hour), BERLIN)
    start = local.astimezone(UTC)
    return Span(start, start + timedelta(minutes=minutes))


def measured(snapshot: Snapshot) -> tuple[float, int]:
    """The least CPU time of several rounds, in milliseconds, and the number of drafts made."""
    times = []
    for _ in range(ROUNDS):
        before = process_time()
        decision = decide(snapshot, POLICY)
        times.append(process_time() - before)
    drafts = sum(action.name is Name.DRAFT for action in decision.actions)
    return 1000 * min(times), drafts


def main() -> None:
    """Measure three sizes; exit with 1 where nobody is drafted, so that nothing was measured."""
    first = 0.0
    for times in (1, 2, 4):
        contacts, intervals = times * CONTACTS, times * INTERVALS
        cost, drafts = measured(world(contacts, intervals))
        first = first or cost
        n_log_n = times * log(times * INTERVALS) / log(INTERVALS)
        sys.stdout.write(
            f"{times} x: {contacts} contacts, {intervals} busy intervals, {drafts} drafts: "
            f"{cost:.0f} ms CPU, {cost / first:.2f} times the first, "
            f"{cost / first / n_log_n:.2f} of n log n\n"
        )
    sys.exit(int(not drafts))


if __name__ == "__main__":
    main()
