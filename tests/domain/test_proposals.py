from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time, timedelta

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
from connectd.domain.view import Event, Name


class TestCaps:
    EARLIER_THAT_WEEK = span("2026-11-03 10:00", 45)

    def week_of(self, *meetings: Meeting, events: Iterable[Event] = ()) -> list[date]:
        contacts = people("ann", "zoe")
        facts = snapshot(contacts, at("2026-11-04 09:00"), meetings=meetings, events=tuple(events))
        return local_days(decide(facts, policy(per_week=2, notice_hours=12, open_drafts=9)))

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
        second = "2026-11-09" if counts else "2026-11-06"
        assert self.week_of(before) == [day("2026-11-05"), day(second)]

    def test_so_it_does_with_meetings_found_in_the_calendar(self) -> None:
        lunch = lunch_with("ed", self.EARLIER_THAT_WEEK)
        held = (Encounter("ed", day("2026-11-03"), "found"),)
        facts = snapshot(
            people("ann", "zoe", "ed"), at("2026-11-04 09:00"), events=(lunch,), encounters=held
        )
        decision = decide(facts, policy(per_week=2, notice_hours=12))
        assert local_days(decision) == [day("2026-11-05"), day("2026-11-09")]

    def test_a_table_for_three_is_one_meeting(self) -> None:
        guests = ("ed@example.test", "flo@example.test")
        table = event(self.EARLIER_THAT_WEEK, people=guests, attendee_count=3)
        contacts = people("ann", "zoe", "ed", "flo")
        held = tuple(Encounter(guest, day("2026-11-03"), "found") for guest in ("ed", "flo"))
        facts = snapshot(
            contacts, at("2026-11-04 09:00"), events=(table, replace(table)), encounters=held
        )
        wanted = policy(per_week=2, notice_hours=12, people_per_month=9)
        assert local_days(decide(facts, wanted)) == [day("2026-11-05"), day("2026-11-09")]

    def test_last_weeks_meetings_do_not_count(self) -> None:
        before = meeting("ed", State.MET, "2026-11-01 10:00")
        assert self.week_of(before) == [day("2026-11-05"), day("2026-11-06")]

    def test_the_cap_of_the_day_counts_what_stands(self) -> None:
        standing = meeting("ed", State.INVITED, "2026-11-05 16:00")
        facts = snapshot(people("ann"), at("2026-11-04 09:00"), meetings=(standing,))
        wanted = policy(per_day=1, notice_hours=12)
        assert local_days(decide(facts, wanted)) == [day("2026-11-06")]

    def test_a_day_takes_as_many_as_allowed_with_the_buffer_between_them(self) -> None:
        facts = snapshot(people("ann", "bob", "cy"), at("2026-11-04 09:00"))
        drafts = drafts_of(decide(facts, policy(per_day=2, notice_hours=12)))
        assert [d.span for d in drafts] == [
            span("2026-11-05 09:00", 45),
            span("2026-11-05 10:00", 45),
            span("2026-11-06 09:00", 45),
        ]


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
            "ann": "the goal is covered, or no free time is left within your caps"
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
        (draft,) = drafts_of(decide(facts, policy(per_day=2)))
        assert draft.span == span("2026-11-04 14:00", 45)

    def test_the_reasons_say_who_and_when(self) -> None:
        (action,) = decide(snapshot(people("ann")), policy()).actions
        assert action.because == (
            "you have not met yet; Wednesday 4 November at 09:00 is free and within your hours; "
            "with 15 minutes clear on both sides"
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

    def test_the_categories_take_turns(self) -> None:
        decision = decide(snapshot(self.contacts()), policy(people_per_month=4, open_drafts=4))
        assert drafted_people(decision) == ["a1", "b1", "a2", "b2"]

    def test_what_the_month_has_had_counts(self) -> None:
        had = person("b0", every_days=90)
        facts = snapshot([*self.contacts(), had], encounters=(met("b0", 1),))
        decision = decide(facts, policy(people_per_month=3))
        assert drafted_people(decision) == ["a1", "a2"]

    def test_drafts_count_for_their_own_month_alone(self) -> None:
        next_month = meeting("b0", State.DRAFTED, "2026-12-01 10:00")
        facts = snapshot([*self.contacts(), person("b0")], meetings=(next_month,))
        decision = decide(facts, policy(people_per_month=2, open_drafts=3))
        assert drafted_people(decision) == ["a1", "b1"]

    def test_whoever_is_not_due_in_the_month_does_not_use_up_the_turn_of_the_category(self) -> None:
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
        wanted = policy(people_per_month=1, starts="2026-11", months=1)
        assert drafted_people(decide(facts, wanted)) == ["a2"]
