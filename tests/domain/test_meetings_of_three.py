"""Two contacts who agreed to be introduced to each other get one draft for both."""

from datetime import timedelta
from typing import Any

import pytest
from domain_builders import (
    ALWAYS,
    BERLIN,
    NOW,
    as_they_are,
    at,
    drafted_people,
    drafts_of,
    event,
    lunch_with,
    meeting,
    met,
    person,
    policy,
    reasons_against,
    snapshot,
    span,
)

from connectd.domain.experience import experience
from connectd.domain.goal import Ledger
from connectd.domain.introductions import Bringing, Introduction
from connectd.domain.meetings_of_three import is_given_up
from connectd.domain.model import Contact, Encounter, Kind, Meeting, Month, Policy, Span, State
from connectd.domain.outlook import chances_ahead, outlook
from connectd.domain.planner import decide
from connectd.domain.rest import missed_last, rest
from connectd.domain.summary import summary
from connectd.domain.view import Decision, Name

ANN, BOB, CY = person("ann"), person("bob"), person("cy")
AGREED = Introduction("ann", "bob", NOW, "both sing", agreed=("bob", "ann"))
DAY, WEEK = timedelta(days=1), timedelta(days=7)


def of_three(state: State, when: Span | str, **given: Any) -> Meeting:  # noqa: ANN401  any field
    return meeting("ann", state, when, **({"other": "bob"} | given))


def decided(wanted: Policy | None = None, **given: Any) -> Decision:  # noqa: ANN401  any field
    facts: dict[str, Any] = {"contacts": (ANN, BOB), "introductions": (AGREED,), **given}
    return decide(snapshot(**facts), wanted or policy())


def three_in(decision: Decision) -> Meeting | None:
    return next((draft for draft in drafts_of(decision) if draft.other), None)


class TestTheDraft:
    def test_is_one_for_both_and_nobody_gets_another(self) -> None:
        decision = decided(contacts=(ANN, BOB, CY))
        first, second = drafts_of(decision)
        assert (first.people, second.people) == (("ann", "bob"), ("cy",))
        assert not first.span.overlaps(second.span)
        assert reasons_against(decision) == {}

    def test_says_why_to_the_user_but_not_to_the_log(self) -> None:
        (action,) = decided().actions
        assert action.meeting.reasons[:2] == (
            "both agreed to be introduced to each other",
            "you said: both sing",
        )
        assert "free and within your hours" in action.meeting.reasons[2]
        assert "both sing" not in action.because

    @pytest.mark.parametrize(
        "introduction",
        [
            AGREED._replace(agreed=("ann",)),
            AGREED._replace(by=Bringing.MAIL),
            AGREED._replace(dropped_at=NOW),
            AGREED._replace(introduced_at=NOW),
        ],
        ids=["one agreed", "by mail", "dropped", "introduced"],
    )
    def test_is_made_for_nobody_else(self, introduction: Introduction) -> None:
        assert three_in(decided(introductions=(introduction,))) is None

    def test_takes_a_time_at_which_both_can_come(self) -> None:
        busy = {
            "ann": (Span(NOW, at("2026-11-10 00:00")),),
            "bob": (span("2026-11-10 00:00", 11 * 60),),
        }
        found = three_in(decided(their_busy=busy))
        assert found
        assert found.span.start >= at("2026-11-10 11:00")
        assert "they seem to be free then, too" in found.reasons

    @pytest.mark.parametrize(
        ("anns", "bobs"),
        [("America/New_York", "Asia/Kolkata"), ("Asia/Kolkata", "America/New_York")],
    )
    def test_takes_a_time_at_which_both_are_awake(self, anns: str, bobs: str) -> None:
        far = ANN._replace(timezone=anns), BOB._replace(timezone=bobs)
        found = three_in(decided(policy(hours=ALWAYS), contacts=far))
        assert found
        local = found.span.start.astimezone(BERLIN)
        assert (local.hour, local.minute) >= (14, 0)
        assert found.span.end <= at(f"{local:%Y-%m-%d} 16:30")

    def test_takes_no_time_that_one_of_them_said_no_to(self) -> None:
        usual = three_in(decided())
        assert usual
        refused = meeting("bob", State.TURNED_DOWN, usual.span, ended_at=NOW - 30 * DAY)
        other = three_in(decided(meetings=(refused,)))
        assert other
        assert not other.span.overlaps(usual.span)

    def test_is_of_their_kind_if_both_have_the_same(self) -> None:
        walkers = ANN._replace(kind=Kind.WALK), BOB._replace(kind=Kind.WALK)
        kinds = [three_in(decided(contacts=two)) for two in (walkers, (walkers[0], BOB))]
        assert [found and found.kind for found in kinds] == [Kind.WALK, Kind.COFFEE]

    def test_does_not_mind_that_the_month_has_enough_people(self) -> None:
        assert three_in(decided(policy(people_per_month=1), encounters=(met("ann", 1),)))

    def test_does_not_mind_a_meeting_with_one_of_them_in_the_calendar(self) -> None:
        assert three_in(decided(events=(lunch_with("ann", span("2026-11-20 12:00")),)))

    def test_has_an_own_uid_for_each_attempt(self) -> None:
        first = three_in(decided())
        assert first
        ended = first._replace(
            state=State.DECLINED, drafted_at=NOW - 20 * DAY, ended_at=NOW - 10 * DAY
        )
        second = three_in(decided(meetings=(ended,)))
        assert second
        assert (second.attempt, second.uid == first.uid) == (2, False)


