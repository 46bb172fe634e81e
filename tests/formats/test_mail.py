"""Mails as they go to the mail server, read back by the standard library."""

# ruff: noqa: RUF001 (our titles and times have an en dash between their parts)

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.utils import getaddresses, parsedate_to_datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_drafts import BOB, ME, NOW, SPAN, UID, invited

from connectd.domain.model import Span
from connectd.errors import SenselessError
from connectd.formats.calendar_writer import Asked
from connectd.formats.itip import cancellation, request
from connectd.formats.mail import (
    Letter,
    compose,
    message_id,
    plain_words,
    spelled_out,
    words_for_cancellation,
)
from connectd.formats.plain_text import clean

BERLIN = ZoneInfo("Europe/Berlin")
CALENDAR = request(invited(asked=Asked.BY_US), [BOB.emails])
ANY_TEXT = st.text() | st.text("=?utf-8qb_ 0AD\r\nä", min_size=10)


def letter(
    *,
    sender_name: str = "Alice Example",
    recipient_name: str = "Bob Baker",
    subject: str = "Coffee",
    words: str = "Hello Bob",
    calendar: str = CALENDAR,
) -> Letter:
    return Letter(
        message_id=message_id(UID, 1, "REQUEST", ME.email),
        sender_name=sender_name,
        sender=ME.email,
        recipient_name=recipient_name,
        recipient="bob@example.test",
        subject=subject,
        words=words,
        calendar=calendar,
        method="REQUEST",
    )


