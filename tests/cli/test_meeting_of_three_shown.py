"""What the command line says of a meeting in which two people are introduced to each other."""

from datetime import UTC, datetime

import pytest
from servers import User
from shell import NOW, Shell

from connectd.domain.introductions import Introduction
from connectd.edges.store import Store

AFTER_GRACE = "2026-11-02T07:10:00Z"
AFTERWARDS = "2026-11-04T10:00:00Z"
BOTH = "Ada Ash and Bob Baker"


@pytest.fixture
def agreed(online: Shell) -> Shell:
    """A home whose two contacts agreed to be introduced to each other."""
    online.ok("contacts", "add", "Ada Ash", "--email", "ada@example.test", "--category", "results")
    store = Store.open(online.database)
    began = datetime.fromisoformat(NOW).astimezone(UTC)
    store.save_introduction(
        Introduction("ada-ash", "bob-baker", began, "Maps", agreed=("ada-ash", "bob-baker"))
    )
    store.close()
    return online


def test_it_is_planned_for_both(agreed: Shell) -> None:
    plan = agreed.json("plan")
    (proposal,) = plan["proposals"]
    assert (proposal["contact"], proposal["other"]) == ("ada-ash", "bob-baker")
    assert proposal["name"] == BOTH
    assert plan["passed_over"] == []
    assert BOTH in agreed.ok("plan").out


def test_why_tells_of_it_under_either_name(agreed: Shell) -> None:
    planned = agreed.json("plan")["proposals"][0]
    for name in ("ada", "bob"):
        assert agreed.json("why", name)["proposal"]["start"] == planned["start"]
    agreed.ok("tick")
    busy = agreed.json("why", "--at", planned["start"].replace("Z", "+00:00"))
    assert busy["blocked_by"][0]["what"] == f"the draft for {BOTH}"
    week = agreed.json("why", "--week")
    (shown,) = [meeting for day in week["days"] for meeting in day["meetings"]]
    assert (shown["contact"], shown["other"]) == ("ada-ash", "bob-baker")


def test_status_and_the_story_of_each_show_it(agreed: Shell) -> None:
    agreed.ok("tick")
    status = agreed.json("status")
    (meeting,) = status["meetings"]
    assert (meeting["contact"], meeting["other"]) == ("ada-ash", "bob-baker")
    assert {contact["open"] for contact in status["contacts"]} == {meeting["uid"]}
    assert status["months"][0]["open_drafts"] == 1
    assert "Ada and Bob: draft" in agreed.ok("status").out
    assert BOTH in agreed.ok("status", "--all").out
    for name in ("ada", "bob"):
        assert agreed.json("contacts", "show", name)["meetings"] == [meeting]


def test_the_answers_find_it_under_either_name(agreed: Shell, alice: User) -> None:
    agreed.ok("tick")
    assert agreed.json("accept", "bob")["meeting"]["state"] == "accepted"
    (deed,) = agreed.json("tick", now=AFTER_GRACE)["applied"]
    assert deed["action"] == "invite"
    (text,) = alice.dav.objects(f"{alice.home}connections/").values()
    assert "mailto:ada@example.test" in text.replace("\r\n ", "")
    said = agreed.json("done", "bob", "--need", "a tutor", now=AFTERWARDS)
    assert (said["contact"], said["meeting"]["state"]) == ("bob-baker", "met")
    status = agreed.json("status", now=AFTERWARDS)
    assert sorted(status["months"][0]["people"]) == ["ada-ash", "bob-baker"]
    facts = [agreed.json("contacts", "show", name)["facts"] for name in ("ada", "bob")]
    assert [len(theirs) for theirs in facts] == [0, 1]


def test_every_answer_names_both(agreed: Shell) -> None:
    agreed.ok("tick")
    no = agreed.ok("decline", "bob").out
    assert no.startswith(f"No to {BOTH} on 2026-11-04.")
    assert f"{BOTH} are left alone" in no


def test_a_yes_and_done_name_both(agreed: Shell) -> None:
    agreed.ok("tick")
    assert agreed.ok("accept", "ada").out.startswith(f"Yes to {BOTH} on 2026-11-04.")
    agreed.ok("tick", now=AFTER_GRACE)
    marked = f"Marked: you met {BOTH} on 2026-11-04.\n"
    assert agreed.ok("done", "bob", now=AFTERWARDS).out == marked
    unmarked = f"Noted: you did not meet {BOTH} on 2026-11-04.\n"
    assert agreed.ok("missed", "ada", now=AFTERWARDS).out == unmarked


def test_to_drop_it_says_what_becomes_of_the_draft(agreed: Shell) -> None:
    agreed.ok("tick")
    said = agreed.ok("introductions", "drop", "ada", "bob").out
    assert "for you three is called off with the next tick" in said
    again = agreed.ok("tick").out
    assert "the two are no longer to be introduced" in again
    assert "called off" not in agreed.ok("introductions", "drop", "ada", "bob").out


def test_after_three_drafts_in_vain_it_is_left_to_the_user(agreed: Shell) -> None:
    for day in (2, 12, 22):
        assert "connectd drafts a meeting of you three" in agreed.ok("introductions").out
        now = f"2026-11-{day:02}T07:00:00Z"
        agreed.ok("tick", now=now)
        agreed.ok("decline", "ada", now=now)
    shown = agreed.ok("introductions").out
    assert "connectd makes no more of them" in shown
    instead = "connectd introductions by ada-ash bob-baker mail"
    assert instead in shown
    agreed.ok(*instead.split()[1:])
    assert "write to both: connectd introductions send" in agreed.ok("introductions").out