class TestItWaits:
    def test_for_a_place_among_the_open_drafts(self) -> None:
        standing = meeting("cy", State.DRAFTED, "2026-11-20 10:00")
        facts = {"contacts": (ANN, BOB, CY), "meetings": (standing,)}
        facts["sightings"] = as_they_are(standing)
        assert three_in(decided(policy(open_drafts=2), **facts))
        assert three_in(decided(policy(open_drafts=1), **facts)) is None

    def test_until_neither_has_another_meeting(self) -> None:
        standing = meeting("bob", State.INVITED, "2026-11-20 10:00")
        facts = {"meetings": (standing,), "sightings": as_they_are(standing)}
        assert three_in(decided(**facts)) is None

    @pytest.mark.parametrize(
        ("introductions", "drafted"),
        [((AGREED,), ["cy"]), ((AGREED._replace(agreed=("ann",)),), ["ann", "cy"])],
        ids=["both agreed", "one agreed"],
    )
    def test_and_so_does_the_other_one_lest_they_never_meet(
        self, introductions: tuple[Introduction, ...], drafted: list[str]
    ) -> None:
        standing = meeting("bob", State.INVITED, "2026-11-20 10:00")
        decision = decided(
            contacts=(ANN, BOB, CY),
            introductions=introductions,
            meetings=(standing,),
            sightings=as_they_are(standing),
        )
        assert sorted(drafted_people(decision)) == drafted
        kept = "kept free to be introduced to Bob, who has something else first"
        assert (reasons_against(decision).get("ann") == kept) == ("ann" not in drafted)

    def test_but_nobody_waits_for_somebody_who_is_snoozed(self) -> None:
        snoozed = BOB._replace(snoozed_until=(NOW + DAY).date())
        standing = meeting("bob", State.INVITED, "2026-11-20 10:00")
        facts = {"meetings": (standing,), "sightings": as_they_are(standing)}
        assert drafted_people(decided(contacts=(ANN, snoozed), **facts)) == ["ann"]

    @pytest.mark.parametrize(
        "change", [{"snoozed_until": (NOW + DAY).date()}, {"archived": True}], ids=str
    )
    def test_while_one_is_left_alone(self, change: dict[str, Any]) -> None:
        assert three_in(decided(contacts=(ANN, BOB._replace(**change)))) is None

    def test_for_a_week_after_any_other_of_its_kind(self) -> None:
        standing = of_three(State.INVITED, "2026-11-20 10:00", drafted_at=NOW - WEEK + DAY)
        facts = {
            "contacts": (ANN, BOB, CY, person("dee")),
            "introductions": (Introduction("cy", "dee", NOW, agreed=("cy", "dee")),),
            "sightings": as_they_are(standing),
        }
        assert three_in(decided(meetings=(standing,), **facts)) is None
        earlier = standing._replace(drafted_at=NOW - WEEK)
        assert three_in(decided(meetings=(earlier,), **facts))

    def test_but_not_where_connectd_took_it_back_itself(self) -> None:
        gone = of_three(State.WITHDRAWN, "2026-11-20 10:00", drafted_at=NOW, ended_at=NOW)
        found = three_in(decided(meetings=(gone,)))
        assert found
        assert found.attempt == gone.attempt + 1

    @pytest.mark.parametrize("days", [6, 7])
    def test_for_the_pause_after_a_no(self, days: int) -> None:
        no = of_three(
            State.DECLINED, "2026-10-20 10:00", drafted_at=NOW - 9 * DAY, ended_at=NOW - days * DAY
        )
        assert bool(three_in(decided(meetings=(no,)))) == (days == 7)

    def test_for_good_after_three_attempts_of_this_introduction(self) -> None:
        began = AGREED._replace(began_at=NOW - 60 * DAY)
        tried = [
            of_three(
                State.EXPIRED,
                "2026-10-20 10:00",
                attempt=attempt,
                drafted_at=NOW - 50 * DAY,
                ended_at=NOW - 40 * DAY,
            )
            for attempt in (1, 2, 3)
        ]
        assert three_in(decided(introductions=(began,), meetings=tuple(tried[:2])))
        assert three_in(decided(introductions=(began,), meetings=tuple(tried))) is None
        assert three_in(decided(introductions=(AGREED,), meetings=tuple(tried)))


