"""The documents that scripts rely on: their keys, and that nothing else is on standard output."""

import re
from datetime import UTC, datetime
from typing import Any

from accounts import event
from servers import User
from shell import NOW, Shell

from connectd.domain.model import Span

TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
MONTH = {"month", "goal", "met", "scheduled", "open_drafts", "needed", "chance", "raised_by"}
PROPOSAL = {"contact", "other", "name", "category", "step", "start", "end", "reasons"}
MEETING = {
    *("uid", "contact", "other", "state", "start", "end"),
    *("delivery", "delivery_detail", "reply", "conflict", "missing_since"),
}


def keys(things: list[dict[str, Any]]) -> set[frozenset[str]]:
    return {frozenset(thing) for thing in things}


def test_a_plan(online: Shell) -> None:
    online.ok("contacts", "add", "Carol", "--email", "c@example.test", "--category", "results")
    online.ok("snooze", "carol", "--until", "2027-02-01")

    plan = online.json("plan")

    assert set(plan) == {
        *("now", "complete", "unread", "unreadable"),
        *("months", "proposals", "passed_over"),
    }
    assert (plan["now"], plan["complete"], plan["unread"]) == (NOW, True, [])
    assert keys(plan["months"]) == {frozenset(MONTH)}
    assert plan["months"][0] | {"month": "2026-11", "goal": 3, "needed": 3} == plan["months"][0]
    (proposal,) = plan["proposals"]
    assert set(proposal) == PROPOSAL
    assert proposal["contact"] == "bob-baker"
    assert proposal["step"] == "connect"
    assert proposal["start"] == "2026-11-04T08:00:00Z"
    assert proposal["end"] == "2026-11-04T08:45:00Z"
    (passed,) = plan["passed_over"]
    assert set(passed) == {"contact", "reason"}
    assert passed["contact"] == "carol"


def test_a_plan_writes_nothing(online: Shell, alice: User) -> None:
    before = online.json("status"), alice.dav.hrefs(alice.home)

    online.ok("plan")

    assert (online.json("status"), alice.dav.hrefs(alice.home)) == before


def test_a_tick_and_the_status_after_it(online: Shell, alice: User) -> None:
    report = online.json("tick")

    assert set(report) == {"now", "complete", "unread", "unreadable", "applied", "failures"}
    (deed,) = report["applied"]
    assert set(deed) == {"action", "meeting", "contact", "detail"}
    assert (deed["action"], deed["contact"]) == ("draft", "bob-baker")
    (draft,) = alice.dav.objects(f"{alice.home}connections/").values()
    assert f"UID:{deed['meeting']}" in draft

    status = online.json("status")

    assert set(status) == {
        *("now", "goal", "months", "summary", "categories", "contacts", "steps", "moved"),
        *("waiting", "promises", "introductions", "meetings"),
        *("unreadable", "feeds", "address_book", "daemon"),
    }
    assert status["goal"] == {"people_per_month": 3, "months": 6, "starts": "2026-11"}
    assert [month["month"] for month in status["months"]] == [
        *("2026-11", "2026-12", "2027-01", "2027-02", "2027-03", "2027-04")
    ]
    assert keys(status["months"]) == {frozenset(MONTH | {"people"})}
    assert status["months"][0]["open_drafts"] == 1
    assert status["contacts"] == [
        {
            "id": "bob-baker",
            "name": "Bob Baker",
            "category": "business",
            "step": "connect",
            "last_met": None,
            "overdue_days": None,
            "light": "amber",
            "open": deed["meeting"],
            "resting_until": None,
        }
    ]
    (meeting,) = status["meetings"]
    assert set(meeting) == MEETING
    assert meeting["uid"] == deed["meeting"]
    assert (meeting["state"], meeting["delivery"]) == ("drafted", None)
    assert TIME.fullmatch(meeting["start"])
    main = {"name": "main", "last_success": NOW, "last_error": None}
    assert status["daemon"] == {
        "last_success": NOW,
        "last_error": None,
        "accounts": [main | {"failing_since": None, "paused_since": None}],
    }


def test_an_event_that_cannot_be_read_is_named_and_costs_only_its_time(
    online: Shell, alice: User
) -> None:
    span = Span(datetime(2026, 11, 4, 8, tzinfo=UTC), datetime(2026, 11, 4, 9, tzinfo=UTC))
    broken = event("odd", span, "Odd one", "RRULE:FREQ=DAILY;BYEASTER=1")
    alice.dav.put(f"{alice.calendar}odd.ics", broken, new=True).expect(201)

    report = online.json("tick")

    assert report["complete"] is True
    (odd,) = report["unreadable"]
    assert set(odd) == {"calendar", "href", "uid", "title", "reason", "blocks"}
    assert (odd["calendar"], odd["uid"], odd["title"]) == ("Calendar", "odd", "Odd one")
    assert online.json("status")["unreadable"] == [odd]
    shown = online.run("plan").ends_with(0)
    assert "Could not read “Odd one” in Calendar" in shown.err


def test_words_for_people_go_to_standard_output_too_and_times_are_theirs(online: Shell) -> None:
    said = online.ok("plan").out

    assert "Wed 2026-11-04 09:00 to 09:45  Bob Baker, coffee" in said


def test_json_is_the_same_in_any_locale(offline: Shell) -> None:
    add = ("contacts", "add", "Zoë 🎈", "--email", "zoe@example.test", "--category", "results")
    offline.ok(*add)
    offline.environment |= {"PYTHONUTF8": "0", "PYTHONIOENCODING": "latin-1"}
    offline.ok("contacts", "edit", "zoë", "--name", "Zoe 🎈")

    assert offline.spawn("contacts", "--json").ends_with(0).json[0]["name"] == "Zoe 🎈"
    assert "2026-11 ???" in offline.spawn("status").ends_with(0).out
