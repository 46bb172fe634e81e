"""What contacts say of their own time keeps drafts with them off it, and nobody else's."""

from dataclasses import replace

from domain_builders import at, day, local_days, people, policy, snapshot, span

from connectd.domain.model import Span
from connectd.domain.planner import decide

MONDAY = at("2026-11-02 09:00")
WEDNESDAY = span("2026-11-04 00:00", 24 * 60)
ALWAYS = Span(MONDAY, at("2027-11-02 09:00"))


def days_of(*names: str, **busy: tuple[Span, ...]) -> dict[str, object]:
    facts = replace(snapshot(people(*names), MONDAY), their_busy=busy)
    decision = decide(facts, policy(people_per_month=2))
    contacts = [action.meeting.contact for action in decision.actions]
    return dict(zip(contacts, local_days(decision), strict=True))


def test_a_draft_keeps_off_it() -> None:
    assert days_of("ann") == {"ann": day("2026-11-04")}
    assert days_of("ann", ann=(WEDNESDAY,)) == {"ann": day("2026-11-05")}


def test_the_time_of_one_is_no_matter_for_another() -> None:
    assert days_of("ann", bob=(WEDNESDAY,)) == {"ann": day("2026-11-04")}


def test_who_never_has_time_gets_none_and_is_passed_over() -> None:
    assert set(days_of("ann", "zoe", ann=(ALWAYS,))) == {"zoe"}
