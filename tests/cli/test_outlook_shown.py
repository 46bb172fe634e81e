"""How `status` and `plan` tell the chance of reaching the goal, and how the goal ends."""

from datetime import UTC, datetime, timedelta

import pytest
from shell import Shell

from connectd.domain.model import Meeting, Span, State
from connectd.edges.store import Store

DRAFTED_AT = datetime(2026, 11, 2, 6, tzinfo=UTC)
ACCEPTED, AGREED, HELD = 0.7, 0.75, 0.9
"""What is expected before anything has been answered."""


def listed(shell: Shell, *names: str) -> None:
    for name in names:
        address = f"{name.lower()}@example.test"
        shell.ok("contacts", "add", name, "--email", address, "--category", "business")


def record(shell: Shell, contact: str, state: State, day: int, month: int = 11) -> None:
    """Put a meeting on record, at nine o'clock UTC."""
    start = datetime(2026, month, day, 9, tzinfo=UTC)
    meeting = Meeting(
        uid=f"m-{contact}",
        contact=contact,
        attempt=1,
        state=state,
        span=Span(start, start + timedelta(minutes=45)),
        drafted_at=DRAFTED_AT,
        invited_at=None if state is State.DRAFTED else DRAFTED_AT,
    )
    with Store.open(shell.database) as store:
        store.save_meeting(meeting, was=None)


def test_status_tells_the_chance_and_what_would_raise_it(offline: Shell) -> None:
    offline.reconfigure("people_per_month = 3", "people_per_month = 2")
    listed(offline, "Ann", "Bob", "Cy")
    offline.ok("done", "ann", "--on", "2026-11-01")
    record(offline, "bob", State.DRAFTED, 10)

    month, later = offline.json("status")["months"][:2]

    drafted, sent = ACCEPTED * AGREED * HELD, AGREED * HELD
    assert month["chance"] == round(drafted, 4)
    assert month["raised_by"] == [
        {"what": "one more accepted draft", "chance": round(1 - (1 - drafted) * (1 - sent), 4)},
        {"what": "one more draft", "chance": round(1 - (1 - drafted) ** 2, 4)},
        {"what": "a yes to the draft with Bob", "chance": round(sent, 4)},
    ]
    assert (later["chance"], later["raised_by"]) == (None, [])
    assert (
        ">2026-11 ●○  2026-12 ○○  2027-01 ○○  2027-02 ○○  2027-03 ○○  2027-04 ○○\n"
        "2026-11: 1 of 2 met, 1 waiting for your yes; chance 47 % (one more accepted\n"
        "    draft: 83 %)\n"
    ) in offline.ok("status").out
    assert "2026-12: 0 of 2 met\n" in offline.ok("status", "--all").out


def test_shares_come_from_what_happened(offline: Shell) -> None:
    offline.reconfigure("people_per_month = 3", "people_per_month = 1")
    listed(offline, "Ann", "Bob")
    record(offline, "ann", State.TURNED_DOWN, 3, month=2)
    record(offline, "bob", State.INVITED, 10)

    agreed = AGREED * 4 / 5
    assert offline.json("status")["months"][0]["chance"] == round(agreed * HELD, 4)


def test_the_next_month_is_told_as_far_as_the_horizon_reaches(offline: Shell) -> None:
    listed(offline, "Ann")
    told = {
        now: [
            month["month"]
            for month in offline.json("status", now=now)["months"]
            if month["chance"] is not None
        ]
        for now in ("2026-10-01T07:00:00Z", "2026-11-02T07:00:00Z", "2026-11-03T07:00:00Z")
    }
    assert list(told.values()) == [[], ["2026-11"], ["2026-11", "2026-12"]]


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("snoozed", ("snooze", "bob", "--until", "2026-12-24")),
        ("archived", ("contacts", "remove", "bob")),
        ("met", ("done", "bob", "--on", "2026-11-01")),
    ],
)
def test_no_draft_is_wished_for_with_nobody_left(
    offline: Shell, why: str, words: tuple[str, ...]
) -> None:
    listed(offline, "Ann", "Bob")
    record(offline, "ann", State.DRAFTED, 10)
    offline.reconfigure("people_per_month = 3", "people_per_month = 2")
    assert "one more accepted" in offline.ok("status").out

    offline.ok(*words)

    assert "one more accepted" not in offline.ok("status").out, why


def test_nobody_is_wished_for_who_has_a_meeting_in_a_later_month(offline: Shell) -> None:
    offline.reconfigure("people_per_month = 3", "people_per_month = 1")
    listed(offline, "Ann")
    record(offline, "ann", State.DRAFTED, 3, month=12)

    this_month, next_month = offline.json("status", now="2026-11-10T07:00:00Z")["months"][:2]
    assert (this_month["chance"], this_month["raised_by"]) == (0, [])
    assert next_month["chance"] > 0
    later = offline.json("status", now="2026-12-20T07:00:00Z")["months"][2]
    assert later["raised_by"]


