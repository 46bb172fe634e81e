"""`connectd plan --if`: the plan under other settings, and nothing written anywhere."""

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from accounts import event
from servers import User
from shell import Shell

from connectd.domain.model import Span

PEOPLE = ("Carol Cole", "Dan Dale", "Eve Eden")


def everything(alice: User) -> dict[str, str]:
    """Every object in the calendars, by its URL."""
    home, drafts = alice.calendar, f"{alice.home}connections/"
    return alice.dav.objects(home) | alice.dav.objects(drafts)


@pytest.fixture
def online(online: Shell) -> Shell:
    """Return the home with four people on the list."""
    for name in PEOPLE:
        email = f"{name.split()[0].lower()}@example.test"
        online.ok("contacts", "add", name, "--email", email, "--category", "results")
    return online


def records(shell: Shell) -> list[str]:
    """Everything in the database, as SQL."""
    with sqlite3.connect(shell.database) as database:
        return list(database.iterdump())


def test_the_plan_under_another_goal(online: Shell) -> None:
    usual = online.json("plan")
    online.reconfigure("people_per_month = 3", "people_per_month = 2")

    tried = online.json("plan", "--if", "people_per_month=3")

    assert tried.pop("as_if") == {"people_per_month": 3}
    assert tried == usual
    assert len(tried["proposals"]) == 3
    assert len(online.json("plan")["proposals"]) == 2


def test_several_settings_at_once_are_said_first(online: Shell) -> None:
    words = ("--if", "meeting.minutes=30", "--if", "wednesday=13:00-14:00,15:00-16:00")

    said = online.ok("plan", *words).out
    tried = online.json("plan", *words)

    assert said.startswith(
        "As if minutes were 30 and wednesday were 13:00-14:00, 15:00-16:00:\n2026-11 "
    )
    assert tried["as_if"] == {"minutes": 30, "wednesday": ["13:00-14:00", "15:00-16:00"]}
    assert all(length(proposal) == timedelta(minutes=30) for proposal in tried["proposals"])
    for proposal in tried["proposals"]:
        if starts(proposal).weekday() == 2:
            assert starts(proposal).hour in (12, 14)


def test_without_it_nothing_is_said_of_it(online: Shell) -> None:
    assert "as_if" not in online.json("plan")
    assert "As if" not in online.ok("plan").out


def test_a_later_horizon_is_read_as_far_as_it_goes(online: Shell, alice: User) -> None:
    first = datetime(2026, 11, 2, tzinfo=UTC)
    for number in range(45):
        start = first + timedelta(days=number)
        busy = event(f"busy-{number}", Span(start, start + timedelta(days=1)))
        alice.dav.put(f"{alice.calendar}{number}.ics", busy, new=True).expect(201)
    online.run("tick").ends_with(0)

    assert online.json("plan")["proposals"] == []
    tried = online.json("plan", "--if", "horizon_days=56")["proposals"]

    assert tried
    assert all(starts(proposal) >= first + timedelta(days=45) for proposal in tried)
    assert online.json("plan")["proposals"] == []


def test_nothing_is_written(online: Shell, alice: User) -> None:
    online.ok("tick")
    before = records(online), everything(alice)

    online.ok("plan", "--if", "people_per_month=9", "--if", "open_drafts=9", "--if", "per_week=9")
    online.ok("plan", "--if", "horizon_days=90", "--json")

    assert (records(online), everything(alice)) == before


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("minutes=3", "--if minutes=3: meeting.minutes: must be a whole number from 5 to 480"),
        ("minuts=30", "did you mean minutes?"),
        ("name=Bob", "is no key of [goal], [meeting] or [hours]"),
        ("notice_hours=900", "reach beyond horizon_days"),
        ("minutes", "must be written as people_per_month=4"),
    ],
)
def test_what_cannot_be_tried_is_wrong_usage(offline: Shell, written: str, said: str) -> None:
    refused = offline.run("plan", "--if", written).ends_with(2)

    assert said in refused.err
    assert refused.out == ""


def test_a_wrong_configuration_is_still_one(offline: Shell) -> None:
    offline.reconfigure("months = 6", "months = 0")

    assert "goal.months" in offline.run("plan", "--if", "minutes=30").ends_with(3).err


def starts(proposal: dict[str, str]) -> datetime:
    return datetime.fromisoformat(proposal["start"])


def length(proposal: dict[str, str]) -> timedelta:
    return datetime.fromisoformat(proposal["end"]) - starts(proposal)
