from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from domain_builders import (
    NOW,
    TODAY,
    as_they_are,
    at,
    day,
    drafted_people,
    drafts_of,
    event,
    local_days,
    lunch_with,
    meeting,
    met,
    people,
    person,
    policy,
    reasons_against,
    snapshot,
    span,
    unreadable,
)

from connectd.domain.model import Contact, Encounter, Meeting, State
from connectd.domain.planner import decide
from connectd.domain.view import Name


class TestCaps:
    EARLIER_THAT_WEEK = span("2026-11-03 10:00", 45)
    THURSDAY_AND_FRIDAY = (day("2026-11-05"), day("2026-11-06"))

    def rest_of_the_week(
        self,
        *meetings: Meeting,
        contacts: Iterable[str] = (),
        **given: Any,  # noqa: ANN401  any field
    ) -> list[date]:
        """The days of the drafts for two people, where no week but this one is open."""
        facts = snapshot(
            people("ann", "zoe", *contacts), at("2026-11-04 09:00"), meetings=meetings, **given
        )
        wanted = policy(per_week=2, notice_hours=12, horizon_days=5, people_per_month=9)
        return local_days(decide(facts, wanted))

    @pytest.mark.parametrize(
        ("state", "counts"),
        [
            (State.MET, True),
            (State.INVITED, True),
            (State.CONFIRMED, True),
            (State.CANCELLED, False),
            (State.MISSED, False),
        ],
    )
    def test_the_cap_of_the_week_counts_meetings_earlier_in_that_week(
        self,
        state: State,
        counts: bool,  # noqa: FBT001  a column
    ) -> None:
        before = meeting("ed", state, self.EARLIER_THAT_WEEK)
        days = self.rest_of_the_week(before)
        assert len(days) == (1 if counts else 2)
        assert set(days) <= set(self.THURSDAY_AND_FRIDAY)

    def test_so_it_does_with_meetings_found_in_the_calendar(self) -> None:
        lunch = lunch_with("ed", self.EARLIER_THAT_WEEK)
        held = (Encounter("ed", day("2026-11-03"), "found"),)
        days = self.rest_of_the_week(contacts=["ed"], events=(lunch,), encounters=held)
        assert len(days) == 1

    def test_a_table_for_three_is_one_meeting(self) -> None:
        guests = ("ed@example.test", "flo@example.test")
        table = event(self.EARLIER_THAT_WEEK, people=guests, attendee_count=3)
        held = tuple(Encounter(guest, day("2026-11-03"), "found") for guest in ("ed", "flo"))
        days = self.rest_of_the_week(
            contacts=["ed", "flo"], events=(table, replace(table)), encounters=held
        )
        assert len(days) == 1

    def test_last_weeks_meetings_do_not_count(self) -> None:
        before = meeting("ed", State.MET, "2026-11-01 10:00")
        assert self.rest_of_the_week(before) == list(self.THURSDAY_AND_FRIDAY)

    @pytest.mark.parametrize(("per_day", "days"), [(1, []), (2, ["2026-11-05"])])
    def test_the_cap_of_the_day_counts_what_stands(self, per_day: int, days: list[str]) -> None:
        standing = meeting("ed", State.INVITED, "2026-11-05 16:00")
        facts = snapshot(people("ann"), at("2026-11-04 09:00"), meetings=(standing,))
        decision = decide(facts, policy(per_day=per_day, notice_hours=12, horizon_days=2))
        assert local_days(decision) == [day(on) for on in days]
        assert ("no time fits" in reasons_against(decision).get("ann", "")) == (not days)

    def test_a_day_takes_as_many_as_allowed_with_the_buffer_between_them(self) -> None:
        facts = snapshot(people("ann", "bob", "cy"), at("2026-11-04 09:00"))
        thursday = {3: ((time(9), time(11, 15)),)}
        wanted = policy(hours=thursday, per_day=2, notice_hours=12, horizon_days=5)
        decision = decide(facts, wanted)
        first, second = (draft.span for draft in drafts_of(decision))
        assert second.start - first.end >= timedelta(minutes=15)
        assert len(reasons_against(decision)) == 1


