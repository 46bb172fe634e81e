"""Why a time is free or not: each thing that has a say, and that together they say the same."""

from dataclasses import replace
from datetime import timedelta

import pytest
from clocks import LARGE
from domain_builders import (
    ALWAYS,
    NOW,
    as_they_are,
    at,
    day,
    event,
    lunch_with,
    meeting,
    people,
    policy,
    snapshot,
    span,
    unreadable,
)
from hypothesis import given
from hypothesis import strategies as st
from minute_grid import minutes_of, moment, possible_starts
from test_planner_worlds import Recount
from worlds import INCOMPLETE, worlds

from connectd.domain.model import Policy, Span, State
from connectd.domain.planner import decide
from connectd.domain.spans import local_day, local_midnight
from connectd.domain.verdicts import Cause, Judgement, judge
from connectd.domain.view import Decision, Name, Snapshot, Unread

TUESDAY = "2026-11-10 10:00"


def judged(facts: Snapshot, when: str = TUESDAY, wanted: Policy | None = None) -> Judgement:
    wanted = wanted or policy()
    return judge(at(when), facts, decide(facts, wanted), wanted)


def causes(judgement: Judgement) -> list[str]:
    return [verdict.cause.value for verdict in judgement.blocked_by]


def test_a_time_that_nothing_blocks_is_free() -> None:
    judgement = judged(snapshot())

    assert (judgement.free, judgement.blocked_by, judgement.beside) == (True, (), ())
    assert judgement.span == span(TUESDAY, 45)


def test_an_event_blocks_with_its_title_its_calendar_and_its_own_time() -> None:
    call = event(span("2026-11-10 10:30"), title="Team call")

    (verdict,) = judged(snapshot(events=(call,))).blocked_by

    assert verdict.cause is Cause.BUSY
    assert (verdict.what, verdict.calendar, verdict.href) == ("Team call", "work", call.href)
    assert verdict.span == call.span


@pytest.mark.parametrize(
    ("when", "minutes", "kept"),
    [
        ("2026-11-10 10:55", 30, span("2026-11-10 10:40", 15)),
        ("2026-11-10 09:00", 50, span("2026-11-10 09:50", 15)),
    ],
)
def test_an_event_nearby_blocks_by_its_buffer(when: str, minutes: int, kept: Span) -> None:
    facts = snapshot(events=(event(span(when, minutes), title="Call"),))

    (verdict,) = judged(facts).blocked_by

    assert (verdict.cause, verdict.span) == (Cause.BUFFER, kept)
    assert verdict.what == "15 minutes are kept free around “Call”"
    assert judged(facts, wanted=policy(buffer_minutes=0)).free


def test_an_event_as_far_away_as_the_buffer_is_out_of_the_way() -> None:
    assert judged(snapshot(events=(event(span("2026-11-10 11:00")),))).free


def test_an_event_without_a_length_takes_no_time() -> None:
    assert judged(snapshot(events=(event(span("2026-11-10 10:10", 0)),))).free


def test_events_that_do_not_block_are_told_all_the_same() -> None:
    shown_as_free = event(span(TUESDAY), "a", title="Market", busy=False)
    cancelled = event(span(TUESDAY), "b", title="Off", busy=False, mine=False)

    judgement = judged(snapshot(events=(cancelled, shown_as_free)))

    assert judgement.free
    assert [(v.cause, v.what) for v in judgement.beside] == [
        (Cause.SHOWN_AS_FREE, "Market"),
        (Cause.NOT_ATTENDED, "Off"),
    ]


def test_unknown_time_blocks() -> None:
    judgement = judged(snapshot(unreadable=(unreadable(span(TUESDAY), title="Odd one"),)))

    assert [(v.cause, v.what) for v in judgement.blocked_by] == [(Cause.UNKNOWN, "Odd one")]


def test_a_draft_blocks_once_though_its_object_is_busy_too() -> None:
    draft = meeting("ann", State.DRAFTED, TUESDAY, drafted_at=NOW)
    stored = event(draft.span, draft.uid, title="? Ann - coffee")
    facts = snapshot(people("ann"), meetings=(draft,), events=(stored,))

    judgement = judged(facts, wanted=policy(per_day=2))

    assert [(v.cause, v.what) for v in judgement.blocked_by] == [
        (Cause.MEETING, "the draft for Ann")
    ]
    assert judgement.blocked_by[0].calendar == "work"


def test_a_draft_that_lapses_with_this_very_look_is_out_of_the_way() -> None:
    draft = meeting("ann", State.DRAFTED, "2026-11-02 19:00")
    facts = snapshot(people("ann"), meetings=(draft,), sightings=as_they_are(draft))

    judgement = judged(facts, "2026-11-02 19:00", policy(hours=ALWAYS, notice_hours=0))

    assert judgement.free


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("2026-11-10 12:30", "outside your hours on Tuesday (09:00-12:00, 13:00-17:00)"),
        ("2026-11-14 10:00", "Saturday is a day off"),
    ],
)
def test_time_off_hours(when: str, said: str) -> None:
    (verdict,) = judged(snapshot(), when).blocked_by

    assert (verdict.cause, verdict.what) == (Cause.HOURS, said)