def test_nobody_is_wished_for_who_rests(offline: Shell) -> None:
    offline.reconfigure("people_per_month = 3", "people_per_month = 1")
    offline.configure(offline.config.read_text() + "[meeting]\nrest_after = 1\n")
    listed(offline, "Ann")
    record(offline, "ann", State.TURNED_DOWN, 1)

    assert "Resting until" in offline.ok("status").out
    assert offline.json("status")["months"][0]["raised_by"] == []


def test_meetings_are_remembered_for_longer_than_they_are_shown(offline: Shell) -> None:
    listed(offline, "Ann")
    record(offline, "ann", State.TURNED_DOWN, 3, month=8)

    assert offline.json("status", now="2026-11-01T09:45:00Z")["meetings"] != []
    assert offline.json("status", now="2026-11-01T09:45:01Z")["meetings"] == []


def test_no_draft_is_wished_for_with_no_time_left(offline: Shell) -> None:
    offline.reconfigure("people_per_month = 3", "people_per_month = 1")
    listed(offline, "Ann")

    said = offline.ok("status", now="2026-11-28T10:00:00Z").out
    assert "2026-11: 0 of 1 met; chance 0 % (one more accepted draft: 68 %)\n" in said
    said = offline.ok("status", now="2026-11-29T10:00:00Z").out
    assert "2026-11: 0 of 1 met; chance 0 %\n2026-12" in said


def test_a_goal_that_is_reached_needs_no_chance(offline: Shell) -> None:
    offline.reconfigure("people_per_month = 3", "people_per_month = 1")
    listed(offline, "Ann")
    offline.ok("done", "ann", "--on", "2026-11-01")

    month = offline.json("status")["months"][0]
    assert (month["chance"], month["raised_by"]) == (1.0, [])
    assert ">2026-11 ●  2026-12 ○" in offline.ok("status").out
    assert "2026-11: 1 of 1 met\n" in offline.ok("status").out


def test_what_is_nearly_certain_is_not_told_as_certain(offline: Shell) -> None:
    offline.reconfigure("people_per_month = 3", "people_per_month = 1")
    names = [f"P{n}" for n in range(5)]
    listed(offline, *names)
    for name in names:
        record(offline, name.lower(), State.CONFIRMED, 10)

    assert offline.json("status")["months"][0]["chance"] == pytest.approx(1, abs=1e-4)
    assert "chance 99 %" in offline.ok("status").out


def test_before_the_goal_starts_status_says_when_it_does(offline: Shell) -> None:
    assert "It starts in 2026-11.\n" in offline.ok("status", now="2026-10-31T22:59:00Z").out
    assert "It starts" not in offline.ok("status", now="2026-10-31T23:00:00Z").out


def test_after_its_last_month_the_goal_is_summed_up(offline: Shell) -> None:
    offline.reconfigure("people_per_month = 3", "people_per_month = 1")
    listed(offline, "Ann", "Bob")
    for who, on in (("ann", "2026-11-05"), ("bob", "2026-11-06"), ("ann", "2027-04-30")):
        offline.ok("done", who, "--on", on, now="2027-04-30T18:00:00Z")
    assert offline.json("status", now="2027-04-30T21:59:00Z")["summary"] is None

    over = "2027-04-30T22:00:00Z"

    assert offline.json("status", now=over)["summary"] == {
        "months_reached": 2,
        "months": 6,
        "people": 2,
        "meetings": 3,
    }
    assert (
        "The goal is over: 2 of 6 months reached, different people met: 2, meetings: 3.\n"
        'For the next one, set starts = "2027-05" and months in [goal]:\n'
        f"    {offline.config}\n"
    ) in offline.ok("status", now=over).out
    offline.reconfigure('starts = "2026-11"', 'starts = "2027-05"')
    assert offline.json("status", now=over)["summary"] is None


def test_a_plan_counts_what_it_would_draft(online: Shell) -> None:
    online.reconfigure("people_per_month = 3", "people_per_month = 1")
    drafted = ACCEPTED * AGREED * HELD

    (month, *_) = online.json("plan")["months"]

    assert month["chance"] == round(drafted, 4)
    assert month["raised_by"] == [
        {"what": "a yes to the draft with Bob Baker", "chance": round(AGREED * HELD, 4)}
    ]
    assert online.json("status")["months"][0]["chance"] == 0
    said = online.ok("plan").out
    assert "0 of 1 met; chance 47 %\n    a yes to the draft with Bob Baker: 68 %\n" in said
    online.ok("tick")
    assert online.json("status")["months"][0]["chance"] == round(drafted, 4)
