"""Which meeting is meant by one who says that it took place, or did not."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from domain_builders import BERLIN, at, meeting

from connectd.domain.meant import History, Meant
from connectd.domain.model import Encounter, Meeting, State

PLANNED = "2026-11-05 09:00"
DAY = timedelta(days=1)


def held(on: str, of: Meeting | None = None) -> Encounter:
    return Encounter("bob", date.fromisoformat(on), meeting=of.uid if of else None)


def history(meetings: Iterable[Meeting], *encounters: Encounter) -> History:
    return History(tuple(meetings), encounters, BERLIN)


def planned(state: State, when: str = PLANNED, attempt: int = 1) -> Meeting:
    return meeting("bob", state, when, attempt=attempt)


class TestDone:
    def test_it_is_the_latest_that_has_begun(self) -> None:
        sent, ahead = planned(State.CONFIRMED), planned(State.DRAFTED, "2026-11-09 09:00", 2)
        assert history([sent, ahead]).done(at("2026-11-06 12:00")) == sent

    def test_one_that_waits_comes_before_one_that_is_marked(self) -> None:
        sent, met = planned(State.INVITED), planned(State.MET, "2026-11-06 09:00", 2)
        assert history([sent, met]).done(at("2026-11-06 12:00")) == sent

    def test_one_that_is_marked_comes_before_an_older_one_that_was_missed(self) -> None:
        missed, met = planned(State.MISSED, "2026-10-05 09:00"), planned(State.MET, attempt=2)
        assert history([missed, met]).done(at("2026-11-06 12:00")) == met

    def test_one_that_was_marked_long_ago_is_not_meant(self) -> None:
        known = history([met := planned(State.MET)])
        assert known.done(at("2026-11-19 09:00")) == met
        assert known.done(at("2026-11-19 10:00")) is None
        assert known.done(at("2026-11-20 09:00"), assume_met_after=3 * DAY) == met

    def test_one_that_counts_on_another_day_is_found_by_that_day(self) -> None:
        met = planned(State.MET)
        known = history([met], held("2026-11-06", met))
        assert known.done(at("2026-11-09 12:00"), date(2026, 11, 6)) == met
        assert known.done(at("2026-11-09 12:00"), date(2026, 11, 5)) is None

    @pytest.mark.parametrize(
        ("on", "is_meant"), [(4, False), (5, True), (6, True), (12, True), (13, False)]
    )
    def test_one_that_was_caught_up_within_a_week_is_meant(self, on: int, is_meant: bool) -> None:  # noqa: FBT001
        sent = planned(State.CONFIRMED)
        meant = history([sent]).done(at("2026-11-20 12:00"), date(2026, 11, on))
        assert meant == (sent if is_meant else None)

    def test_it_may_be_caught_up_as_long_as_nothing_is_assumed(self) -> None:
        sent = planned(State.CONFIRMED)
        known, now = history([sent]), at("2026-11-30 12:00")
        assert known.done(now, date(2026, 11, 15), 10 * DAY) == sent
        assert known.done(now, date(2026, 11, 16), 10 * DAY) is None

    @pytest.mark.parametrize("state", [State.DRAFTED, State.ACCEPTED, State.MISSED, State.MET])
    def test_only_what_was_sent_is_caught_up(self, state: State) -> None:
        known = history([planned(state)])
        assert known.done(at("2026-11-06 12:00"), date(2026, 11, 6)) is None


class TestMissed:
    def test_nothing_is_nothing(self) -> None:
        assert history([]).missed(at("2026-11-06 12:00")) is None

    def test_one_that_waits_comes_before_one_found_later(self) -> None:
        sent = planned(State.CONFIRMED)
        known = history([sent], held("2026-10-05"), held("2026-11-06"))
        assert known.missed(at("2026-11-06 12:00")) == Meant(date(2026, 11, 5), sent)

    def test_one_that_counts_is_meant_on_the_day_it_was_held(self) -> None:
        met = planned(State.MET)
        known = history([met], held("2026-11-06", met))
        assert known.missed(at("2026-11-09 12:00")) == Meant(date(2026, 11, 6), met)

    def test_one_found_after_it_comes_first(self) -> None:
        met = planned(State.MET)
        known = history([met], held("2026-11-05", met), held("2026-11-06"))
        assert known.missed(at("2026-11-09 12:00")) == Meant(date(2026, 11, 6), None)

    def test_one_that_was_found_in_the_calendar_first_is_that_meeting(self) -> None:
        met = planned(State.MET)
        known = history([met], held("2026-11-05"))
        assert known.missed(at("2026-11-09 12:00")) == Meant(date(2026, 11, 5), met)

    @pytest.mark.parametrize("state", [State.MISSED, State.EXPIRED])
    def test_one_that_does_not_count_hides_what_was_before(self, state: State) -> None:
        before = planned(State.MET, "2026-10-05 09:00")
        over = planned(state, attempt=2)._replace(invited_at=at("2026-11-01 09:00"))
        known = history([before, over], held("2026-10-05", before))
        assert known.missed(at("2026-11-20 12:00")) == Meant(date(2026, 11, 5), over)

    def test_one_found_after_one_that_does_not_count_is_meant(self) -> None:
        known = history([planned(State.MISSED)], held("2026-11-06"))
        assert known.missed(at("2026-11-20 12:00")) == Meant(date(2026, 11, 6), None)

    def test_a_draft_that_lapsed_was_never_to_be(self) -> None:
        lapsed = planned(State.EXPIRED)
        known = history([lapsed], held("2026-10-05"))
        assert known.missed(at("2026-11-20 12:00")) == Meant(date(2026, 10, 5), None)
