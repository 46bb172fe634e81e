from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from clocks import QUICK
from domain_builders import BERLIN, NOW, at, meeting, span
from hypothesis import given
from hypothesis import strategies as st

from connectd.domain.learned import REMEMBERED, Learned, Liking, learn
from connectd.domain.model import Meeting, State

MONDAY, TUESDAY = 0, 1
HOUR = timedelta(hours=1)


def taught(*meetings: Meeting, zone: ZoneInfo = BERLIN) -> Learned:
    return learn(meetings, zone, NOW)


def yes(when: str, **given: object) -> Meeting:
    return meeting("ann", State.MET, when, **given)


def no(when: str, **given: object) -> Meeting:
    return meeting("ann", State.DECLINED, when, **given)


def lapsed(after: timedelta) -> Meeting:
    drafted = NOW - timedelta(days=30)
    return meeting(
        "ann", State.EXPIRED, "2026-10-20 10:00", drafted_at=drafted, ended_at=drafted + after
    )


def answered(after: timedelta) -> Meeting:
    drafted = NOW - timedelta(days=30)
    return yes("2026-10-20 10:00", drafted_at=drafted, accepted_at=drafted + after)


def asked(likings: Mapping[int, Liking]) -> dict[int, tuple[float, float]]:
    """The likings of weekdays or hours of which anything is known."""
    return {key: (liking.yes, liking.asked) for key, liking in likings.items() if liking.asked}


def test_a_yes_speaks_for_the_weekday_and_a_no_against_it() -> None:
    known = taught(yes("2026-10-19 10:00"), yes("2026-10-26 16:30"), no("2026-10-20 16:00"))
    assert asked(known.weekdays) == {MONDAY: (2, 2), TUESDAY: (0, 1)}
    assert known.overall == Liking(2, 3)
    assert known.likes_weekday(MONDAY) > 0 > known.likes_weekday(TUESDAY)


def test_an_answer_counts_for_its_hour_and_in_part_for_those_beside_it() -> None:
    known = taught(yes("2026-10-19 10:45"), no("2026-10-20 12:00"))
    assert asked(known.hours) == {
        8: (0.25, 0.25),
        9: (0.5, 0.5),
        10: (1, 1.25),
        11: (0.5, 1),
        12: (0.25, 1.25),
        13: (0, 0.5),
        14: (0, 0.25),
    }
    assert known.likes_hour(10) > known.likes_hour(11) == 0 > known.likes_hour(12)


def test_the_weekday_and_the_hour_are_those_on_the_users_wall() -> None:
    late = meeting("ann", State.MET, span("2026-10-19 22:30", 45, ZoneInfo("UTC")))
    west = taught(late, zone=ZoneInfo("Pacific/Pago_Pago"))
    east = taught(late, zone=ZoneInfo("Pacific/Kiritimati"))
    assert (asked(west.weekdays), west.hours[11]) == ({MONDAY: (1, 1)}, Liking(1, 1))
    assert (asked(east.weekdays), east.hours[12]) == ({TUESDAY: (1, 1)}, Liking(1, 1))


def test_a_draft_that_was_moved_speaks_against_the_old_time_and_for_the_new_one() -> None:
    old = at("2026-10-20 09:00")
    known = taught(yes("2026-10-19 16:00", moved=True, moved_from=old))
    assert asked(known.weekdays) == {MONDAY: (1, 1), TUESDAY: (0, 1)}
    assert (known.hours[9], known.hours[16]) == (Liking(0, 1), Liking(1, 1))


def test_one_that_was_moved_and_not_answered_yet_speaks_against_the_old_time_alone() -> None:
    draft = meeting("ann", State.DRAFTED, "2026-11-09 10:00", moved_from=at("2026-11-10 09:00"))
    assert asked(taught(draft).weekdays) == {TUESDAY: (0, 1)}


def test_a_yes_that_was_taken_back_is_a_no() -> None:
    back = no("2026-10-19 10:00", accepted_at=NOW - timedelta(days=20))
    assert asked(taught(back).weekdays) == {MONDAY: (0, 1)}


@pytest.mark.parametrize("state", [State.DRAFTED, State.EXPIRED, State.WITHDRAWN])
def test_what_was_not_answered_says_nothing_of_weekday_and_hour(state: State) -> None:
    known = taught(meeting("ann", state, "2026-10-19 10:00", ended_at=NOW))
    assert (asked(known.weekdays), asked(known.hours), known.overall) == ({}, {}, Liking(0, 0))


@pytest.mark.parametrize("state", [State.TURNED_DOWN, State.CANCELLED, State.MISSED])
def test_what_others_made_of_it_does_not_change_the_users_yes(state: State) -> None:
    assert asked(taught(meeting("ann", state, "2026-10-19 10:00")).weekdays) == {MONDAY: (1, 1)}


