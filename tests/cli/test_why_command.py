"""`connectd why`: about a person, about a time, about a week."""

import os
import pty
import sqlite3
import subprocess
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from accounts import event
from servers import User
from shell import NOW, Shell, configuration

from connectd.domain.model import Span


def put(alice: User, uid: str, start: str, minutes: int, title: str, *more: str) -> None:
    """Put an event into the calendar; ``start`` is in UTC."""
    begins = datetime.fromisoformat(start).replace(tzinfo=UTC)
    text = event(uid, Span(begins, begins + timedelta(minutes=minutes)), title, *more)
    alice.dav.put(f"{alice.calendar}{uid}.ics", text, new=True).expect(201)


@pytest.fixture
def busy(online: Shell, alice: User) -> Shell:
    """Return a home whose calendar holds one event of each kind, on days in November."""
    put(alice, "call", "2026-11-05T09:30", 60, "Team call")
    put(alice, "fair", "2026-11-09T09:00", 60, "Fair", "TRANSP:TRANSPARENT")
    put(alice, "off", "2026-11-09T09:00", 60, "Called off", "STATUS:CANCELLED")
    put(alice, "odd", "2026-11-16T09:00", 60, "Odd one", "RRULE:FREQ=YEARLY;BYEASTER=1")
    return online


def at(shell: Shell, moment: str) -> Any:  # noqa: ANN401 - the document
    return shell.run("why", "--at", moment, "--json").ends_with(0).json


class TestUsage:
    @pytest.mark.parametrize(
        "words",
        [
            (),
            ("bob", "--week"),
            ("bob", "--at", "2026-11-05T10:00"),
            ("--week", "--at", "2026-11-05T10:00"),
            ("bob", "--from", "2026-11-05"),
            ("--at", "2026-11-05T10:00", "--from", "2026-11-05"),
            ("--at", "2026-11-05"),
            ("--at", "tomorrow"),
            ("--at", "0001-01-01T00:00"),
            ("--at", "9999-12-31T23:59+00:00"),
            ("--week", "--from", "soon"),
        ],
    )
    def test_one_question_at_a_time(self, offline: Shell, words: tuple[str, ...]) -> None:
        refused = offline.run("why", *words).ends_with(2)

        assert refused.err
        assert refused.out == ""

    def test_nobody_of_that_name(self, offline: Shell) -> None:
        assert "Nobody" in offline.run("why", "nobody").ends_with(6).err


class TestAPerson:
    def test_who_is_due_is_told_when(self, online: Shell) -> None:
        planned = online.json("plan")["proposals"][0]

        about = online.json("why", "bob")

        assert set(about) >= {
            *("contact", "due", "light", "score", "reasons", "passed_over", "learned"),
            *("open", "proposal", "next_possible"),
        }
        assert (about["contact"], about["due"], about["open"]) == ("bob-baker", True, None)
        assert about["reasons"]
        assert about["passed_over"] is None
        expected = {key: planned[key] for key in ("start", "end", "reasons")}
        assert about["proposal"] == expected
        assert about["next_possible"] == planned["start"][:10]
        said = online.ok("why", "bob").out
        assert said.startswith("Bob Baker (bob-baker), business: due, amber, score 1.50\n")
        assert "Would be drafted now: " in said

    def test_who_is_snoozed_is_told_until_when(self, online: Shell) -> None:
        online.ok("snooze", "bob", "--until", "2027-02-01")

        about = online.json("why", "bob")

        assert (about["due"], about["proposal"]) == (False, None)
        assert about["passed_over"] == "snoozed until 2027-02-01"
        assert about["next_possible"] == "2027-02-01"
        said = online.ok("why", "bob").out
        assert "not due, amber\n" in said
        assert "Could be drafted for 2027-02-01 or later" in said

    def test_an_open_draft_is_shown(self, online: Shell) -> None:
        (deed,) = online.json("tick")["applied"]

        about = online.json("why", "bob")

        assert (about["open"]["uid"], about["open"]["state"]) == (deed["meeting"], "drafted")
        assert (about["due"], about["next_possible"]) == (False, None)
        assert "waits for your answer" in about["passed_over"]
        assert "Open: " in online.ok("why", "bob").out


