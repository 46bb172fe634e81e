from dataclasses import replace
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
from domain_builders import (
    INSTALLATION,
    NOW,
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
)

from connectd.domain.identity import meeting_uid
from connectd.domain.model import Encounter, Month, State
from connectd.domain.planner import decide, found_in, ledger
from connectd.domain.view import (
    Answer,
    Decision,
    Gesture,
    Held,
    Name,
    Reply,
    Sighting,
    Snapshot,
    Told,
    Unread,
)

INCOMPLETE = (Unread("work", "the server does not answer"),)


def steps_of(decision: Decision) -> list[tuple[str, Name]]:
    return [(action.meeting.contact, action.name) for action in decision.actions]


class TestGoal:
    def test_as_many_different_people_are_drafted_as_the_month_still_needs(self) -> None:
        facts = snapshot(people("ann", "bob", "cy", "di", "ed"), encounters=(met("ed", 1),))
        assert drafted_people(decide(facts, policy(per_week=9))) == ["ann", "bob"]

    def test_the_same_person_met_twice_counts_once(self) -> None:
        held = (met("ed", 0), met("ed", 1))
        facts = snapshot(people("ann", "bob", "cy", "ed"), encounters=held)
        assert drafted_people(decide(facts, policy(per_week=9, horizon_days=20))) == ["ann", "bob"]

    def test_scheduled_meetings_and_open_drafts_count_for_their_month(self) -> None:
        standing = (
            meeting("ann", State.CONFIRMED, "2026-11-11 10:00"),
            meeting("bob", State.DRAFTED, "2026-11-12 10:00"),
        )
        facts = snapshot(people("ann", "bob", "cy", "di"), meetings=standing)
        assert drafted_people(decide(facts, policy(per_week=9, horizon_days=20))) == ["cy"]

    def test_a_covered_month_leaves_its_people_to_the_next(self) -> None:
        facts = snapshot(
            people("ann", "bob"), now=at("2026-11-20 09:00"), encounters=(met("ed", 0),)
        )
        decision = decide(facts, policy(people_per_month=1))
        assert local_days(decision) == [day("2026-12-01")]
        assert reasons_against(decision).keys() == {"bob"}

    @pytest.mark.parametrize(
        ("starts", "months", "first"),
        [("2026-12", 6, "2026-12-01"), ("2026-11", 1, "2026-11-26"), ("2026-06", 5, None)],
    )
    def test_drafts_lie_in_the_months_of_the_goal(
        self, starts: str, months: int, first: str | None
    ) -> None:
        facts = snapshot(people("ann"), now=at("2026-11-24 09:00"))
        decision = decide(facts, policy(starts=starts, months=months))
        assert local_days(decision) == ([day(first)] if first else [])

    @pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Apia", "Pacific/Pago_Pago"])
    def test_the_month_changes_at_local_midnight(self, zone: str) -> None:
        here = ZoneInfo(zone)
        around_midnight = {0: ((time(20), time.min),), 1: ((time.min, time(0, 45)),)}
        wanted = policy(
            zone=here, hours=around_midnight, people_per_month=1, notice_hours=0, horizon_days=5
        )
        facts = snapshot(
            people("ann", "bob"),
            now=at("2026-11-30 22:00", here),
            encounters=(Encounter("ed", day("2026-11-30")),),
        )
        (draft,) = drafts_of(decide(facts, wanted))
        assert draft.span.start == at("2026-12-01 00:00", here)

    def test_nobody_met_this_month_is_drafted_for_it_again_while_others_are_needed(self) -> None:
        weekly = person("ann", every_days=5)
        facts = snapshot([weekly], encounters=(met("ann", 1),))
        decision = decide(facts, policy(horizon_days=20))
        assert drafted_people(decision) == []
        assert "different people" in reasons_against(decision)["ann"]

    def test_whoever_was_met_this_month_may_come_again_in_the_next(self) -> None:
        facts = snapshot([person("ann", every_days=7)], encounters=(met("ann", 0),))
        decision = decide(facts, policy(horizon_days=40))
        assert local_days(decision) == [day("2026-12-01")]

    def test_the_ledger_counts_what_is_on_record_and_what_the_calendar_shows_ahead(self) -> None:
        ahead = lunch_with("bob", span("2026-11-20 12:00"))
        facts = snapshot(people("ann", "bob"), events=(ahead,), encounters=(met("ann", 1),))
        standing = ledger(facts, found_in(facts), policy()).standing(Month(2026, 11))
        assert (standing.people, standing.scheduled, standing.needed) == (("ann",), ("bob",), 1)


