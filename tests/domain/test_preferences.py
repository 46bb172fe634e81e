"""Each preference by itself, and the words for what they weigh."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from clocks import QUICK, ZONES, moments, spans
from domain_builders import ALWAYS, BERLIN, NOW, at, day, policy, span
from hypothesis import event, given
from hypothesis import strategies as st

from connectd.domain.learned import Learned, Liking
from connectd.domain.model import Kind, Span
from connectd.domain.preferences import WORTH_SAYING, Preferences, closeness
from connectd.domain.spans import merge

ONE_DAY = timedelta(days=1)
FOND_OF_MONDAYS = Learned(weekdays={0: Liking(8, 8)}, overall=Liking(8, 16))
TIRED_AT_NINE = Learned(hours={9: Liking(0, 8)}, overall=Liking(8, 16))


def preferences(
    taken: Sequence[Span] = (),
    standing: Sequence[date] = (),
    learned: Learned | None = None,
    now: datetime = NOW,
    **rules: int,
) -> Preferences:
    return Preferences(now, policy(**rules), merge(taken), standing, learned or Learned())


def better(weighed: Preferences, one: Span, other: Span) -> float:
    """How much more the one is worth, with nothing said of who comes."""
    return round(weighed.of_time(one) - weighed.of_time(other), 6)


class TestTime:
    def test_a_day_of_waiting_costs_a_twentieth(self) -> None:
        tuesday, wednesday = span("2026-11-10 10:00", 45), span("2026-11-11 10:00", 45)
        assert better(preferences(), tuesday, wednesday) == 0.05

    def test_it_costs_up_to_four_times_as_much_at_the_end_of_the_month(self) -> None:
        last = span("2026-11-29 10:00", 45)
        costs = [
            better(preferences(now=at(f"2026-11-{on} 00:00")), last, span("2026-11-30 10:00", 45))
            for on in ("10", "17", "24", "28")
        ]
        assert costs == [0.05, 0.05, 0.125, pytest.approx(0.167857)]

    def test_from_the_next_month_on_there_is_no_hurry(self) -> None:
        late = preferences(now=at("2026-11-28 00:00"))
        first, second = span("2026-12-08 10:00", 45), span("2026-12-09 10:00", 45)
        assert better(late, first, second) == 0.05

    @pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Kathmandu", "Asia/Kolkata"])
    def test_the_full_and_the_half_hour_on_the_wall_are_preferred(self, zone: str) -> None:
        here = ZoneInfo(zone)
        weighed = Preferences(NOW, policy(zone=here), (), (), Learned())
        full, quarter, half = (span(f"2026-11-10 10:{m}", 45, here) for m in ("00", "15", "30"))
        assert better(weighed, full, quarter) > 0.09
        assert better(weighed, half, quarter) > 0.09
        assert abs(better(weighed, full, half)) < 0.01

    @pytest.mark.parametrize(
        ("standing", "cost"),
        [
            ([], 0.0),
            (["2026-11-10"], 0.5),
            (["2026-11-11"], 0.3),
            (["2026-11-09"], 0.3),
            (["2026-11-12"], 0.15),
            (["2026-11-13"], 0.0),
            (["2026-11-08", "2026-11-11"], 0.3),
            (["2026-11-09", "2026-11-11"], 0.3),
        ],
    )
    def test_meetings_are_spread_and_the_nearest_counts(
        self, standing: list[str], cost: float
    ) -> None:
        spread = preferences(standing=list(map(day, standing)))
        tuesday = span("2026-11-10 10:00", 45)
        assert preferences().of_time(tuesday) - spread.of_time(tuesday) == pytest.approx(cost)

    @pytest.mark.parametrize(("hours", "cost"), [(0, 0), (3.5, 0), (4.2, 0.08), (7, 0.4)])
    def test_a_day_more_than_half_full_costs(self, hours: float, cost: float) -> None:
        taken = [span("2026-11-10 09:00", 180), span("2026-11-10 13:00", 240)]
        office = timedelta(hours=hours)
        first = Span(taken[0].start, taken[0].start + min(office, timedelta(hours=3)))
        second = Span(taken[1].start, taken[1].start + max(office - first.length, timedelta()))
        full, evening = preferences([first, second]), span("2026-11-10 19:00", 45)
        assert preferences().of_time(evening) - full.of_time(evening) == pytest.approx(cost)

    def test_what_is_taken_outside_the_working_hours_fills_no_day(self) -> None:
        night = preferences([span("2026-11-10 00:00", 9 * 60), span("2026-11-10 17:00", 7 * 60)])
        morning = span("2026-11-10 10:30", 45)
        assert night.of_time(morning) == preferences().of_time(morning)

    @pytest.mark.parametrize(
        ("ends", "begins", "squeezed"),
        [
            ("09:30", "11:15", True),
            ("09:29", "11:15", False),
            ("09:30", "11:16", False),
            ("10:00", "10:45", True),
        ],
    )
    def test_no_meeting_is_squeezed_between_two_others(
        self,
        ends: str,
        begins: str,
        squeezed: bool,  # noqa: FBT001  a column
    ) -> None:
        first = Span(at("2026-11-10 09:00"), at(f"2026-11-10 {ends}"))
        tight = preferences([first, span(f"2026-11-10 {begins}", 30)], buffer_minutes=15)
        between = span("2026-11-10 10:00", 45)
        cost = preferences().of_time(between) - tight.of_time(between)
        assert cost == pytest.approx(0.3 if squeezed else 0.0)

    def test_one_neighbour_squeezes_nobody(self) -> None:
        between = span("2026-11-10 10:00", 45)
        for near in (span("2026-11-10 09:30", 30), span("2026-11-10 10:45", 30)):
            assert preferences([near]).of_time(between) == preferences().of_time(between)

    @pytest.mark.parametrize(
        ("friday", "cost"),
        [("2026-11-13 14:30", 0.0), ("2026-11-13 15:00", 0.3), ("2026-11-13 16:00", 0.3)],
    )
    def test_nobody_is_asked_for_late_on_a_friday(self, friday: str, cost: float) -> None:
        late = span(friday, 45)
        the_day_before = Span(late.start - ONE_DAY, late.end - ONE_DAY)
        assert better(preferences(), the_day_before, late) == pytest.approx(0.05 + cost)


class TestKind:
    @pytest.mark.parametrize(
        ("kind", "when", "worth"),
        [
            (Kind.COFFEE, "09:00", 0.25),
            (Kind.COFFEE, "10:30", 0.25),
            (Kind.COFFEE, "08:00", 0.0),
            (Kind.COFFEE, "08:30", 0.125),
            (Kind.COFFEE, "15:00", 0.12),
            (Kind.COFFEE, "12:30", 0.0),
            (Kind.LUNCH, "12:00", 0.5),
            (Kind.LUNCH, "11:00", 0.25),
            (Kind.LUNCH, "14:00", 0.0),
            (Kind.WALK, "15:00", 0.5),
            (Kind.WALK, "15:30", 0.25),
            (Kind.WALK, "17:00", 0.0),
            (Kind.CALL, "10:00", 0.0),
            (Kind.VIDEO, "12:00", 0.0),
        ],
    )
    def test_when_to_meet_for_what(self, kind: Kind, when: str, worth: float) -> None:
        hour = span(f"2026-11-10 {when}", 60)
        assert preferences().of_kind(kind, hour) == pytest.approx(worth)

    def test_it_is_the_clock_on_the_users_wall_that_counts(self) -> None:
        here = ZoneInfo("Pacific/Kiritimati")
        weighed = Preferences(NOW, policy(zone=here), (), (), Learned())
        assert weighed.of_kind(Kind.LUNCH, span("2026-11-10 12:00", 60, here)) == 0.5
        assert weighed.of_kind(Kind.LUNCH, span("2026-11-10 12:00", 60, BERLIN)) == 0.0


class TestLearning:
    def test_a_weekday_that_is_liked_is_worth_more_and_an_hour_that_is_not_less(self) -> None:
        monday, tuesday = span("2026-11-09 10:00", 45), span("2026-11-10 10:00", 45)
        assert better(preferences(learned=FOND_OF_MONDAYS), monday, tuesday) > 0.3
        nine, ten = span("2026-11-10 09:00", 45), span("2026-11-10 10:00", 45)
        assert better(preferences(learned=TIRED_AT_NINE), ten, nine) > 0.3

    def test_nothing_is_learned_unless_the_user_wants_it(self) -> None:
        slow = Learned(answered=(timedelta(days=20),) * 9)
        for learned in (FOND_OF_MONDAYS, TIRED_AT_NINE, slow):
            for when in ("2026-11-09 09:00", "2026-11-10 10:00"):
                off = preferences(learned=learned, learn=False)
                assert off.of_time(span(when, 45)) == preferences().of_time(span(when, 45))
                plain = preferences().reasons(Kind.CALL, span(when, 45))
                assert off.reasons(Kind.CALL, span(when, 45)) == plain

    def test_whoever_answers_slowly_is_asked_earlier(self) -> None:
        slow = Learned(answered=(timedelta(days=4),) * 9)
        soon, later = span("2026-11-05 10:00", 45), span("2026-11-10 10:00", 45)
        assert better(preferences(), soon, later) > 0
        assert better(preferences(learned=slow), soon, later) < 0

    @pytest.mark.parametrize(("waited", "cost"), [(24, 0.0), (25, 1.5 * 9 / 12)])
    def test_the_life_of_a_draft_ends_as_long_before_its_start_as_drafts_lapse(
        self, waited: int, cost: float
    ) -> None:
        slow = Learned(answered=(timedelta(hours=waited),) * 9)
        in_two_days = Span(NOW + timedelta(hours=48), NOW + timedelta(hours=49))
        weighed = preferences(learned=slow, expires_hours=24)
        plain = preferences(expires_hours=24)
        assert plain.of_time(in_two_days) - weighed.of_time(in_two_days) == pytest.approx(cost)


class TestWords:
    def test_what_speaks_for_a_time_comes_before_what_speaks_against_it(self) -> None:
        full = [span("2026-11-13 09:00", 180), span("2026-11-13 13:00", 120)]
        tight = [*full, span("2026-11-13 15:45", 75)]
        friday = span("2026-11-13 15:00", 45)
        assert preferences(tight).reasons(Kind.COFFEE, friday) == (
            "a good time for coffee",
            "though the day is rather full",
            "though it lies between two other appointments",
            "though it is late on a Friday",
        )

    def test_what_was_learned_is_said(self) -> None:
        monday = span("2026-11-09 09:00", 45)
        fond = preferences(learned=FOND_OF_MONDAYS).reasons(Kind.CALL, monday)
        tired = preferences(learned=TIRED_AT_NINE).reasons(Kind.CALL, monday)
        slow = Learned(answered=(timedelta(days=20),) * 9)
        assert fond == ("you often say yes to Mondays",)
        assert tired == ("though you often say no to drafts around 9:00",)
        assert preferences(learned=slow).reasons(Kind.CALL, monday) == (
            "though it leaves little time to answer",
        )

    @pytest.mark.parametrize(
        ("kind", "when", "words"),
        [
            (Kind.LUNCH, "12:00", ("lunch time",)),
            (Kind.WALK, "12:00", ("there is daylight for a walk",)),
            (Kind.WALK, "16:30", ()),
            (Kind.CALL, "12:00", ()),
        ],
    )
    def test_a_good_time_for_the_kind_is_praised(
        self, kind: Kind, when: str, words: tuple[str, ...]
    ) -> None:
        assert preferences().reasons(kind, span(f"2026-11-10 {when}", 45)) == words

    def test_what_hardly_matters_is_not_said(self) -> None:
        little = Learned(weekdays={0: Liking(33, 65)}, overall=Liking(8, 16))
        assert 0 < little.likes_weekday(0) < WORTH_SAYING / 9
        monday = span("2026-11-09 09:00", 45)
        assert preferences(learned=little).reasons(Kind.CALL, monday) == ()


@QUICK
@given(st.data())
def test_what_is_taken_never_makes_a_time_better(data: st.DataObject) -> None:
    zone = data.draw(st.sampled_from(ZONES))
    now = data.draw(moments(zone))
    taken = data.draw(st.lists(spans(now, 4), max_size=5))
    start = now + timedelta(minutes=data.draw(st.integers(0, 3 * 1440)))
    when = Span(start, start + timedelta(minutes=45))
    wanted = policy(zone=zone, hours=ALWAYS)
    worth = Preferences(now, wanted, merge(taken), (), Learned()).of_time(when)
    empty = Preferences(now, wanted, (), (), Learned()).of_time(when)
    event("worse" if worth < empty else "as good")
    assert worth <= empty


def test_what_several_new_meetings_cost_for_lying_close() -> None:
    monday, tuesday, wednesday, sunday = (day(f"2026-11-{n}") for n in ("09", "10", "11", "15"))
    assert closeness([]) == closeness([monday]) == closeness([monday, sunday]) == 0
    assert closeness([monday, monday]) == 0.5
    assert closeness([tuesday, monday]) == 0.3
    assert closeness([monday, tuesday, wednesday]) == pytest.approx(0.3 + 0.3 + 0.15)
    assert closeness([monday] * 3) == pytest.approx(1.5)