class TestAStandingDraft:
    def step(self, **given: Any) -> tuple[Name, str] | None:  # noqa: ANN401  any field
        standing = of_three(State.DRAFTED, "2026-11-20 10:00", drafted_at=NOW)
        facts = {"meetings": (standing,), "sightings": as_they_are(standing), **given}
        steps = [a for a in decided(**facts).actions if a.name is not Name.DRAFT]
        return (steps[0].name, steps[0].because) if steps else None

    def test_stays_though_one_of_them_was_met(self) -> None:
        assert self.step(encounters=(met("ann", 0),)) is None

    @pytest.mark.parametrize(
        ("given", "because"),
        [
            ({"contacts": (ANN, BOB._replace(archived=True))}, "no longer on your list"),
            ({"introductions": (AGREED._replace(dropped_at=NOW),)}, "no longer to be introduced"),
            ({"introductions": ()}, "no longer to be introduced"),
            ({"events": (event(span("2026-11-20 10:00"), title="Audit"),)}, "“Audit”"),
        ],
        ids=["archived", "dropped", "forgotten", "taken"],
    )
    def test_goes_when_it_is_pointless(self, given: dict[str, Any], because: str) -> None:
        name, said = self.step(**given) or (None, "")
        assert name is Name.WITHDRAW
        assert because in said


def ledger(*meetings: Meeting, encounters: tuple[Encounter, ...] = ()) -> Ledger:
    wanted = policy(people_per_month=2)
    today = NOW.astimezone(BERLIN).date()
    return Ledger(wanted.goal, BERLIN, today, encounters, meetings, ())