class TestSeenLately:
    """Nobody is told to meet somebody whom they have just met."""

    @pytest.mark.parametrize("days_ago", [0, 1])
    def test_somebody_met_yesterday_is_passed_over(self, days_ago: int) -> None:
        facts = snapshot(people("ann"), encounters=(met("ann", days_ago),))
        decision = decide(facts, policy())
        assert drafted_people(decision) == []
        assert "so not before 2026-12-0" in reasons_against(decision)["ann"]

    def test_so_is_somebody_seen_in_the_calendar(self) -> None:
        lunch = lunch_with("ann", span("2026-11-01 12:00"))
        seen = Encounter("ann", day("2026-11-01"), "found")
        decision = decide(snapshot(people("ann"), events=(lunch,), encounters=(seen,)), policy())
        assert drafted_people(decision) == []
        assert reasons_against(decision)["ann"].startswith("last met yesterday")

    def test_a_lunch_that_the_user_says_did_not_take_place_does_not_count(self) -> None:
        lunch = lunch_with("ann", span("2026-11-01 12:00"))
        decision = decide(snapshot(people("ann"), events=(lunch,)), policy())
        assert drafted_people(decision) == ["ann"]

    def test_so_is_somebody_whose_meeting_is_assumed_to_have_been_held(self) -> None:
        held = meeting("ann", State.CONFIRMED, "2026-10-29 08:00")
        facts = snapshot(people("ann"), meetings=(held,), sightings=as_they_are(held))
        decision = decide(facts, policy(horizon_days=20))
        assert steps_of(decision) == [("ann", Name.COMPLETE)]
        assert reasons_against(decision)["ann"].startswith("last met 4 days ago")

    def test_a_draft_for_somebody_met_since_is_withdrawn(self) -> None:
        draft = meeting("ann", State.DRAFTED, "2026-11-05 10:00")
        facts = snapshot(
            people("ann"),
            meetings=(draft,),
            sightings=as_they_are(draft),
            encounters=(met("ann", 0),),
        )
        decision = decide(facts, policy())
        assert steps_of(decision) == [("ann", Name.WITHDRAW)]
        assert decision.actions[0].because == "you met on 2026-11-02"

    def test_a_draft_made_on_the_day_of_a_meeting_for_after_the_gap_stays(self) -> None:
        contacts = [person("ann", every_days=7)]
        held = (Encounter("ann", day("2026-11-28")),)
        facts = snapshot(contacts, now=at("2026-11-28 20:00"), encounters=held)
        (draft,) = drafts_of(decide(facts, policy()))
        assert draft.span.start == at("2026-12-07 09:00")
        later = replace(facts, meetings=(draft,), sightings=as_they_are(draft))
        assert decide(later, policy()).actions == ()

    def test_a_meeting_ahead_in_the_calendar_makes_a_draft_needless(self) -> None:
        draft = meeting("ann", State.DRAFTED, "2026-11-05 10:00")
        facts = snapshot(
            people("ann"),
            meetings=(draft,),
            sightings=as_they_are(draft),
            events=(lunch_with("ann", span("2026-11-20 12:00")),),
        )
        decision = decide(facts, policy())
        assert steps_of(decision) == [("ann", Name.WITHDRAW)]
        assert reasons_against(decision) == {"ann": "already in your calendar on 2026-11-20"}


