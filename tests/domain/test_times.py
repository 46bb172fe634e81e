"""The times that each person could be given, and who need not be looked at."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from clocks import LARGE
from domain_builders import ALWAYS, NOW, at, day, person, policy, span
from hypothesis import event, given
from hypothesis import strategies as st

from connectd.domain.cadence import Light
from connectd.domain.caps import Caps, week_of
from connectd.domain.learned import Learned
from connectd.domain.model import Contact, Kind, MeetingRules, Month, Policy, Span
from connectd.domain.placing import Candidate, Limits, Slot, place, total
from connectd.domain.preferences import Preferences
from connectd.domain.ranking import Due, Reason
from connectd.domain.slots import MINUTE, QUARTER, in_waking_hours
from connectd.domain.times import Person, Profile, Times, undominated
from connectd.domain.times import person as with_times

NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)
TUESDAY = span("2026-11-10 09:00", 180)


def due(contact: Contact, *, earliest: str = "2026-11-02", dormant: bool = False) -> Due:
    first = day(earliest)
    return Due(contact, first, first, Light.AMBER, (Reason(1.0, "due"),), 1.0, dormant)


def somebody(
    contact: Contact | None = None,
    *,
    barred: Sequence[Month] = (),
    busy: Sequence[Span] = (),
    earliest: str = "2026-11-02",
    dormant: bool = False,
) -> Person:
    one = due(contact or person("ann"), earliest=earliest, dormant=dormant)
    return with_times(one, frozenset(barred), tuple(busy), policy())


def times(
    *free: Span,
    months: Sequence[Month] = (NOVEMBER, DECEMBER),
    caps: Caps | None = None,
    wanted: Policy | None = None,
    grid: timedelta = QUARTER,
) -> Times:
    wanted = wanted or policy(per_day=9, per_week=9)
    preferences = Preferences(NOW, wanted, (), (), Learned())
    caps = caps or Caps(wanted.rules, Counter(), Counter())
    return Times(free, caps, months, preferences, wanted, grid)


def starts(options: Sequence[Slot]) -> list[str]:
    return sorted(f"{o.span.start:%d %H:%M}" for o in options)


class TestOptions:
    def test_the_best_comes_first(self) -> None:
        worths = [option.worth for option in times(TUESDAY).options(somebody())]
        assert len(worths) == 10
        assert worths == sorted(worths, reverse=True)

    def test_each_time_knows_its_local_day_week_and_month(self) -> None:
        midnight = span("2026-12-01 00:00", 45)
        (option,) = times(midnight, wanted=policy(per_day=9)).options(somebody())
        assert option[:4] == (midnight, day("2026-12-01"), (2026, 49), DECEMBER)

    def test_a_later_month_is_never_worth_more_than_an_earlier_one(self) -> None:
        last, first = span("2026-11-30 16:00", 45), span("2026-12-01 09:00", 45)
        assert [o.span for o in times(last, first).options(somebody())] == [last, first]

    def test_only_the_months_that_want_somebody_have_times(self) -> None:
        last, first = span("2026-11-30 16:00", 45), span("2026-12-01 09:00", 45)
        (option,) = times(last, first, months=[DECEMBER]).options(somebody())
        assert option.span == first

    @pytest.mark.parametrize(
        ("on_day", "in_week", "left"), [(0, 0, 10), (7, 8, 10), (9, 0, 0), (0, 9, 0)]
    )
    def test_full_days_and_weeks_have_none(self, on_day: int, in_week: int, left: int) -> None:
        rules = MeetingRules(per_day=9, per_week=9)
        caps = Caps(rules, Counter({day("2026-11-10"): on_day}), Counter({(2026, 46): in_week}))
        assert len(times(TUESDAY, caps=caps).options(somebody())) == left

    def test_of_a_day_that_takes_one_more_only_the_best_time_is_kept(self) -> None:
        wednesday = span("2026-11-11 09:00", 180)
        found = times(TUESDAY, wednesday, wanted=policy()).options(somebody())
        best = {o.day: o for o in reversed(times(TUESDAY, wednesday).options(somebody()))}
        assert [o.span for o in found] == [best[o.day].span for o in found]
        assert [o.day for o in found] == [day("2026-11-10"), day("2026-11-11")]

    def test_beside_it_those_near_midnight_are_kept(self) -> None:
        night = span("2026-11-10 22:00", 180)
        found = times(night, wanted=policy(hours=ALWAYS)).options(somebody())
        late = [f"10 {hour}:{minute:02}" for hour in (21, 22) for minute in (0, 15, 30, 45)]
        assert starts(found) == ["10 21:00", *late[1:], "10 23:00", "10 23:15"]

    def test_nobody_is_asked_before_they_are_due(self) -> None:
        free = (span("2026-11-10 16:00", 45), span("2026-11-11 09:00", 45))
        (option,) = times(*free).options(somebody(earliest="2026-11-11"))
        assert option.span == free[1]

    def test_nobody_is_asked_for_a_month_that_has_counted_them(self) -> None:
        last, first = span("2026-11-30 16:00", 45), span("2026-12-01 09:00", 45)
        (option,) = times(last, first).options(somebody(barred=[NOVEMBER]))
        assert option.span == first

    def test_nobody_is_asked_for_while_they_are_busy(self) -> None:
        busy = somebody(busy=[span("2026-11-10 09:45", 60)])
        found = times(TUESDAY).options(busy)
        assert starts(found) == ["10 08:00", "10 09:45", "10 10:00", "10 10:15"]

    def test_somebody_abroad_is_asked_for_their_waking_hours(self) -> None:
        abroad = somebody(person("ann", timezone="America/New_York"))
        afternoon = span("2026-11-10 13:00", 240)
        found = times(afternoon).options(abroad)
        new_york = ZoneInfo("America/New_York")
        assert starts(found)[0] == "10 13:00"
        assert all(in_waking_hours(option.span, new_york) for option in found)

    def test_a_zone_of_their_own_that_is_the_users_rules_nothing_out(self) -> None:
        same = somebody(person("ann", timezone="Europe/Berlin"))
        early = span("2026-11-10 05:00", 45)
        assert same.profile.zones == ()
        assert len(times(early).options(same)) == 1

    def test_an_old_tie_is_given_a_quarter_of_an_hour_more_where_there_is_one(self) -> None:
        tight, wide = span("2026-11-10 09:00", 45), span("2026-11-11 09:00", 60)
        found = times(tight, wide).options(somebody(dormant=True))
        lengths = [(o.day.day, o.span.length // MINUTE) for o in found]
        assert sorted(lengths) == [(10, 45), (11, 45), (11, 45), (11, 60)]
        assert next(o.span.length // MINUTE for o in found if o.day.day == 11) == 60
        assert {o.span.length // MINUTE for o in times(wide).options(somebody())} == {45}

    def test_the_kind_of_meeting_has_its_say(self) -> None:
        free = span("2026-11-10 09:00", 8 * 60)
        best = {
            kind: times(free).options(somebody(person("ann", kind=kind)))[0].span
            for kind in (Kind.COFFEE, Kind.LUNCH)
        }
        assert best[Kind.COFFEE].start == at("2026-11-10 09:00")
        assert best[Kind.LUNCH].start == at("2026-11-10 11:30")

    def test_whoever_has_a_time_at_all(self) -> None:
        assert times(TUESDAY).has_any(somebody())
        assert not times(TUESDAY).has_any(somebody(earliest="2026-11-11"))
        assert not times().has_any(somebody())


def scored(number: int, score: float, earliest: int, profile: Profile, **given: object) -> Person:
    contact = person(f"p{number:02}", "results" if number % 2 else "business")
    first = date(2026, 11, 27) + timedelta(days=earliest)
    one = Due(contact, first, first, Light.RED, (Reason(score, ""),), score, profile.longer)
    return Person(one, profile, first, **given)  # type: ignore[arg-type] # barred and busy


PLAIN = Profile(Kind.COFFEE, (), longer=False)
PROFILES = (PLAIN, Profile(Kind.LUNCH, (), longer=False), Profile(Kind.COFFEE, (), longer=True))


@st.composite
def crowds(draw: st.DrawFn) -> list[Person]:
    """People in order of their score, many of them much alike."""
    scores = draw(st.lists(st.integers(0, 4).map(lambda n: n / 2), max_size=9))
    special = {"barred": frozenset({NOVEMBER})}
    return [
        scored(
            number,
            score,
            draw(st.integers(0, 4)),
            draw(st.sampled_from([PLAIN, PLAIN, *PROFILES])),
            **(special if draw(st.integers(0, 5)) == 5 else {}),
        )
        for number, score in enumerate(sorted(scores, reverse=True))
    ]


def option(number: int, minute: int, worth: float) -> Slot:
    on = date(2026, 11, 27) + timedelta(days=number)
    start = datetime.combine(on, time(9), UTC) + timedelta(minutes=minute)
    return Slot(Span(start, start + timedelta(minutes=45)), on, week_of(on), Month.of(on), worth)


pools = st.lists(
    st.builds(
        option,
        st.integers(0, 5),
        st.sampled_from([0, 30, 60]),
        st.integers(-4, 4).map(lambda n: n / 4),
    ),
    max_size=7,
    unique_by=lambda o: o.span,
)


@LARGE
@given(crowds(), st.tuples(pools, pools, pools), st.integers(1, 3), st.integers(1, 2), st.data())
def test_the_people_who_are_left_out_would_not_have_been_chosen(
    crowd: list[Person],
    offered: tuple[list[Slot], ...],
    room: int,
    per_day: int,
    data: st.DataObject,
) -> None:
    of_profile = dict(zip(PROFILES, offered, strict=True))
    limits = Limits(
        room=room,
        wanted={NOVEMBER: data.draw(st.integers(1, 3)), DECEMBER: data.draw(st.integers(1, 3))},
        caps=Caps(MeetingRules(per_day=per_day, per_week=3), Counter(), Counter()),
        margin=timedelta(minutes=15),
        had={(NOVEMBER, "results"): data.draw(st.integers(0, 1))},
        reserved=frozenset({NOVEMBER}),
    )

    def choice(people: Sequence[Person]) -> tuple[int, float, set[str]]:
        candidates = [
            Candidate(
                one.due.contact.id,
                one.due.score,
                one.due.contact.category,
                one.due.is_dormant,
                sorted(
                    filter(one.may_come, of_profile[one.profile]), key=lambda o: (-o.worth, o.span)
                ),
            )
            for one in people
        ]
        placed = place(candidates, limits)
        return len(placed), round(total(placed, limits), 6), {p.candidate.id for p in placed}

    kept = undominated(crowd, room, date.min)
    event(f"{len(crowd) - len(kept)} left out")
    assert [one for one in crowd if one in kept] == list(kept)
    assert choice(kept)[:2] == choice(crowd)[:2]


def test_so_many_as_there_is_room_for_are_kept_of_those_who_are_alike() -> None:
    alike = [scored(2 * n, 3.0 - n / 10, 0, PLAIN) for n in range(9)]
    assert undominated(alike, 3, date.min) == tuple(alike[:3])


def test_whoever_can_come_earlier_is_kept_and_so_is_whoever_is_unlike_the_others() -> None:
    late = [scored(2 * n, 3.0, 3, PLAIN) for n in range(3)]
    early = scored(10, 1.0, 0, PLAIN)
    other_category = scored(11, 1.0, 3, PLAIN)
    other_kind = scored(12, 1.0, 3, PROFILES[1])
    last = scored(14, 0.5, 3, PLAIN)
    everybody = [*late, early, other_category, other_kind, last]
    assert undominated(everybody, 2, date.min) == (*late[:2], early, other_category, other_kind)


def test_those_who_cannot_come_at_every_time_rule_nobody_out() -> None:
    busy = [scored(2 * n, 3.0, 0, PLAIN, busy=(TUESDAY,)) for n in range(3)]
    free = scored(8, 1.0, 0, PLAIN)
    assert undominated([*busy, free], 2, date.min) == (*busy, free)
