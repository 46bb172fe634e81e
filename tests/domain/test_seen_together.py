"""Who knows each other, by the events of the calendar."""

import pytest
from domain_builders import event, person, span

from connectd.domain.seen_together import MOST_TOGETHER, seen_together

WHEN = span("2026-11-03 09:00", 60)
PEOPLE = [person("ada"), person("bob"), person("cy")]
BOTH = ("bob@example.test", "ada@example.test")


def test_two_in_one_event_know_each_other() -> None:
    lunch = event(WHEN, people=BOTH, attendee_count=3)
    apart = event(WHEN, "other", people=("cy@example.test", "x@example.test"), attendee_count=3)
    assert seen_together([lunch, apart], PEOPLE, ()) == {("ada", "bob")}


def test_everybody_around_a_table_knows_everybody() -> None:
    lunch = event(WHEN, people=(*BOTH, "cy@example.test"), attendee_count=4)
    assert seen_together([lunch], PEOPLE, ()) == {("ada", "bob"), ("ada", "cy"), ("bob", "cy")}


def test_two_addresses_of_one_person_are_one_person() -> None:
    ada = person("ada")._replace(emails=("Ada@example.test", "ada@work.test"))
    lunch = event(WHEN, people=("ada@example.test", "ada@work.test"), attendee_count=3)
    assert seen_together([lunch], [ada], ()) == frozenset()


@pytest.mark.parametrize(
    "why",
    [
        {"mine": False},
        {"attendee_count": MOST_TOGETHER + 1},
        {"people": ("ada@example.test",)},
    ],
)
def test_what_shows_nothing(why: dict[str, object]) -> None:
    seen = event(WHEN, **{"people": BOTH, "attendee_count": 3, **why})
    assert seen_together([seen], PEOPLE, ()) == frozenset()


def test_our_own_meetings_show_nothing() -> None:
    ours = event(WHEN, "ours", people=BOTH, attendee_count=3)
    assert seen_together([ours], PEOPLE, {"ours"}) == frozenset()
