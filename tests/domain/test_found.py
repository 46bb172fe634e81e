from itertools import permutations
from typing import Any

import pytest
from domain_builders import event, lunch_with, meeting, people, person, span

from connectd.domain.found import Found, found_meetings
from connectd.domain.model import State

NOON = span("2026-11-05 12:00")


def test_an_event_of_mine_with_a_contact_is_found() -> None:
    found = found_meetings([lunch_with("ann", NOON)], people("ann", "bob"), meetings=())
    assert found == (Found("ann", NOON, "lunch", "lunch"),)


@pytest.mark.parametrize(
    ("given", "counts"),
    [
        ({}, True),
        ({"busy": False}, True),
        ({"attendee_count": 4}, True),
        ({"attendee_count": 5}, False),
        ({"attendee_count": 0}, True),
        ({"mine": False}, False),
        ({"people": ()}, False),
        ({"people": ("stranger@example.test",)}, False),
        ({"people": ("stranger@example.test", "ann@example.test")}, True),
    ],
    ids=str,
)
def test_which_events_count(given: dict[str, Any], counts: bool) -> None:  # noqa: FBT001  a column
    found = found_meetings([lunch_with("ann", NOON, **given)], people("ann"), meetings=())
    assert bool(found) == counts


def test_our_own_objects_are_not_found() -> None:
    ours = meeting("ann", State.INVITED, NOON, uid="ours")
    assert found_meetings([lunch_with("ann", NOON, "ours")], people("ann"), [ours]) == ()


class TestLetGo:
    """An object that the user made a series of is theirs, and counts for whom it was made."""

    LET_GO = meeting("ann", State.WITHDRAWN, NOON, uid="ours", released=True)

    def test_each_occurrence_is_found_for_the_contact_who_stands_nowhere_in_it(self) -> None:
        series = [event(span(f"2026-11-{n:02} 12:00"), "ours") for n in (5, 12, 19)]
        found = found_meetings(series, people("ann", "bob"), [self.LET_GO])
        assert [(f.contact, f.span) for f in found] == [("ann", e.span) for e in series]

    def test_a_contact_who_was_invited_already_is_found_once_and_others_are_too(self) -> None:
        guests = ("ann@example.test", "bob@example.test")
        series = event(NOON, "ours", people=guests, attendee_count=3)
        found = found_meetings([series], people("ann", "bob"), [self.LET_GO])
        assert [f.contact for f in found] == ["ann", "bob"]

    def test_nobody_is_found_who_left_the_list_or_where_the_user_declined(self) -> None:
        assert found_meetings([event(NOON, "ours")], people("bob"), [self.LET_GO]) == ()
        declined = event(NOON, "ours", mine=False)
        assert found_meetings([declined], people("ann"), [self.LET_GO]) == ()


def test_an_archived_contact_is_not_found() -> None:
    gone = person("ann")._replace(archived=True)
    assert found_meetings([lunch_with("ann", NOON)], [gone], meetings=()) == ()


@pytest.mark.parametrize(
    "invited",
    [
        ("ann@example.test",),
        ("ann@home.example.test",),
        ("ann@home.example.test", "ann@example.test"),
    ],
)
def test_any_address_finds_a_contact_in_any_case_and_once(invited: tuple[str, ...]) -> None:
    ann = person("ann")._replace(emails=("Ann@Example.test", "ann@home.example.test"))
    both = event(NOON, people=invited, attendee_count=3)
    assert [f.contact for f in found_meetings([both], [ann], meetings=())] == ["ann"]


def test_a_table_for_three_finds_both_others() -> None:
    table = event(NOON, people=("bob@example.test", "ann@example.test"), attendee_count=3)
    found = found_meetings([table], people("ann", "bob"), meetings=())
    assert {f.contact for f in found} == {"ann", "bob"}


def test_found_meetings_come_in_the_order_of_time_whatever_the_calendar_gave_first() -> None:
    events = [lunch_with("ann", span(f"2026-11-{n:02} 12:00"), f"e{n}") for n in (5, 7, 9)]
    orders = {found_meetings(order, people("ann"), meetings=()) for order in permutations(events)}
    assert [[f.uid for f in order] for order in orders] == [["e5", "e7", "e9"]]
