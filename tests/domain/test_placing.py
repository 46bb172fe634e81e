"""The joint choice against every choice there is, on cases small enough to try them all."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
from clocks import LARGE, QUICK
from hypothesis import event, given
from hypothesis import strategies as st

from connectd.domain.caps import Caps, week_of
from connectd.domain.model import MeetingRules, Month, Span
from connectd.domain.placing import (
    BALANCE,
    RESERVED,
    Candidate,
    Limits,
    Placed,
    Slot,
    place,
    total,
)

FIRST = date(2026, 11, 27)
"""A Friday: the days from here on lie in two weeks and in two months."""
CLOSE = {0: 0.5, 1: 0.3, 2: 0.15}


def option(day: int, minute: int, minutes: int, worth: float) -> Slot:
    on = FIRST + timedelta(days=day)
    start = datetime(on.year, on.month, on.day, 9, tzinfo=UTC) + timedelta(minutes=minute)
    span = Span(start, start + timedelta(minutes=minutes))
    return Slot(span, on, week_of(on), Month.of(on), worth)


points = st.integers(-8, 8).map(lambda n: n / 4)
options = st.builds(
    option,
    st.integers(0, 6) | st.sampled_from([3, 4]),
    st.sampled_from([0, 15, 30, 45, 60, 75]),
    st.sampled_from([30, 45]),
    points | st.integers(-2, 2).map(lambda n: n / 10),
)
"""Often so much alike that what speaks against several of them together decides."""


@st.composite
def candidates(draw: st.DrawFn) -> list[Candidate]:
    def candidate(number: int) -> Candidate:
        times = draw(st.lists(options, min_size=1, max_size=4, unique_by=lambda o: o.span))
        return Candidate(
            f"p{number}",
            draw(points | st.sampled_from([2.0, 1.5])),
            draw(st.sampled_from(["results", "results", "business"])),
            draw(st.booleans()),
            sorted(times, key=lambda o: (-o.worth, o.span)),
        )

    return [candidate(number) for number in range(draw(st.sampled_from([4, 5, 3, 2, 1])))]


@st.composite
def limits(draw: st.DrawFn) -> Limits:
    november, december = Month(2026, 11), Month(2026, 12)
    few = st.integers(0, 2)
    rules = MeetingRules(
        per_day=draw(st.sampled_from([3, 2, 1])), per_week=draw(st.sampled_from([5, 4, 3, 2, 1]))
    )
    used = Counter({FIRST + timedelta(days=draw(st.integers(0, 6))): draw(few)})
    weeks = Counter({week_of(day): number for day, number in used.items()})
    return Limits(
        room=draw(st.sampled_from([3, 4, 5, 2, 1, 0])),
        wanted={
            m: n for m in (november, december) if (n := draw(st.sampled_from([2, 3, 4, 1, 0])))
        },
        caps=Caps(rules, used, weeks),
        margin=timedelta(minutes=draw(st.sampled_from([0, 15]))),
        had={(november, "results"): draw(few), (december, "business"): draw(few)},
        reserved=frozenset(m for m in (november, december) if draw(st.booleans())),
    )


def every_choice(
    people: Sequence[Candidate], wanted: Limits, chosen: tuple[Placed, ...] = ()
) -> Iterator[tuple[Placed, ...]]:
    """Each person at each of their times, or not at all."""
    if not people:
        yield chosen
        return
    yield from every_choice(people[1:], wanted, chosen)
    for time in people[0].options:
        with_them = (*chosen, Placed(people[0], time))
        if keeps(with_them, wanted):
            yield from every_choice(people[1:], wanted, with_them)


def keeps(chosen: Sequence[Placed], wanted: Limits) -> bool:
    times = [p.option for p in chosen]
    days, weeks = Counter(t.day for t in times), Counter(t.week for t in times)
    rules = wanted.caps.rules
    return (
        len(times) <= wanted.room
        and all(n <= wanted.wanted.get(m, 0) for m, n in Counter(t.month for t in times).items())
        and all(n + wanted.caps.on_day[d] <= rules.per_day for d, n in days.items())
        and all(n + wanted.caps.in_week[w] <= rules.per_week for w, n in weeks.items())
        and all(
            a.span.end + wanted.margin <= b.span.start or b.span.end + wanted.margin <= a.span.start
            for a, b in combinations(times, 2)
        )
    )


def worth(chosen: Sequence[Placed], wanted: Limits) -> float:
    """The total, added up person by person."""
    had, reserved, points = Counter(wanted.had), set(wanted.reserved), 0.0
    for number, (person, time) in enumerate(chosen):
        points += person.score + time.worth - BALANCE * had[time.month, person.category]
        had[time.month, person.category] += 1
        if person.is_dormant and time.month in reserved:
            points += RESERVED
            reserved.remove(time.month)
        for other in chosen[:number]:
            points -= CLOSE.get(abs((other.option.day - time.day).days), 0.0)
    return points


@QUICK
@given(candidates(), limits())
def test_as_many_are_placed_as_fit_and_then_the_total_is_the_best(
    people: list[Candidate], wanted: Limits
) -> None:
    choices = list(every_choice(people, wanted))
    best = max((len(chosen), round(worth(chosen, wanted), 6)) for chosen in choices)
    placed = place(people, wanted)
    event(f"{len(placed)} placed")
    assert (len(placed), round(worth(placed, wanted), 6)) == best
    assert keeps(placed, wanted)
    assert total(placed, wanted) == pytest.approx(worth(placed, wanted))
    assert [p.option.span for p in placed] == sorted(p.option.span for p in placed)


@LARGE
@given(candidates(), limits(), st.randoms(use_true_random=False))
def test_the_order_of_the_people_changes_nothing(
    people: list[Candidate], wanted: Limits, random: object
) -> None:
    shuffled = list(people)
    random.shuffle(shuffled)  # type: ignore[attr-defined] # a Random
    assert place(shuffled, wanted) == place(people, wanted)


def test_whoever_can_come_at_one_time_only_gets_it_though_others_are_more_pressing() -> None:
    tuesday, wednesday = option(4, 0, 45, 1.0), option(5, 0, 45, 0.0)
    flexible = Candidate("ann", 3.0, "business", is_dormant=False, options=[tuesday, wednesday])
    bound = Candidate("zoe", 0.0, "results", is_dormant=False, options=[tuesday])
    caps = Caps(MeetingRules(), Counter(), Counter())
    wanted = Limits(2, {Month(2026, 12): 2}, caps, timedelta(), {}, frozenset())
    placed = {p.candidate.id: p.option for p in place([flexible, bound], wanted)}
    assert placed == {"zoe": tuesday, "ann": wednesday}


def somebody(name: str, *times: Slot, score: float = 1.0, **given: Any) -> Candidate:  # noqa: ANN401  any field
    given = {"category": name, "is_dormant": False, **given}
    return Candidate(name, score, options=times, **given)


def with_limits(room: int, *, reserved: bool = False, minutes: int = 0) -> Limits:
    caps = Caps(MeetingRules(per_day=9, per_week=9), Counter(), Counter())
    december = Month(2026, 12)
    months = frozenset({december} if reserved else ())
    return Limits(room, {december: 9}, caps, timedelta(minutes=minutes), {}, months)


def names(placed: Sequence[Placed]) -> set[str]:
    return {one.candidate.id for one in placed}


TUESDAY, WEDNESDAY, FRIDAY = (option(number, 0, 45, 0.0) for number in (4, 5, 7))
TUESDAY_LATER = option(4, 60, 45, 0.0)


def test_one_place_is_for_a_dormant_tie_and_no_second_one() -> None:
    people = [
        somebody("living", TUESDAY, WEDNESDAY, FRIDAY, score=3.0),
        somebody("also", TUESDAY, WEDNESDAY, FRIDAY, score=2.0),
        somebody("old", TUESDAY, WEDNESDAY, FRIDAY, is_dormant=True),
        somebody("older", TUESDAY, WEDNESDAY, FRIDAY, is_dormant=True),
    ]
    assert names(place(people, with_limits(2, reserved=True))) == {"living", "old"}
    assert names(place(people, with_limits(2))) == {"living", "also"}


def test_two_places_for_ties_keep_nobody_out_who_is_worth_more_than_the_second_tie() -> None:
    """The ties, who have the fewest times, are the first choice to be found."""
    last, first = option(0, 0, 45, 0.0), option(6, 0, 45, 0.0)
    people = [
        somebody("old", last, is_dormant=True, score=0.0),
        somebody("older", first, is_dormant=True, score=0.0),
        somebody("living", last, first, score=RESERVED + 1),
    ]
    both = {Month(2026, 11): 1, Month(2026, 12): 1}
    wanted = with_limits(2)._replace(wanted=both, reserved=frozenset(both))
    assert names(place(people, wanted)) > {"living"}
    assert len(place(people, wanted)) == 2


def test_a_second_tie_is_weighed_like_anybody_else() -> None:
    good, bad = FRIDAY, FRIDAY._replace(worth=-1.0)
    people = [
        somebody("old", TUESDAY, score=3.0, is_dormant=True),
        somebody("living", bad, score=2.9),
        somebody("older", bad, score=2.5, is_dormant=True),
        somebody("dull", good, score=-5.0),
    ]
    assert names(place(people, with_limits(2, reserved=True))) == {"old", "living"}


def test_new_meetings_are_spread() -> None:
    people = [somebody("ann", TUESDAY, FRIDAY), somebody("bob", TUESDAY, TUESDAY_LATER, WEDNESDAY)]
    days = [one.option for one in place(people, with_limits(2))]
    assert days == [TUESDAY, FRIDAY]


@pytest.mark.parametrize(("minutes", "number"), [(14, 2), (15, 2), (16, 1)])
def test_the_margin_is_kept_between_new_meetings_and_no_more(minutes: int, number: int) -> None:
    for first, second in ((TUESDAY, TUESDAY_LATER), (TUESDAY_LATER, TUESDAY)):
        people = [somebody("ann", first), somebody("bob", second)]
        assert len(place(people, with_limits(2, minutes=minutes))) == number


def test_people_of_a_category_do_not_crowd_each_other_across_the_months() -> None:
    last, first = option(0, 0, 45, 0.0), option(6, 0, 45, 0.0)
    people = [
        somebody("ann", last, first, category="results", score=3.0),
        somebody("bob", last, first, category="results", score=2.5),
        somebody("cy", first, category="business", score=2.0),
    ]
    both = with_limits(2)._replace(wanted={Month(2026, 11): 1, Month(2026, 12): 1})
    one_month = with_limits(2)._replace(wanted={Month(2026, 12): 2})
    assert names(place(people, both)) == {"ann", "bob"}
    later = [one._replace(options=(first, option(9, 0, 45, 0.0))) for one in people]
    assert names(place(later, one_month)) == {"ann", "cy"}


def test_more_than_one_person_can_plan_is_placed_within_the_limits_all_the_same() -> None:
    """The search ends with the best found: every person here can come at every time."""
    times = [option(day, minute, 45, -day / 20) for day in range(4, 24) for minute in (0, 60, 120)]
    people = [
        somebody(f"p{number:02}", *times, score=3 - number / 30, category=f"c{number % 3}")
        for number in range(30)
    ]
    wanted = with_limits(12, minutes=15)._replace(wanted={Month(2026, 12): 12})
    placed = place(people, wanted)
    assert len(placed) == len(names(placed)) == 12
    assert keeps(placed, wanted)