class TestATime:
    def test_an_event_is_named_with_its_calendar_and_when_that_was_read(self, busy: Shell) -> None:
        about = at(busy, "2026-11-05T10:00")

        assert about["at"] == "2026-11-05T09:00:00Z"
        assert about["free"] is False
        (call,) = about["blocked_by"]
        assert call == {
            "kind": "busy",
            "what": "Team call",
            "calendar": "Calendar",
            "start": "2026-11-05T09:30:00Z",
            "end": "2026-11-05T10:30:00Z",
            "all_day": False,
            "read_at": NOW,
        }
        said = busy.run("why", "--at", "2026-11-05T10:00").ends_with(0).out
        assert "Thu 2026-11-05 10:00 to 10:45: a meeting of 45 minutes is not possible" in said
        assert "“Team call”: busy, 10:30 to 11:30, in Calendar, read 2026-11-02 08:00" in said

    def test_a_zone_can_be_given(self, busy: Shell) -> None:
        assert at(busy, "2026-11-05T04:00-05:00") == at(busy, "2026-11-05T10:00")

    @pytest.mark.parametrize(
        ("moment", "kinds"),
        [
            ("2026-11-05T09:45", ["buffer"]),
            ("2026-11-05T09:30", []),
            ("2026-11-05T12:30", ["hours"]),
            ("2026-11-07T10:00", ["hours"]),
            ("2026-11-09T10:00", []),
            ("2026-11-16T10:00", ["unknown"]),
            ("2026-11-03T10:00", ["notice"]),
            ("2026-11-02T07:00", ["past", "hours"]),
            ("2026-12-03T15:00", ["horizon"]),
        ],
    )
    def test_what_blocks(self, busy: Shell, moment: str, kinds: list[str]) -> None:
        about = at(busy, moment)

        assert [reason["kind"] for reason in about["blocked_by"]] == kinds
        assert about["free"] is (kinds == [])

    def test_what_lies_there_and_does_not_block(self, busy: Shell) -> None:
        beside = {reason["what"]: reason for reason in at(busy, "2026-11-09T10:00")["beside"]}

        assert beside["Fair"]["kind"] == "shown_as_free"
        assert beside["Fair"]["calendar"] == "Calendar"
        assert beside["Called off"]["kind"] == "not_attended"
        said = busy.run("why", "--at", "2026-11-09T10:00").ends_with(0).out
        assert "a meeting of 45 minutes is possible" in said
        assert "“Fair”: shown as free, so it does not block" in said

    def test_a_draft_of_ours_and_the_cap_of_its_day(self, online: Shell) -> None:
        online.ok("tick")
        start = online.json("status")["meetings"][0]["start"]

        about = at(online, start)

        assert [reason["kind"] for reason in about["blocked_by"]] == ["meeting", "cap"]
        assert about["blocked_by"][0]["what"] == "the draft for Bob Baker"
        assert about["blocked_by"][0]["calendar"] == "Connections"

    def test_a_public_holiday(self, online: Shell) -> None:
        zone = 'timezone = "Europe/Berlin"'
        online.reconfigure(zone, f'{zone}\ncountry = "DE"\nsubdivision = "BY"')
        now = "2026-12-14T07:00:00Z"

        ran = online.ok("why", "--at", "2026-12-25T10:00", "--json", now=now)

        (holiday,) = ran.json["blocked_by"]
        assert holiday["kind"] == "day_off"
        assert "Weihnachtstag" in holiday["what"]

    def test_all_day_is_said(self, online: Shell, alice: User) -> None:
        put(alice, "trip", "2026-11-10T00:00", 24 * 60, "Trip")
        url = f"{alice.calendar}trip.ics"
        text = alice.dav.objects(alice.calendar)[url]
        whole = text.replace("DTSTART:20261110T000000Z", "DTSTART;VALUE=DATE:20261110")
        whole = whole.replace("DTEND:20261111T000000Z", "DTEND;VALUE=DATE:20261111")
        alice.dav.put(url, whole).expect(201, 204)

        assert at(online, "2026-11-10T10:00")["blocked_by"][0]["all_day"] is True
        assert "“Trip”: busy, all day" in online.ok("why", "--at", "2026-11-10T10:00").out