def test_a_public_holiday_blocks_by_its_name() -> None:
    facts = snapshot(days_off={day("2026-11-10"): "Martini", day("2026-11-11"): "Other"})

    (verdict,) = judged(facts).blocked_by

    assert (verdict.cause, verdict.what) == (Cause.DAY_OFF, "Martini")


@pytest.mark.parametrize(
    ("when", "cause"),
    [
        ("2026-11-02 08:59", Cause.PAST),
        ("2026-11-04 08:59", Cause.NOTICE),
        ("2026-11-30 08:16", Cause.HORIZON),
    ],
)
def test_times_outside_the_window(when: str, cause: Cause) -> None:
    assert cause in causes(judged(snapshot(), when))
    later = at(when) + timedelta(minutes=1 if cause is not Cause.HORIZON else -1)
    facts = snapshot()
    after = judge(later, facts, decide(facts, policy()), policy())
    assert cause not in causes(after)


def test_caps_that_are_used_up() -> None:
    lunch = lunch_with("ann", span("2026-11-10 14:00"))
    facts = snapshot(people("ann"), events=(lunch,))

    assert causes(judged(facts)) == ["cap"]
    assert causes(judged(facts, wanted=policy(per_week=1))) == ["cap", "cap"]
    assert causes(judged(facts, "2026-11-11 10:00", policy(per_week=1))) == ["cap"]
    assert judged(facts, wanted=policy(per_day=2)).free
    what = judged(facts).blocked_by[0].what
    assert what == "that day has one meeting, and per_day is 1"


def test_a_calendar_that_could_not_be_read_leaves_no_time_free() -> None:
    judgement = judged(snapshot(unread=(Unread("main: Team", "it is gone"),)))

    assert [(v.cause, v.calendar, v.what) for v in judgement.blocked_by] == [
        (Cause.UNREAD, "main: Team", "it is gone")
    ]


@st.composite
def full_worlds(draw: st.DrawFn) -> tuple[Snapshot, Policy]:
    """Worlds with days off, and more than usual in the hours that a meeting could take."""
    facts, wanted = draw(worlds())
    days = [local_day(facts.now, wanted.zone) + timedelta(days=number) for number in range(7)]
    off = {day: "holiday" for day in days if draw(st.integers(1, 4)) == 4}
    starts = sorted(possible_starts(facts.now, (), wanted))
    if not starts:
        return replace(facts, days_off=off), wanted
    inside = st.sampled_from(starts).map(
        lambda number: Span(moment(number), moment(number + wanted.rules.minutes))
    )
    held = draw(st.lists(inside, min_size=1, max_size=3))
    more = {
        "events": (*facts.events, *(event(s) for s in draw(st.lists(inside, max_size=2)))),
        "meetings": (
            *facts.meetings,
            *(meeting(f"m{n}", State.CONFIRMED, s) for n, s in enumerate(held)),
        ),
    }
    per_day = draw(st.integers(1, 2))
    rules = wanted.rules._replace(per_day=per_day, per_week=per_day * draw(st.integers(1, 4)))
    return replace(facts, days_off=off, **more), wanted._replace(rules=rules)


def without_drafts(decision: Decision) -> Decision:
    return replace(decision, actions=tuple(a for a in decision.actions if a.name is not Name.DRAFT))


def edges(minutes: set[int]) -> set[int]:
    """The first and last minutes of each stretch, and those just outside."""
    last = {n for n in minutes if not {n - 1, n + 1} <= minutes}
    return {n + step for n in last for step in (-1, 0, 1)}


@LARGE
@given(full_worlds(), st.lists(st.integers(-120, 6 * 24 * 60), max_size=10))
def test_a_time_is_free_exactly_where_every_rule_allows_it(
    world: tuple[Snapshot, Policy], later: list[int]
) -> None:
    facts, wanted = world
    decision = decide(facts, wanted)
    recount = Recount(facts, wanted, without_drafts(decision))
    off = minutes_of(
        Span(local_midnight(d, wanted.zone), local_midnight(d + timedelta(days=1), wanted.zone))
        for d in facts.days_off
    )
    not_taken = possible_starts(facts.now, recount.taken, wanted)
    day_of = {number: local_day(moment(number), wanted.zone) for number in not_taken}
    allowed = {day: recount.allowed(day) for day in set(day_of.values())}
    expected = {
        number
        for number in not_taken
        if allowed[day_of[number]] and off.isdisjoint(range(number, number + wanted.rules.minutes))
    }
    drawn = {int(facts.now.timestamp()) // 60 + minutes for minutes in later}

    for number in edges(not_taken) | edges(expected) | drawn:
        judgement = judge(moment(number), facts, decision, wanted)
        assert judgement.free is (number in expected)


@LARGE
@given(worlds())
def test_every_draft_has_a_time_that_was_free(world: tuple[Snapshot, Policy]) -> None:
    facts, wanted = world
    decision = decide(facts, wanted)

    for action in decision.actions:
        if action.name is Name.DRAFT:
            assert judge(action.meeting.span.start, facts, decision, wanted).free


@LARGE
@given(worlds())
def test_nothing_is_free_on_a_view_with_a_hole(world: tuple[Snapshot, Policy]) -> None:
    facts, wanted = replace(world[0], unread=INCOMPLETE), world[1]
    decision = decide(facts, wanted)

    for hours in range(0, 120, 5):
        when = facts.now + timedelta(hours=hours)
        assert not judge(when, facts, decision, wanted).free