class TestTime:
    def test_the_horizon_is_where_the_last_slot_ends(self) -> None:
        hours = {TODAY.weekday(): ((time(9), time(10)),)}
        facts = snapshot(people("ann"))
        for minutes, fits in ((60, True), (61, False)):
            wanted = policy(hours=hours, minutes=minutes, horizon_days=7, notice_hours=24)
            assert (
                bool(drafted_people(decide(replace(facts, now=at("2026-11-02 10:00")), wanted)))
                == fits
            )
        early = decide(
            replace(facts, now=at("2026-11-02 09:59")),
            policy(hours=hours, horizon_days=7, minutes=60),
        )
        assert drafted_people(early) == []
        assert reasons_against(early) == {
            "ann": "no time fits your hours, theirs, and the meetings you allow a day and a week"
        }

    def test_a_draft_fills_the_working_hours_to_their_edges_with_any_buffer(self) -> None:
        hours = {4: ((time(9), time(9, 45)),)}
        wanted = policy(hours=hours, minutes=45, buffer_minutes=240)
        (draft,) = drafts_of(decide(snapshot(people("ann")), wanted))
        assert draft.span == span("2026-11-06 09:00", 45)

    def test_what_is_busy_unknown_or_intended_is_avoided_and_what_is_free_is_not(self) -> None:
        facts = snapshot(
            people("ann"),
            now=at("2026-11-02 09:00"),
            events=(
                event(span("2026-11-04 09:00", 120)),
                event(span("2026-11-04 13:00", 240), "birthday", busy=False),
            ),
            unreadable=(unreadable(span("2026-11-04 11:00", 30)),),
            meetings=(meeting("ed", State.INVITED, "2026-11-04 13:00"),),
        )
        until_a_quarter_to_three = {2: ((time(9), time(12)), (time(13), time(14, 45)))}
        wanted = policy(hours=until_a_quarter_to_three, per_day=2, horizon_days=7)
        (draft,) = drafts_of(decide(facts, wanted))
        assert draft.span == span("2026-11-04 14:00", 45)

    def test_the_reasons_say_who_and_when(self) -> None:
        (action,) = decide(snapshot(people("ann")), policy()).actions
        assert action.because == (
            "you have not met yet; Wednesday 4 November at 09:00 is free and within your hours; "
            "with 15 minutes clear on both sides; a good time for coffee"
        )
        assert action.meeting.reasons == tuple(action.because.split("; "))

    def test_no_time_at_all_is_said(self) -> None:
        busy = event(span("2026-11-02 00:00", 60 * 24 * 40))
        decision = decide(snapshot(people("ann"), events=(busy,)), policy())
        assert reasons_against(decision) == {
            "ann": "no free time within your working hours and the coming days"
        }

    def test_a_draft_whose_time_is_taken_is_made_anew_elsewhere(self) -> None:
        draft = meeting("ann", State.DRAFTED, "2026-11-10 10:00")
        dentist = event(span("2026-11-10 10:30"), title="Dentist")
        facts = snapshot(
            people("ann"), meetings=(draft,), sightings=as_they_are(draft), events=(dentist,)
        )
        withdrawn, drafted = decide(facts, policy()).actions
        assert (withdrawn.name, drafted.name) == (Name.WITHDRAW, Name.DRAFT)
        assert withdrawn.because == "its time is taken now: “Dentist”"
        assert drafted.meeting.attempt == 2

    def test_a_draft_at_short_notice_is_not_lapsed_at_once(self) -> None:
        wanted = policy(notice_hours=1, expires_hours=24)
        (draft,) = drafts_of(decide(snapshot(people("ann")), wanted))
        later = snapshot(
            people("ann"),
            now=NOW + timedelta(minutes=5),
            meetings=(draft,),
            sightings=as_they_are(draft),
        )
        assert decide(later, wanted).actions == ()


class TestBalance:
    def contacts(self) -> list[Contact]:
        return [
            person("a1", "results"),
            person("a2", "results"),
            person("b1", "business"),
            person("b2", "business"),
        ]

    def test_of_equals_those_of_different_categories_come_first(self) -> None:
        decision = decide(snapshot(self.contacts()), policy(people_per_month=2, open_drafts=2))
        assert sorted(drafted_people(decision)) == ["a1", "b1"]

    @pytest.mark.parametrize(("days_ago", "second"), [(65, "a2"), (49, "b1")])
    def test_a_second_one_of_a_category_costs_one_point(self, days_ago: int, second: str) -> None:
        contacts = [person("a1", "results"), person("a2", "results"), person("b1", "business")]
        held = (met("a1", 85), met("a2", days_ago), met("b1", 32))
        facts = snapshot(contacts, encounters=held)
        decision = decide(facts, policy(people_per_month=2, open_drafts=2))
        assert set(drafted_people(decision)) == {"a1", second}

    def test_what_the_month_has_had_counts(self) -> None:
        had = person("b0", every_days=90)
        facts = snapshot([*self.contacts(), had], encounters=(met("b0", 1),))
        decision = decide(facts, policy(people_per_month=3, open_drafts=2))
        assert sorted(drafted_people(decision)) == ["a1", "a2"]

    def test_drafts_count_for_their_own_month_alone(self) -> None:
        next_month = meeting("b0", State.DRAFTED, "2026-12-01 10:00")
        facts = snapshot([*self.contacts(), person("b0")], meetings=(next_month,))
        decision = decide(facts, policy(people_per_month=2, open_drafts=3))
        assert sorted(drafted_people(decision)) == ["a1", "b1"]

    def test_whoever_is_not_due_in_the_month_takes_nobodys_place(self) -> None:
        contacts = [
            person("a1", "results", every_days=100),
            person("a2", "results", every_days=30),
            person("b1", "business", every_days=30),
        ]
        held = (
            Encounter("a1", day("2026-08-23")),
            Encounter("a2", day("2026-10-28")),
            Encounter("b1", day("2026-10-30")),
        )
        facts = snapshot(contacts, now=at("2026-11-24 09:00"), encounters=held)
        wanted = policy(people_per_month=1, starts="2026-11", months=1, open_drafts=1)
        assert drafted_people(decide(facts, wanted)) == ["a2"]