class TestOneDraftEach:
    @pytest.mark.parametrize("looked_at", [True, False])
    def test_whoever_has_a_draft_gets_no_second(self, looked_at: bool) -> None:  # noqa: FBT001  a column
        first = decide(snapshot(people("ann")), policy())
        (draft,) = drafts_of(first)
        seen = as_they_are(draft) if looked_at else {}
        again = decide(snapshot(people("ann"), meetings=(draft,), sightings=seen), policy())
        assert again.actions == ()
        assert "waits for your answer" in reasons_against(again)["ann"]

    def test_a_draft_that_is_gone_for_less_than_ten_minutes_is_not_replaced(self) -> None:
        draft = meeting("ann", State.DRAFTED, "2026-11-10 10:00", missing_since=NOW)
        facts = snapshot(people("ann"), meetings=(draft,), sightings={draft.uid: Sighting(None)})
        assert decide(facts, policy()).actions == ()

    def test_the_same_question_twice_gives_the_same_uid_and_the_next_attempt_another(self) -> None:
        facts = snapshot(people("ann"))
        (draft,), (again,) = (drafts_of(decide(facts, policy())) for _ in range(2))
        assert draft.uid == again.uid == meeting_uid(INSTALLATION, "ann", 1)
        ended = draft._replace(state=State.WITHDRAWN, ended_at=NOW)
        (next_one,) = drafts_of(decide(replace(facts, meetings=(ended,)), policy()))
        assert (next_one.attempt, next_one.uid) == (2, meeting_uid(INSTALLATION, "ann", 2))

    def test_no_more_drafts_stand_open_than_the_user_allows(self) -> None:
        standing = (
            meeting("ann", State.DRAFTED, "2026-11-10 10:00"),
            meeting("bob", State.ACCEPTED, "2026-11-11 10:00"),
        )
        facts = snapshot(people("ann", "bob", "cy", "di"), meetings=standing)
        decision = decide(facts, policy(people_per_month=9, per_week=9, open_drafts=2))
        assert drafted_people(decision) == ["cy"]
        assert reasons_against(decision)["di"] == "others come first now"
        full = replace(facts, meetings=(*standing, *drafts_of(decision)))
        again = decide(full, policy(people_per_month=9, per_week=9, open_drafts=2))
        assert drafted_people(again) == []
        assert "2 drafts may stand open at once" in reasons_against(again)["di"]

    def test_a_no_is_followed_by_a_draft_for_somebody_else(self) -> None:
        draft = meeting("ann", State.DRAFTED, "2026-11-10 10:00")
        no = {draft.uid: Sighting(Gesture(draft.span, Answer.NO, "the title says no"))}
        facts = snapshot(people("ann", "bob"), meetings=(draft,), sightings=no)
        decision = decide(facts, policy(open_drafts=1))
        assert steps_of(decision) == [("ann", Name.DECLINE), ("bob", Name.DRAFT)]


class TestIncompleteView:
    def test_it_proposes_nothing_and_says_so(self) -> None:
        decision = decide(snapshot(people("ann", "bob"), unread=INCOMPLETE), policy())
        assert decision.actions == ()
        assert set(reasons_against(decision).values()) == {
            "not every calendar could be read, so nothing is proposed"
        }

    def test_a_yes_is_taken_and_nothing_is_sent(self) -> None:
        asked = meeting("ann", State.DRAFTED, "2026-11-10 10:00")
        ready = meeting(
            "bob", State.ACCEPTED, "2026-11-11 10:00", accepted_at=NOW - timedelta(hours=1)
        )
        yes = {m.uid: Sighting(Gesture(m.span, Answer.YES)) for m in (asked, ready)}
        facts = snapshot(
            people("ann", "bob"), meetings=(asked, ready), sightings=yes, unread=INCOMPLETE
        )
        decision = decide(facts, policy())
        assert steps_of(decision) == [("ann", Name.ACCEPT)]
        assert decision.held == (Held(ready, "not sent: your calendars could not be read whole"),)

    def test_their_answers_are_taken(self) -> None:
        sent = meeting("ann", State.INVITED, "2026-11-10 10:00")
        answer = {sent.uid: Sighting(Gesture(sent.span), Reply.ACCEPTED)}
        facts = snapshot(people("ann"), meetings=(sent,), sightings=answer, unread=INCOMPLETE)
        assert steps_of(decide(facts, policy())) == [("ann", Name.CONFIRM)]


