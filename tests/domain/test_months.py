"""A draft never lies in a month that counts the person already, by the clock on the user's wall."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from clocks import LARGE, ZONES
from domain_builders import (
    ALWAYS,
    at,
    day,
    drafts_of,
    meeting,
    people,
    person,
    policy,
    snapshot,
    span,
)
from hypothesis import event, given
from hypothesis import strategies as st

from connectd.domain.model import Encounter, Policy, State
from connectd.domain.planner import decide
from connectd.domain.view import Snapshot

EDGES = {
    "Europe/Berlin": ("2025-04-01", "2025-11-01", "2026-01-01"),
    "America/New_York": ("2025-04-01", "2025-11-01", "2026-01-01"),
    "America/Havana": ("2025-04-01", "2025-11-01", "2026-01-01"),
    "Australia/Lord_Howe": ("2026-04-01", "2025-10-01", "2026-01-01"),
    "America/Santiago": ("2026-04-01", "2025-09-01", "2026-01-01"),
    "Asia/Kathmandu": ("1986-01-01",),
    "Pacific/Apia": ("2011-12-30", "2012-01-01", "2012-04-01"),
    "Pacific/Kiritimati": ("2026-01-01", "2025-03-01"),
    "Pacific/Pago_Pago": ("2026-01-01", "2025-03-01"),
}
"""Days near which a month ends, the clock changes, or both."""


@st.composite
def month_ends(draw: st.DrawFn) -> tuple[Snapshot, Policy]:
    """Some people met lately, some days before or after a month's end, at any hour."""
    zone = draw(st.sampled_from([z for z in ZONES if z.key in EDGES]))
    edge = datetime.combine(day(draw(st.sampled_from(EDGES[zone.key]))), time.min, zone)
    now = at(f"{edge:%Y-%m-%d %H:%M}", zone) + timedelta(minutes=draw(st.integers(-7200, 2880)))
    today = now.astimezone(zone).date()
    who = st.sampled_from(["ann", "bob", "cy"])
    on = st.integers(0, 12).map(lambda ago: today - timedelta(days=ago))
    standing = draw(
        st.lists(st.tuples(st.integers(0, 6 * 1440), st.sampled_from(State)), max_size=1)
    )
    wanted = policy(
        zone=zone,
        hours=ALWAYS,
        people_per_month=draw(st.integers(1, 3)),
        months=24,
        starts=str(today.replace(day=1) - timedelta(days=40))[:7],
        notice_hours=draw(st.sampled_from([0, 1, 24])),
        horizon_days=draw(st.integers(2, 7)),
        per_day=draw(st.integers(1, 2)),
        per_week=7,
    )
    begins = [(now + timedelta(minutes=minutes), state) for minutes, state in standing]
    facts = snapshot(
        [person(name, every_days=draw(st.integers(1, 4))) for name in ("ann", "bob", "cy")],
        now,
        encounters=tuple(draw(st.lists(st.builds(Encounter, who, on), max_size=4))),
        meetings=tuple(
            meeting("di", state, span(f"{start.astimezone(zone):%Y-%m-%d %H:%M}", 45, zone))
            for start, state in begins
        ),
    )
    return facts, wanted


@LARGE
@given(month_ends())
def test_nobody_is_drafted_for_a_month_that_counts_them(world: tuple[Snapshot, Policy]) -> None:
    facts, wanted = world
    drafts = drafts_of(decide(facts, wanted))
    months: dict[str, set[tuple[int, int]]] = {}
    for held in facts.encounters:
        months.setdefault(held.contact, set()).add((held.on.year, held.on.month))
    placed = [(d.contact, d.span.start.astimezone(wanted.zone).date()) for d in drafts]
    event(f"{len({on.month for _, on in placed})} months")
    for contact, on in placed:
        assert (on.year, on.month) not in months.get(contact, set())


@pytest.mark.parametrize(
    ("zone", "now", "first"),
    [
        ("Pacific/Kiritimati", "2026-12-31 23:15", "2027-01-01"),
        ("Pacific/Pago_Pago", "2026-12-31 23:15", "2027-01-01"),
        ("Pacific/Apia", "2011-12-29 12:00", "2012-01-01"),
        ("Europe/Berlin", "2026-03-29 01:30", "2026-04-01"),
        ("America/Havana", "2026-10-31 22:00", "2026-11-01"),
        ("America/St_Johns", "2010-10-31 22:00", "2010-11-01"),
    ],
)
def test_whoever_was_met_this_month_may_come_from_the_next_local_midnight_on(
    zone: str, now: str, first: str
) -> None:
    here = ZoneInfo(zone)
    wanted = policy(
        zone=here,
        hours=ALWAYS,
        months=24,
        starts=f"{int(first[:4]) - 1}-06",
        notice_hours=0,
        horizon_days=4,
        minutes=30,
    )
    met_today = Encounter("ann", at(now, here).astimezone(here).date() - timedelta(days=1))
    facts = snapshot([person("ann", every_days=1)], at(now, here), encounters=(met_today,))
    (draft,) = drafts_of(decide(facts, wanted))
    assert draft.span.start.astimezone(here).date() == day(first)
    assert draft.span.start >= at(f"{first} 00:00", here)


@pytest.mark.parametrize(
    ("zone", "month"), [("Pacific/Kiritimati", "2027-01"), ("Pacific/Pago_Pago", "2026-12")]
)
def test_the_same_moment_lies_in_two_years_on_both_sides_of_the_date_line(
    zone: str, month: str
) -> None:
    """A meeting at noon in Greenwich fills the place of the month that it lies in here."""
    here = ZoneInfo(zone)
    noon = meeting("ed", State.CONFIRMED, span("2026-12-31 12:00", 45, ZoneInfo("UTC")))
    sure = [meeting(f"s{n}", State.MET, "2026-06-10 10:00") for n in range(99)]
    wanted = policy(
        zone=here, hours=ALWAYS, people_per_month=1, months=24, notice_hours=0, horizon_days=8
    )
    facts = snapshot(
        people("ann", "bob", "ed"), at("2026-12-28 12:00", here), meetings=(noon, *sure)
    )
    months = {
        str(date(on.year, on.month, 1))[:7]
        for on in (d.span.start.astimezone(here).date() for d in drafts_of(decide(facts, wanted)))
    }
    assert months == {"2026-12", "2027-01"} - {month}
