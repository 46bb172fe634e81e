"""Answers of the other person, and the server's word on the delivery."""

from datetime import UTC, datetime

import pytest
from sample_drafts import BOB, UID, drafted, invited, unfolded

from connectd.domain.model import Reply
from connectd.formats.replies import latest_reply, schedule_status


def message(
    partstat: str,
    *,
    method: str = "REPLY",
    uid: str = UID,
    who: str = "mailto:Bob@Example.test",
    sequence: int = 1,
    stamp: str = "20261124T100000Z",
) -> str:
    return "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            f"METHOD:{method}",
            "BEGIN:VEVENT",
            f"UID:{uid}",
            f"DTSTAMP:{stamp}",
            f"SEQUENCE:{sequence}",
            "DTSTART:20261201T090000Z",
            f"ATTENDEE;PARTSTAT={partstat}:{who}",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
    )


@pytest.mark.parametrize(
    ("partstat", "reply"),
    [("ACCEPTED", Reply.ACCEPTED), ("DECLINED", Reply.DECLINED), ("TENTATIVE", Reply.TENTATIVE)],
)
def test_a_reply_in_the_inbox_is_read(partstat: str, reply: Reply) -> None:
    assert latest_reply([message(partstat)], UID, BOB.emails) is reply
    elsewhere = message(partstat, who="mailto:b.baker@work.test")
    assert latest_reply([elsewhere], UID, BOB.emails) is reply


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html>",
        message("ACCEPTED", method="REQUEST"),
        message("ACCEPTED", uid="another"),
        message("ACCEPTED", who="mailto:eve@example.test"),
        message("NEEDS-ACTION"),
        message("ACCEPTED").replace("METHOD:REPLY\r\n", ""),
        message("ACCEPTED").replace("SEQUENCE:1", "RECURRENCE-ID:20261201T090000Z"),
    ],
)
def test_anything_else_is_no_reply(text: str) -> None:
    assert latest_reply([text], UID, BOB.emails) is Reply.NONE


def test_a_no_from_any_address_counts_most() -> None:
    elsewhere = "ATTENDEE;PARTSTAT={}:mailto:b.baker@work.test\r\nEND:VEVENT"
    for first, second in (("ACCEPTED", "DECLINED"), ("DECLINED", "ACCEPTED")):
        both = message(first).replace("END:VEVENT", elsewhere.format(second))
        assert latest_reply([both], UID, BOB.emails) is Reply.DECLINED


def test_the_last_word_counts_whatever_the_order_of_the_inbox() -> None:
    early = message("DECLINED", stamp="20261124T100000Z")
    late = message("ACCEPTED", stamp="20261124T110000Z")
    moved = message("TENTATIVE", sequence=2, stamp="20261124T090000Z")
    assert latest_reply([early, late, "junk"], UID, BOB.emails) is Reply.ACCEPTED
    assert latest_reply([late, early], UID, BOB.emails) is Reply.ACCEPTED
    assert latest_reply([late, moved, early], UID, BOB.emails) is Reply.TENTATIVE
    assert latest_reply([late, early], UID, BOB.emails, sequence=2) is Reply.NONE
    assert latest_reply([], UID, BOB.emails) is Reply.NONE


@pytest.mark.parametrize(
    ("start", "reply"),
    [
        (":20261201T090000Z", Reply.ACCEPTED),
        (";TZID=Europe/Berlin:20261201T100000", Reply.ACCEPTED),
        (":20261201T100000Z", Reply.NONE),
        (";TZID=Europe/Berlin:20261201T090000", Reply.NONE),
        # what they mean by these cannot be told
        (":20261201T120000", Reply.ACCEPTED),
        (";TZID=Somewhere:20261201T120000", Reply.ACCEPTED),
        (";VALUE=DATE:20261202", Reply.ACCEPTED),
    ],
)
def test_an_answer_for_another_time_is_none(start: str, reply: Reply) -> None:
    text = message("ACCEPTED").replace(":20261201T090000Z\r\nATT", f"{start}\r\nATT")
    asked = datetime(2026, 12, 1, 9, tzinfo=UTC)
    assert latest_reply([text], UID, BOB.emails, 1, asked) is reply


def test_the_servers_word_on_the_delivery_is_shown_clean() -> None:
    stored = unfolded(invited()).replace("RSVP=TRUE", 'RSVP=TRUE;SCHEDULE-STATUS="1.1\u202e"')
    assert schedule_status(stored, BOB.emails) == "1.1"
    assert schedule_status(invited(), BOB.emails) == ""
    assert schedule_status(drafted(), BOB.emails) == ""
    assert schedule_status("junk", BOB.emails) == ""
