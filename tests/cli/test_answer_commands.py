"""The user's answers in the shell, from a draft on a real server to a meeting that was held."""

from datetime import UTC, datetime, timedelta

import pytest
from accounts import event
from calendar_client import edit, move
from servers import User
from shell import NOW, Shell

from connectd.domain.model import Span

AFTER_GRACE = "2026-11-02T07:10:00Z"
AFTERWARDS = "2026-11-04T10:00:00Z"


@pytest.fixture
def drafted(online: Shell) -> Shell:
    """A home after a tick that drafted a coffee with bob: Wednesday 4 November, 09:00."""
    online.ok("tick")
    return online


@pytest.fixture
def known(offline: Shell) -> Shell:
    """A home with bob on the list, and no server."""
    offline.ok(
        "contacts", "add", "Bob Baker", "--email", "bob@example.test", "--category", "business"
    )
    return offline


def drafts(user: User) -> list[str]:
    return list(user.dav.objects(f"{user.home}connections/").values())


def told(shell: Shell, now: str) -> str:
    """Return what `status` says, as if on one line."""
    return " ".join(shell.ok("status", now=now).out.split())


def test_a_yes_is_recorded_and_sent_by_a_later_tick(drafted: Shell, alice: User) -> None:
    said = drafted.json("accept", "bob")

    assert said["contact"] == "bob-baker"
    assert said["on"] == "2026-11-04"
    assert said["meeting"]["state"] == "accepted"
    (draft,) = drafts(alice)
    assert "bob@example.test" not in draft

    (deed,) = drafted.json("tick", now=AFTER_GRACE)["applied"]

    assert (deed["action"], deed["meeting"]) == ("invite", said["meeting"]["uid"])
    (invitation,) = drafts(alice)
    assert "mailto:bob@example.test" in invitation
    again = drafted.run("accept", "bob", now=AFTER_GRACE).ends_with(6)
    assert "has gone out" in again.err


def test_a_second_yes_changes_nothing(drafted: Shell) -> None:
    drafted.ok("accept", "bob")

    again = drafted.run("accept", "bob", "--json").ends_with(6)

    assert again.out == ""
    assert "said yes to the meeting with Bob Baker already" in again.err


def test_a_yes_to_a_time_that_is_taken_wants_a_second_one(drafted: Shell, alice: User) -> None:
    drafted.ok("accept", "bob")
    span = Span(datetime(2026, 11, 4, 8, tzinfo=UTC), datetime(2026, 11, 4, 9, tzinfo=UTC))
    alice.dav.put(f"{alice.calendar}dentist.ics", event("d", span, "Dentist"), new=True).expect(201)

    (deed,) = drafted.json("tick", now=AFTER_GRACE)["applied"]

    assert deed["action"] == "conflict"
    assert "conflict: “Dentist”" in told(drafted, AFTER_GRACE)
    said = drafted.json("accept", "bob", now=AFTER_GRACE)
    assert said["meeting"]["conflict"] == "“Dentist”"
    (deed,) = drafted.json("tick", now="2026-11-02T07:20:00Z")["applied"]
    assert deed["action"] == "invite"


@pytest.mark.parametrize(
    ("grace_minutes", "when"),
    [(0, "with the next tick."), (1, "after a minute."), (5, "after 5 minutes.")],
)
def test_a_yes_says_when_the_invitation_goes_out(
    drafted: Shell, grace_minutes: int, when: str
) -> None:
    drafted.reconfigure("[goal]", f"[meeting]\ngrace_minutes = {grace_minutes}\n[goal]")

    assert drafted.ok("accept", "bob").out.strip().endswith(when)


def test_a_draft_that_was_deleted_is_said_to_be_gone(drafted: Shell, alice: User) -> None:
    (href,) = alice.dav.hrefs(f"{alice.home}connections/")
    alice.dav.delete(href).expect(200, 204)

    drafted.ok("tick", now=AFTER_GRACE)

    assert "gone from your calendar, which counts as a no" in told(drafted, NOW)
    (meeting,) = drafted.json("status")["meetings"]
    assert (meeting["state"], meeting["missing_since"]) == ("drafted", AFTER_GRACE)


def test_an_invitation_that_was_deleted_is_said_to_be_gone(drafted: Shell, alice: User) -> None:
    drafted.ok("accept", "bob")
    drafted.ok("tick", now=AFTER_GRACE)
    (href,) = alice.dav.hrefs(f"{alice.home}connections/")
    alice.dav.delete(href).expect(200, 204)

    drafted.ok("tick", now="2026-11-02T07:20:00Z")

    assert "gone from your calendar, which calls it off" in told(drafted, "2026-11-02T07:20:00Z")