def parsed(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def parts(raw: bytes) -> tuple[EmailMessage, EmailMessage, EmailMessage]:
    """The text, the calendar and the file, wherever RFC 6047 readers look for them."""
    message = parsed(raw)
    assert message.get_content_type() == "multipart/mixed"
    alternative, file = message.iter_parts()
    assert alternative.get_content_type() == "multipart/alternative"
    text, calendar = alternative.iter_parts()
    assert isinstance(text, EmailMessage)
    assert isinstance(calendar, EmailMessage)
    assert isinstance(file, EmailMessage)
    return text, calendar, file


def text_in(raw: bytes) -> str:
    return str(parts(raw)[0].get_content()).replace("\r\n", "\n").removesuffix("\n")


def as_shown(value: str) -> str:
    """A header as a mail program shows it; not by the policy, whose parser adds blanks."""
    return str(make_header(decode_header(value)))


def headers(raw: bytes) -> Message:
    return message_from_bytes(raw)


def test_a_mail_has_the_headers_that_a_mail_needs() -> None:
    message = parsed(compose(letter(), NOW))

    assert message.items()[:6] == [
        ("From", "Alice Example <alice@example.test>"),
        ("To", "Bob Baker <bob@example.test>"),
        ("Subject", "Coffee"),
        ("Date", "Mon, 23 Nov 2026 09:01:02 +0000"),
        ("Message-ID", message_id(UID, 1, "REQUEST", ME.email)),
        ("MIME-Version", "1.0"),
    ]
    assert parsedate_to_datetime(message["Date"]) == NOW
    assert not message.defects


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_the_calendar_comes_as_last_alternative_with_its_method_and_as_a_file(method: str) -> None:
    text_of = {"REQUEST": CALENDAR, "CANCEL": cancellation(invited(), 2, NOW)}
    sent = replace(letter(calendar=text_of[method]), method=method)

    text, calendar, file = parts(compose(sent, NOW))

    assert text.get_content_type() == "text/plain"
    assert calendar.get_content_type() == "text/calendar"
    assert calendar["Content-Type"].params == {"method": method, "charset": "UTF-8"}
    assert f"METHOD:{method}\r\n" in text_of[method]
    assert calendar["Content-Disposition"] is None
    assert file.get_content_type() == "application/ics"
    assert file.get_filename() == "invite.ics"
    assert file.get_content_disposition() == "attachment"
    for part in (calendar, file):
        assert part.get_payload(decode=True) == text_of[method].encode()


def test_the_calendar_survives_byte_for_byte_whatever_is_in_it() -> None:
    odd = "BEGIN:VCALENDAR\r\nX:" + "long ä " * 500 + "\r\n.\r\nFrom x\nlone\rend=20  "

    _, calendar, file = parts(compose(letter(calendar=odd), NOW))

    assert calendar.get_payload(decode=True) == odd.encode()
    assert file.get_payload(decode=True) == odd.encode()


@pytest.mark.parametrize(
    "name",
    [
        "Bob Baker",
        'Bob "Bo" Baker, Dr. <bob> (work); a\\b: @.',
        "Bäker, Bob <eve@evil.test>",
        "李雷, 韩梅梅",
        "Ж" * 150,
        "Bob " + "Baker " * 25 + "X",
        "",
        ".",
        "=?utf-8?q?Bob=0ABcc:eve@evil.test?= ä",
        "=?utf-8?b?Qm9iDQpCY2M6IGV2ZUBldmlsLnRlc3Q=?=",
    ],
)
def test_any_name_stays_one_name_beside_one_address(name: str) -> None:
    raw = compose(letter(recipient_name=name, sender_name=name, subject=name), NOW)

    for header, address in (("From", "alice@example.test"), ("To", "bob@example.test")):
        ((shown, found),) = getaddresses([str(headers(raw)[header])])
        assert found == address
        assert as_shown(shown) == name.strip()
    assert as_shown(str(headers(raw)["Subject"])) == name.strip()
    assert set(parsed(raw).keys()) == {
        *("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type")
    }


@pytest.mark.parametrize("inserted", ["\r\nBcc: eve@evil.test", "\n\nbody", "\rX: y", "\x00\x1b[m"])
def test_nothing_in_a_name_or_subject_begins_another_header(inserted: str) -> None:
    evil = f"Bob{inserted}"

    raw = compose(letter(sender_name=evil, recipient_name=evil, subject=evil), NOW)
    tampered = replace(letter(), message_id=f"<a@b>{inserted}")

    for mail in (raw, compose(tampered, NOW)):
        names = [name for name, _ in headers(mail).items()]
        assert names == [
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "MIME-Version",
            "Content-Type",
        ]
        assert b"\x00" not in mail
        assert b"\x1b" not in mail


@pytest.mark.parametrize(
    "address", ["", "bob", "a@b.test,eve@evil.test", "a@b.test\r\nBcc: x@y.test"]
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    for sent in (replace(letter(), sender=address), replace(letter(), recipient=address)):
        with pytest.raises(SenselessError, match="not an e-mail address"):
            compose(sent, NOW)


@settings(deadline=None)  # a shared machine says nothing about speed
@given(name=ANY_TEXT, subject=ANY_TEXT, words=ANY_TEXT, calendar=ANY_TEXT)
def test_any_text_arrives_and_every_line_is_short(
    name: str, subject: str, words: str, calendar: str
) -> None:
    raw = compose(
        letter(
            sender_name=name, recipient_name=name, subject=subject, words=words, calendar=calendar
        ),
        NOW,
    )

    assert raw.isascii()
    assert not re.search(rb"[^\r]\n|\r[^\n]", raw)
    assert raw.endswith(b"\r\n")
    assert max(map(len, raw.split(b"\r\n"))) <= 76
    ((shown, address),) = getaddresses([str(headers(raw)["To"])])
    assert (as_shown(shown), address) == (clean(name), "bob@example.test")
    assert as_shown(str(headers(raw)["Subject"])) == clean(subject)
    _, part, file = parts(raw)
    assert text_in(raw) == clean(words, 100_000, keep_lines=True)
    assert part.get_payload(decode=True) == calendar.encode(errors="replace")
    assert file.get_payload(decode=True) == calendar.encode(errors="replace")


def test_long_lines_of_text_arrive_whole_in_short_lines() -> None:
    words = "ä" * 1000 + " " + "b" * 1000 + "\n.\nFrom me"

    raw = compose(letter(words=words), NOW)

    assert text_in(raw) == words
    assert max(map(len, raw.split(b"\r\n"))) <= 76


def test_the_longest_address_still_fits_into_a_line() -> None:
    long = "a" * 64 + "@" + ".".join(["b" * 62] * 3)
    name = message_id(UID, 1, "REQUEST", long)

    raw = compose(replace(letter(), recipient=long, sender=long, message_id=name), NOW)

    assert headers(raw)["Message-ID"] == name
    assert getaddresses([str(headers(raw)["To"])]) == [("Bob Baker", long)]
    assert max(map(len, raw.split(b"\r\n"))) < 998


def test_a_message_id_is_the_same_for_the_same_mail_and_different_for_another() -> None:
    one = message_id(UID, 1, "REQUEST", "Alice@Example.test")

    assert one == message_id(UID, 1, "REQUEST", "alice@example.test")
    assert re.fullmatch(r"<[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}@example\.test>", one)
    assert UID not in one
    others = {
        message_id(UID, 2, "REQUEST", ME.email),
        message_id(UID, 1, "CANCEL", ME.email),
        message_id("another", 1, "REQUEST", ME.email),
    }
    assert len(others | {one}) == 4


@pytest.mark.parametrize(
    ("span", "zone", "written"),
    [
        (SPAN, "Europe/Berlin", "Tuesday, 1 December 2026, 10:00–10:45 (Europe/Berlin, UTC+01:00)"),
        (SPAN, "Asia/Kolkata", "Tuesday, 1 December 2026, 14:30–15:15 (Asia/Kolkata, UTC+05:30)"),
        (SPAN, "America/New_York", "1 December 2026, 04:00–04:45 (America/New_York, UTC-05:00)"),
        (
            Span(
                datetime(2026, 7, 1, 21, 30, tzinfo=UTC), datetime(2026, 7, 1, 22, 15, tzinfo=UTC)
            ),
            "Europe/Berlin",
            "Wednesday, 1 July 2026, 23:30–Thursday, 2 July 2026, 00:15 (Europe/Berlin, UTC+02:00)",
        ),
    ],
)
def test_the_time_is_spelled_out_with_its_zone(span: Span, zone: str, written: str) -> None:
    assert spelled_out(span, ZoneInfo(zone)).endswith(written)


def test_the_words_say_what_when_and_where() -> None:
    when = spelled_out(Span(SPAN.start, SPAN.start + timedelta(hours=1)), BERLIN)

    assert plain_words("Lunch – A & B", when, "Café\r\nMöhring", "Hello\x1b Bob\r\nSee you") == (
        "Lunch – A & B\n"
        "When: Tuesday, 1 December 2026, 10:00–11:00 (Europe/Berlin, UTC+01:00)\n"
        "Where: Café Möhring\n"
        "\n"
        "Hello Bob\nSee you"
    )
    assert plain_words("Lunch", "tomorrow", "", " ") == "Lunch\nWhen: tomorrow"


def test_a_cancellation_says_who_what_and_when() -> None:
    assert words_for_cancellation("Alice\n", "Lunch", "tomorrow") == (
        "Alice has cancelled this meeting:\n\nLunch\nWhen: tomorrow"
    )