class TestItCounts:
    NOVEMBER = Month(2026, 11)

    def test_as_one_draft_and_as_two_people(self) -> None:
        drafted = ledger(of_three(State.DRAFTED, "2026-11-20 10:00")).standing(self.NOVEMBER)
        assert (drafted.open_drafts, drafted.scheduled) == (1, ())
        sent = ledger(of_three(State.INVITED, "2026-11-20 10:00")).standing(self.NOVEMBER)
        assert (sent.open_drafts, sent.scheduled) == (0, ("ann", "bob"))

    def test_once_for_each_when_it_is_over(self) -> None:
        standing = of_three(State.CONFIRMED, "2026-10-28 10:00")
        done = decided(meetings=(standing,), sightings=as_they_are(standing))
        assert [a.encounter for a in done.actions if a.name is Name.COMPLETE] == ["assumed"]
        held = tuple(Encounter(who, NOW.date(), "done", "uid") for who in ("ann", "bob"))
        facts = ledger(encounters=held)
        assert facts.standing(self.NOVEMBER).people == ("ann", "bob")
        assert (summary(facts).people, summary(facts).meetings) == (2, 1)

    def test_as_a_chance_that_takes_two_yeses(self) -> None:
        known = experience((), NOW)
        alone = chances_ahead(
            ledger(meeting("ann", State.INVITED, "2026-11-20 10:00")), self.NOVEMBER, known
        )
        both = chances_ahead(
            ledger(of_three(State.INVITED, "2026-11-20 10:00")), self.NOVEMBER, known
        )
        assert both == [pytest.approx(alone[0] * known.agreed.value)] * 2
        names = {"ann": "Ann", "bob": "Bob"}
        facts = ledger(of_three(State.INVITED, "2026-11-20 10:00"))
        looks = outlook(facts, self.NOVEMBER, known, names, 0)
        assert looks
        assert [help_.what for help_ in looks.raised_by] == ["a yes from Ann and Bob"]

    def test_for_nobodys_rest_while_it_came_to_nothing(self) -> None:
        in_vain = [
            of_three(State.TURNED_DOWN, f"2026-0{month}-01 10:00", attempt=month, ended_at=NOW)
            for month in (5, 6, 7)
        ]
        rules = policy().rules
        assert rest(in_vain, rules) is None
        alone = [one._replace(other=None) for one in in_vain]
        assert rest(alone, rules)
        held = in_vain[2]._replace(state=State.MET)
        assert rest([*alone[:2], held, alone[2]._replace(attempt=9)], rules) is None
        assert not missed_last([in_vain[0]._replace(state=State.MISSED)], None, BERLIN)

    def test_for_nobodys_share_of_yes(self) -> None:
        no = of_three(State.TURNED_DOWN, "2026-10-28 10:00", ended_at=NOW)
        assert experience((no,), NOW).theirs == {}
        assert experience((no,), NOW).agreed == experience((), NOW).agreed
        assert experience((no,), NOW).accepted.yes == 1


def test_the_first_to_agree_come_first() -> None:
    people: tuple[Contact, ...] = (ANN, BOB, CY, person("dee"))
    older = Introduction("dee", "cy", NOW - DAY, agreed=("cy", "dee"))
    found = three_in(decided(contacts=people, introductions=(AGREED, older)))
    assert found
    assert found.people == ("dee", "cy")


@pytest.mark.parametrize(
    ("states", "given", "given_up"),
    [
        ([State.DECLINED, State.EXPIRED], {}, False),
        ([State.DECLINED, State.EXPIRED, State.WITHDRAWN], {}, False),
        ([State.DECLINED, State.EXPIRED, State.DECLINED], {}, True),
        ([State.DECLINED, State.EXPIRED, State.DRAFTED], {}, False),
        ([State.DECLINED, State.EXPIRED, State.MET], {}, False),
        ([State.WITHDRAWN], {"released": True}, True),
    ],
)
def test_it_is_given_up_where_no_draft_is_made_any_more(
    states: list[State], given: dict[str, Any], *, given_up: bool
) -> None:
    tried = [
        of_three(state, f"2026-11-{10 + number} 09:00", drafted_at=NOW, attempt=number, **given)
        for number, state in enumerate(states, 1)
    ]
    assert is_given_up(AGREED, tried) == given_up
    later = NOW + 60 * DAY
    ended = [m._replace(ended_at=NOW) for m in tried if not m.is_open]
    if len(ended) == len(tried) and State.MET not in states:
        decision = decided(meetings=ended, now=later)
        assert (three_in(decision) is None) == given_up