def test_a_yes_to_a_draft_that_was_moved_to_a_taken_time_says_so(
    drafted: Shell, alice: User
) -> None:
    span = Span(datetime(2026, 11, 4, 13, tzinfo=UTC), datetime(2026, 11, 4, 14, tzinfo=UTC))
    alice.dav.put(f"{alice.calendar}dentist.ics", event("d", span, "Dentist"), new=True).expect(201)
    (href,) = alice.dav.objects(f"{alice.home}connections/")
    edit(alice, href, move(timedelta(hours=5)))
    (deed,) = drafted.json("tick")["applied"]
    assert "that time is taken by “Dentist”" in deed["detail"]

    first = drafted.ok("accept", "bob").out

    assert "the time is taken by “Dentist”. Say yes once more" in first
    held = drafted.run("tick", "--json", now=AFTER_GRACE).ends_with(7).json
    assert held["applied"] == []
    assert held["failures"][0]["reason"] == "not sent: the time is taken by “Dentist”"
    assert "bob@example.test" not in drafts(alice)[0]
    second = drafted.ok("accept", "bob", now=AFTER_GRACE).out
    assert "The invitation goes out" in second
    (deed,) = drafted.json("tick", now="2026-11-02T07:20:00Z")["applied"]
    assert deed["action"] == "invite"
    assert "mailto:bob@example.test" in drafts(alice)[0]


def test_nothing_is_mailed_again_that_is_not_in_doubt(known: Shell) -> None:
    said = known.run("resend", "bob").ends_with(6)

    assert "No mail to Bob Baker is left in doubt" in said.err


def test_a_no_takes_the_draft_away_with_the_next_tick(drafted: Shell, alice: User) -> None:
    said = drafted.json("decline", "bob")

    assert said["meeting"]["state"] == "declined"
    assert len(drafts(alice)) == 1
    assert drafted.json("tick", now=AFTER_GRACE)["failures"] == []
    assert drafts(alice) == []


def test_a_meeting_that_took_place_counts(drafted: Shell) -> None:
    drafted.ok("accept", "bob")
    drafted.ok("tick", now=AFTER_GRACE)
    early = drafted.run("done", "bob", now=AFTER_GRACE).ends_with(6)

    said = drafted.json("done", "bob", *("--need", "a designer"), now=AFTERWARDS)

    assert "No meeting with Bob Baker has begun" in early.err
    assert said["on"] == "2026-11-04"
    assert said["meeting"]["state"] == "met"
    standing = drafted.json("status", now=AFTERWARDS)
    assert standing["months"][0]["met"] == 1
    assert standing["months"][0]["people"] == ["bob-baker"]
    assert standing["contacts"][0]["last_met"] == "2026-11-04"
    assert standing["contacts"][0]["open"] is None


def test_a_meeting_that_did_not_take_place_does_not_count(drafted: Shell) -> None:
    drafted.ok("accept", "bob")
    drafted.ok("tick", now=AFTER_GRACE)

    said = drafted.json("missed", "bob", now=AFTERWARDS)

    assert said["meeting"]["state"] == "missed"
    assert drafted.json("status", now=AFTERWARDS)["months"][0]["met"] == 0


def test_a_meeting_that_nobody_planned_counts_on_its_day(known: Shell) -> None:
    facts = ("--need", "a designer", "--helped-me", "with the move", "--need", "a flat")

    said = known.json("done", "bob", "--on", "2026-11-01", *facts)

    assert said == {"contact": "bob-baker", "on": "2026-11-01", "meeting": None}
    story = known.json("contacts", "show", "bob")
    assert story["met"] == [{"on": "2026-11-01", "how": "done"}]
    assert sorted((fact["kind"], fact["text"], fact["on"]) for fact in story["facts"]) == [
        ("helped_me", "with the move", "2026-11-01"),
        ("need", "a designer", "2026-11-01"),
        ("need", "a flat", "2026-11-01"),
    ]
    assert known.json("missed", "bob")["on"] == "2026-11-01"
    assert known.json("status")["months"][0]["met"] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("done", "bob"), "--on 2026-11-02"),
        (("done", "bob", "--on", "2026-11-03"), "still to come"),
        (("missed", "bob"), "could be missed"),
        (("accept", "bob"), "no draft for Bob Baker"),
        (("decline", "bob"), "no draft for Bob Baker"),
        (("done", "nobody"), "Nobody on your list"),
        (("snooze", "bob", "--until", "2026-11-02"), "not ahead of today"),
    ],
)
def test_what_makes_no_sense_now_changes_nothing(
    known: Shell, words: tuple[str, ...], said: str
) -> None:
    before = known.json("status"), known.json("contacts")

    refused = known.run(*words, "--json").ends_with(6)

    assert refused.out == ""
    assert said in refused.err
    assert (known.json("status"), known.json("contacts")) == before


@pytest.mark.parametrize(
    "words",
    [
        ("done", "bob", "--on", "yesterday"),
        ("snooze", "bob", "--until", "2026-02-30"),
        ("snooze", "bob"),
        ("accept",),
        ("done", "bob", "--gossip", "x"),
    ],
)
def test_wrong_usage(known: Shell, words: tuple[str, ...]) -> None:
    assert known.run(*words).ends_with(2).err.startswith("Usage: connectd ")


def test_somebody_left_alone_until_a_day(known: Shell) -> None:
    said = known.json("snooze", "bob", "--until", "2027-02-01")

    assert said == {"contact": "bob-baker", "snoozed_until": "2027-02-01"}
    assert known.json("contacts")[0]["snoozed_until"] == "2027-02-01"
    assert known.json("contacts", "edit", "bob", "--no-snooze")["snoozed_until"] is None