class TestSeries:
    """What the user made a series of is theirs, and counts as meetings with the contact."""

    MADE = meeting("ann", State.DRAFTED, "2026-11-10 10:00", uid="made")
    OCCURRENCES = tuple(event(span(f"2026-11-{n} 10:00", 45), "made") for n in (10, 17, 24))

    def test_it_is_let_go_of_and_nobody_is_drafted_in_its_stead(self) -> None:
        seen = {self.MADE.uid: Sighting(Gesture(self.MADE.span, series=True))}
        facts = snapshot(
            people("ann"), meetings=(self.MADE,), sightings=seen, events=self.OCCURRENCES
        )
        decision = decide(facts, policy())
        (action,) = decision.actions
        assert (action.name, action.meeting.released) == (Name.WITHDRAW, True)
        assert reasons_against(decision) == {"ann": "already in your calendar on 2026-11-10"}
        later = replace(facts, meetings=(action.meeting,))
        assert decide(later, policy()).actions == ()
        standing = ledger(later, found_in(later), policy()).standing(Month(2026, 11))
        assert standing.scheduled == ("ann",)

    def test_once_it_is_over_the_contact_may_be_drafted_again(self) -> None:
        let_go = self.MADE._replace(state=State.WITHDRAWN, released=True, ended_at=NOW)
        facts = snapshot(
            people("ann"), at("2026-11-25 09:00"), meetings=(let_go,), events=self.OCCURRENCES
        )
        (draft,) = drafts_of(decide(facts, policy()))
        assert draft.attempt == 2


@pytest.mark.parametrize("state", [State.DECLINED, State.TURNED_DOWN, State.CANCELLED])
def test_a_time_that_either_side_said_no_to_is_not_proposed_to_the_same_contact_again(
    state: State,
) -> None:
    friday_at_nine = {4: ((time(9), time(9, 45)),)}
    refused = meeting("ann", state, "2026-11-06 09:00", ended_at=NOW)
    wanted = policy(hours=friday_at_nine, pause_days=0)
    decision = decide(snapshot(people("ann"), meetings=(refused,)), wanted)
    assert local_days(decision) == [day("2026-11-13")]
    for_both = decide(snapshot(people("ann", "bob"), meetings=(refused,)), wanted)
    days = {draft.contact: draft.span for draft in drafts_of(for_both)}
    assert days["bob"] == refused.span


def test_a_time_that_merely_lapsed_is_proposed_again() -> None:
    friday_at_nine = {4: ((time(9), time(9, 45)),)}
    lapsed = meeting("ann", State.EXPIRED, "2026-11-06 09:00", ended_at=NOW)
    wanted = policy(hours=friday_at_nine, pause_days=0, horizon_days=7)
    (draft,) = drafts_of(decide(snapshot(people("ann"), meetings=(lapsed,)), wanted))
    assert draft.span == lapsed.span


def test_a_follow_up_that_was_ticked_off_counts_for_the_month_at_once() -> None:
    over = meeting("ann", State.INVITED, "2026-11-01 10:00", followed_up_at=NOW)
    told = {over.uid: Sighting(Gesture(over.span), told=Told.DONE)}
    facts = snapshot(people("ann", "bob", "cy"), meetings=(over,), sightings=told)
    decision = decide(facts, policy(people_per_month=2, horizon_days=20))
    assert steps_of(decision) == [("ann", Name.COMPLETE), ("bob", Name.DRAFT)]


def test_an_empty_snapshot_decides_nothing() -> None:
    assert decide(Snapshot(NOW), policy()) == Decision()


def test_ended_meetings_take_no_part_in_what_is_seen() -> None:
    ended = meeting("ann", State.DECLINED, "2026-11-10 10:00", ended_at=NOW)
    yes = {ended.uid: Sighting(Gesture(ended.span, Answer.YES))}
    assert decide(snapshot(people("ann"), meetings=(ended,), sightings=yes), policy()).actions == ()
