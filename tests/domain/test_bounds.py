"""Each bound against every choice it speaks of: never too low, and as low as it says."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations, combinations_with_replacement, product

import pytest
from clocks import QUICK
from domain_builders import day
from hypothesis import given
from hypothesis import strategies as st

from connectd.domain.bounds import Days, People, best_by_day, most_that_fit
from connectd.domain.caps import Caps, week_of
from connectd.domain.model import MeetingRules, Month

FRIDAY = date(2026, 11, 27)
"""The days from here on lie in two weeks and in two months."""
WEEK = [FRIDAY + timedelta(days=n) for n in range(6)]
NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)
CLOSE = {0: 0.5, 1: 0.3, 2: 0.15}
ROUGHLY = 1e-9

points = st.integers(-8, 8).map(lambda n: n / 4)


@st.composite
def calendars(draw: st.DrawFn) -> tuple[dict[date, float], Caps, dict[Month, int]]:
    """What the days are worth, what the caps leave, and how many the months want."""
    rules = MeetingRules(per_day=draw(st.integers(1, 3)), per_week=draw(st.integers(1, 5)))
    used = Counter(draw(st.lists(st.sampled_from(WEEK), max_size=3)))
    weeks = Counter(dict.fromkeys(map(week_of, WEEK), 0))
    for on, number in used.items():
        weeks[week_of(on)] += number
    worths = draw(st.dictionaries(st.sampled_from(WEEK), points, min_size=1))
    wanted = {NOVEMBER: draw(st.integers(0, 3)), DECEMBER: draw(st.integers(0, 3))}
    return worths, Caps(rules, used, weeks), wanted


def choices(
    worths: dict[date, float], caps: Caps, wanted: dict[Month, int]
) -> Iterator[tuple[date, ...]]:
    """Every choice of days, up to five, that the caps and the months allow."""
    for number in range(6):
        for chosen in combinations_with_replacement(sorted(worths), number):
            weeks = Counter(map(week_of, chosen))
            months = Counter(map(Month.of, chosen))
            if (
                all(n <= caps.left_on(on) for on, n in Counter(chosen).items())
                and all(n <= caps.left_in(week) for week, n in weeks.items())
                and all(n <= wanted[month] for month, n in months.items())
            ):
                yield chosen


def worth(chosen: Sequence[date], worths: dict[date, float]) -> float:
    pairs = combinations(chosen, 2)
    return sum(worths[on] for on in chosen) - sum(
        CLOSE.get(abs((a - b).days), 0.0) for a, b in pairs
    )


@QUICK
@given(calendars())
def test_the_best_days_are_the_best_of_all_choices(
    calendar: tuple[dict[date, float], Caps, dict[Month, int]],
) -> None:
    worths, caps, wanted = calendar
    days = Days(worths, caps, wanted)
    best: dict[int, float] = {}
    for chosen in choices(*calendar):
        best[len(chosen)] = max(best.get(len(chosen), -99.0), worth(chosen, worths))
    for number, most in best.items():
        assert days.best(number) == pytest.approx(most)
        assert days.top(number, ()) >= most - ROUGHLY
    assert days.capacity >= max(best)


@QUICK
@given(calendars(), st.data())
def test_the_top_is_never_lower_than_what_can_still_be_added(
    calendar: tuple[dict[date, float], Caps, dict[Month, int]], data: st.DataObject
) -> None:
    worths, caps, wanted = calendar
    days = Days(worths, caps, wanted)
    chosen = data.draw(st.sampled_from(list(choices(*calendar))))
    cut = data.draw(st.integers(0, len(chosen)))
    rest = sum(worths[on] for on in chosen[cut:])
    assert days.top(len(chosen) - cut, chosen[:cut]) >= rest - ROUGHLY


def test_the_capacity_keeps_to_the_weeks_and_the_months() -> None:
    caps = Caps(MeetingRules(per_day=2, per_week=3), Counter({FRIDAY: 1}), Counter())
    worths = dict.fromkeys(WEEK, 1.0)
    assert Days(worths, caps, {NOVEMBER: 9, DECEMBER: 9}).capacity == 3 + 2 + 3
    assert Days(worths, caps, {NOVEMBER: 2, DECEMBER: 1}).capacity == 3
    assert Days(worths, caps, {DECEMBER: 9}).capacity == 3
    assert Days({FRIDAY: 1.0}, caps, {NOVEMBER: 9}).capacity == 1
    assert Days({}, caps, {NOVEMBER: 9}).capacity == 0


def test_a_day_that_is_used_adds_what_its_cap_leaves() -> None:
    caps = Caps(MeetingRules(per_day=2, per_week=9), Counter(), Counter())
    days = Days({WEEK[0]: 2.0, WEEK[1]: 1.0}, caps, {NOVEMBER: 9})
    assert days.top(3, ()) == 5.0
    assert days.top(3, [WEEK[0]]) == 4.0
    assert days.top(3, [WEEK[0], WEEK[0]]) == 2.0
    assert days.top(0, ()) == 0.0


CATEGORIES = ("results", "business")


@QUICK
@given(st.data())
def test_people_are_never_worth_more_than_the_bound_says(data: st.DataObject) -> None:
    category, dormant = st.sampled_from(CATEGORIES), st.integers(0, 3).map(lambda n: n == 3)
    score = st.integers(-4, 8)
    scores = data.draw(st.lists(st.tuples(category, score, dormant), min_size=1, max_size=5))
    scores.sort(key=lambda one: -one[1])
    months = data.draw(st.integers(1, 2))
    had = {name: data.draw(st.integers(0, 2)) for name in CATEGORIES}
    chosen = {name: data.draw(st.integers(0, 2)) for name in CATEGORIES}
    reserved = data.draw(st.integers(0, months))
    people = People(scores, had, months, 1.0, 4.0)
    for first in range(len(scores)):
        later = scores[first:]
        for number in range(len(later) + 1):
            bound = people.best(first, number, chosen, reserved=reserved)
            for some in combinations(later, number):
                for where in product(range(months), repeat=number):
                    counted = Counter(
                        {(m, c): had[c] + chosen[c] for m in range(months) for c in CATEGORIES}
                    )
                    total = 0.0
                    for (name, score, _), month in zip(some, where, strict=True):
                        total += score - counted[month, name]
                        counted[month, name] += 1
                    ties = {month for (_, _, tie), month in zip(some, where, strict=True) if tie}
                    assert total + 4.0 * min(len(ties), reserved) <= bound + ROUGHLY


def test_without_ties_the_bound_is_what_the_best_are_worth() -> None:
    scores = [("results", 3.0, False), ("results", 2.5, False), ("business", 1.0, False)]
    one_month = People(scores, {}, 1, 1.0, 4.0)
    assert [one_month.best(0, n, {}, reserved=1) for n in range(5)] == [0, 3.0, 4.5, 5.5, 5.5]
    assert one_month.best(1, 2, {}, reserved=1) == 3.5
    assert one_month.best(0, 2, {"results": 1}, reserved=1) == 3.0
    assert People(scores, {"results": 2}, 1, 1.0, 4.0).best(0, 2, {}, reserved=1) == 2.0
    two_months = People(scores, {}, 2, 1.0, 4.0)
    assert two_months.best(0, 2, {}, reserved=0) == 5.5


def test_a_tie_adds_its_reserved_place_as_long_as_there_is_one() -> None:
    scores = [("results", 3.0, False), ("business", 1.0, True), ("business", 0.5, True)]
    people = People(scores, {}, 2, 1.0, 4.0)
    assert people.best(0, 1, {}, reserved=0) == 3.0
    assert people.best(0, 1, {}, reserved=1) == 5.0
    assert people.best(0, 3, {}, reserved=2) >= 3.0 + 5.0 + 4.5
    assert people.best(2, 1, {}, reserved=2) == 4.5


def test_one_tie_and_somebody_who_is_worth_more_than_a_place_for_a_tie_are_within_the_bound() -> (
    None
):
    scores = [("results", 5.0, False), ("results", 0.0, True), ("results", 0.0, True)]
    people = People(scores, {}, 2, 1.0, 4.0)
    assert people.best(0, 2, {}, reserved=2) == 5.0 + 4.0
    assert people.best(1, 2, {}, reserved=2) == 4.0 + 4.0


@QUICK
@given(st.lists(st.sets(st.integers(0, 3)), max_size=5), st.integers(1, 2), st.integers(0, 2))
def test_as_many_fit_as_the_best_of_all_ways_to_seat_them(
    days_of: list[set[int]], per_day: int, used: int
) -> None:
    caps = Caps(MeetingRules(per_day=per_day), Counter({WEEK[0]: used}), Counter())
    can = [[WEEK[number] for number in sorted(numbers)] for numbers in days_of]
    most = max(
        sum(on is not None for on in seats)
        for seats in product(*([None, *days] for days in can))
        if all(n <= caps.left_on(on) for on, n in Counter(filter(None, seats)).items())
    )
    assert most_that_fit(can, caps) == most


def test_the_best_of_each_day() -> None:
    worths = [(day("2026-11-27"), 1.0), (day("2026-11-28"), -1.0), (day("2026-11-27"), 2.0)]
    worths.append((day("2026-11-27"), 0.5))
    assert best_by_day(worths) == {day("2026-11-27"): 2.0, day("2026-11-28"): -1.0}


def test_a_search_that_takes_too_long_gives_a_bound_all_the_same() -> None:
    """Every third day is a choice that costs nothing for lying close; the first ones do."""
    sixty = [FRIDAY + timedelta(days=n) for n in range(60)]
    worths = {on: -n / 100 for n, on in enumerate(sixty)}
    caps = Caps(MeetingRules(per_day=1, per_week=9), Counter(), Counter())
    days = Days(worths, caps, {NOVEMBER: 9, DECEMBER: 31, Month(2027, 1): 31})
    assert days.best(10) >= worth(sixty[:30:3], worths) - ROUGHLY