class TestAWeek:
    def test_a_drawing_with_its_legend(self, busy: Shell) -> None:
        busy.run("tick").ends_with(0)
        drafted = busy.json("why", "bob")["open"]["start"]

        lines = busy.run("why", "--week").ends_with(0).out.splitlines()

        assert lines[0].split() == [str(hour) for hour in range(8, 18)]
        assert [line[:10] for line in lines[1:8]] == [
            *("Mon  2 Nov", "Tue  3 Nov", "Wed  4 Nov", "Thu  5 Nov"),
            *("Fri  6 Nov", "Sat  7 Nov", "Sun  8 Nov"),
        ]
        assert "-████-" in lines[4]
        assert lines[6].endswith("day off")
        assert any("[B]" in line for line in lines[1:8])
        assert "█ busy" in lines[8]
        assert "[X] draft" in lines[8]
        assert lines[9].endswith("Bob Baker, draft")
        assert drafted[:10] in lines[9]
        assert not any("\x1b" in line for line in lines)

    def test_the_document(self, busy: Shell) -> None:
        busy.run("tick").ends_with(0)
        (meeting,) = busy.json("status")["meetings"]

        week = busy.run("why", "--week", "--json").ends_with(0).json

        assert (week["from"], week["zone"]) == ("2026-11-02", "Europe/Berlin")
        assert [day["date"] for day in week["days"]] == [f"2026-11-0{n}" for n in range(2, 9)]
        thursday = week["days"][3]
        assert thursday["busy"] == [
            {"start": "2026-11-05T09:30:00Z", "end": "2026-11-05T10:30:00Z"}
        ]
        assert {"start": "2026-11-05T10:45:00Z", "end": "2026-11-05T11:00:00Z"} in thursday["free"]
        assert [shown for day in week["days"] for shown in day["meetings"]] == [
            {key: meeting[key] for key in ("contact", "other", "state", "start", "end")}
        ]
        assert (week["days"][5]["free"], week["days"][5]["day_off"]) == ([], "day off")

    def test_another_week(self, busy: Shell) -> None:
        week = busy.run("why", "--week", "--from", "2026-11-15", "--json").ends_with(0).json

        assert week["from"] == "2026-11-15"
        assert week["days"][1]["unknown"] == [
            {"start": "2026-11-16T09:00:00Z", "end": "2026-11-16T10:00:00Z"}
        ]

    def test_what_is_too_far_away_was_not_read_and_is_not_called_free(self, online: Shell) -> None:
        week = online.json("why", "--week", "--from", "2026-12-21")

        assert all(day["free"] == [] for day in week["days"])
        assert len(week["days"][0]["unknown"]) == 2
        said = online.ok("why", "--week", "--from", "2026-12-21").out
        assert "Calendars are read from 2026-10-01 to 2026-12-02 only" in said

    @pytest.mark.parametrize(("more", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
    def test_colours_are_for_terminals_that_want_them(
        self, busy: Shell, more: dict[str, str], *, coloured: bool
    ) -> None:
        ours, theirs = pty.openpty()
        subprocess.run(
            busy.command("why", "--week", now=NOW),
            env=busy.environment | {"TERM": "xterm"} | more,
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        seen = os.read(ours, 65536)
        for end in (ours, theirs):
            os.close(end)

        assert "█".encode() in seen
        assert (b"\x1b[" in seen) is coloured


QUESTIONS = [("bob",), ("--at", "2026-11-05T10:00"), ("--week",)]


@pytest.mark.parametrize("words", QUESTIONS)
def test_nothing_is_written(online: Shell, alice: User, words: tuple[str, ...]) -> None:
    before = records(online), alice.dav.hrefs(alice.home)

    online.ok("why", *words)

    assert (records(online), alice.dav.hrefs(alice.home)) == before


@pytest.mark.parametrize("words", QUESTIONS)
def test_a_calendar_that_could_not_be_read_is_said(
    shell: Shell, alice: User, words: tuple[str, ...]
) -> None:
    shell.configure(configuration(alice, account=('busy = ["Calendar", "Team"]',)))
    shell.ok("contacts", "add", "Bob Baker", "--email", "b@example.test", "--category", "business")

    told = shell.run("why", *words).ends_with(5)
    document = shell.run("why", *words, "--json").ends_with(5).json

    assert told.out
    assert "Not read: main: Team" in told.err
    assert document["complete"] is False
    assert document["unread"][0]["calendar"] == "main: Team"
    if "--at" in words:
        assert document["free"] is False
        assert document["blocked_by"][0]["kind"] == "unread"
    if "--week" in words:
        assert not any(day["free"] for day in document["days"])


def test_text_from_elsewhere_steers_no_terminal(online: Shell, alice: User) -> None:
    put(alice, "odd", "2026-11-05T09:00", 60, "An\u202eodd \x9b1mtitle")

    said = online.ok("why", "--at", "2026-11-05T10:00").out

    assert "“Anodd 1mtitle”" in said


def records(shell: Shell) -> list[str]:
    """Everything in the database, as SQL."""
    with sqlite3.connect(shell.database) as database:
        return list(database.iterdump())