def test_answers_of_more_than_a_year_ago_teach_nothing() -> None:
    drafted = NOW - REMEMBERED
    old = yes("2026-10-19 10:00", drafted_at=drafted)
    assert taught(old).overall == Liking(1, 1)
    for undated in (drafted - timedelta(seconds=1), None):
        known = taught(old._replace(drafted_at=undated))
        assert (asked(known.weekdays), known.overall, known.answered) == ({}, Liking(0, 0), ())


def test_before_anything_is_known_nothing_is_liked_and_everything_answered_in_time() -> None:
    nothing = Learned()
    assert {nothing.likes_weekday(n) for n in range(7)} == {0.0}
    assert {nothing.likes_hour(n) for n in range(24)} == {0.0}
    assert nothing.in_time(timedelta()) == 1.0


def test_one_answer_moves_little_and_many_move_more() -> None:
    usual = [yes("2026-10-20 10:00"), no("2026-10-20 10:00")] * 4
    likes = [
        taught(*usual, *[yes("2026-10-19 15:00")] * n).likes_weekday(MONDAY) for n in (0, 1, 4, 9)
    ]
    assert likes[0] == 0
    assert likes[1] == pytest.approx(5 / 9 + (1 - 5 / 9) / 5 - 5 / 9)
    assert likes[2] > likes[1]


answers = st.lists(
    st.builds(
        lambda day, hour, said: (yes if said else no)(f"2026-10-{day} {hour}:00"),
        st.integers(12, 25),
        st.integers(10, 18),
        st.booleans(),
    ),
    max_size=12,
)


@QUICK
@given(answers)
def test_likings_stay_between_minus_one_and_one_and_those_of_the_weekdays_balance(
    given_answers: list[Meeting],
) -> None:
    known = taught(*given_answers)
    assert sum(liking.asked for liking in known.weekdays.values()) == known.overall.asked
    assert sum(liking.yes for liking in known.weekdays.values()) == known.overall.yes
    days = [known.likes_weekday(n) for n in range(7)]
    assert all(-1 < value < 1 for value in [*days, *map(known.likes_hour, range(24))])
    weights = [known.weekdays[n].asked + 4 if known.weekdays[n].asked else 0 for n in range(7)]
    balance = sum(value * weight for value, weight in zip(days, weights, strict=True))
    assert balance == pytest.approx(0, abs=1e-9)


@QUICK
@given(answers, st.randoms(use_true_random=False))
def test_the_order_of_the_answers_teaches_nothing(
    given_answers: list[Meeting], random: object
) -> None:
    shuffled = list(given_answers)
    random.shuffle(shuffled)  # type: ignore[attr-defined] # a Random
    assert taught(*shuffled) == taught(*given_answers)


@pytest.mark.parametrize(
    ("waited", "in_vain", "life", "share"),
    [
        ([], [], 1, 1.0),
        ([1, 5], [], 5, 1.0),
        ([1, 5], [], 4, 4 / 5),
        ([1], [8], 8, 4 / 5),
        ([1], [8], 9, 1.0),
        ([], [8, 8, 8], 2, 3 / 6),
    ],
)
def test_the_share_of_drafts_that_are_answered_in_time(
    waited: Sequence[int], in_vain: Sequence[int], life: int, share: float
) -> None:
    """One that lapsed sooner than ``life`` says nothing: it might have been answered yet."""
    known = taught(*(answered(n * HOUR) for n in waited), *(lapsed(n * HOUR) for n in in_vain))
    assert known.in_time(life * HOUR) == share


@QUICK
@given(st.lists(st.integers(1, 99)), st.lists(st.integers(1, 99)), st.integers(0, 99))
def test_more_time_never_makes_an_answer_less_likely(
    waited: list[int], in_vain: list[int], life: int
) -> None:
    known = taught(*(answered(n * HOUR) for n in waited), *(lapsed(n * HOUR) for n in in_vain))
    shorter, longer = known.in_time(life * HOUR), known.in_time((life + 1) * HOUR)
    assert 0 < shorter <= longer <= 1


def test_an_accepted_draft_that_lapsed_later_was_answered() -> None:
    drafted: datetime = NOW - timedelta(days=30)
    held_up = meeting(
        "ann",
        State.EXPIRED,
        "2026-10-20 10:00",
        drafted_at=drafted,
        accepted_at=drafted + HOUR,
        ended_at=drafted + 9 * HOUR,
    )
    known = taught(held_up)
    assert (known.answered, known.ignored) == ((HOUR,), ())
