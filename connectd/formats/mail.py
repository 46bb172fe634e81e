"""Writes the mails that carry invitations and cancellations (RFC 6047).

The calendar part comes twice, because programs look for it in two places: as the last
alternative of the text, with the method in its type and without a Content-Disposition, where
most of them find what makes them show their buttons; and as a file, for those that know
attachments only. This is what CalConnect recommends after its tests between programs.

There is no Auto-Submitted header (RFC 3834): every one of these mails goes out because the
user said so.
"""

from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Literal
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from connectd.domain.model import Span
from connectd.formats.mail_headers import LONGEST_LINE, header_text, mailbox
from connectd.formats.plain_text import clean
from connectd.formats.wording import one_line

_MESSAGE_IDS = UUID("6b1f4c1c-3c36-5a52-9d6c-1f1f8f0d7a55")
_LONGEST_ID = 300  # a UUID and the domain of an address (254, RFC 5321 4.5.3.1.3)
_LONGEST_WORDS = 100_000
_POLICY = policy.SMTP.clone(max_line_length=LONGEST_LINE)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to one person: ``words`` for the reader, ``calendar`` for the calendar program.

    ``calendar`` is an iTIP message with the METHOD ``method``; ``sender`` and ``recipient``
    are bare addresses, the names may be empty or hold anything.
    """

    message_id: str
    sender_name: str
    sender: str
    recipient_name: str
    recipient: str
    subject: str
    words: str
    calendar: str
    method: Literal["REQUEST", "CANCEL"]


def message_id(uid: str, sequence: int, method: str, sender: str, second: str = "") -> str:
    """The Message-ID of this mail about this meeting: always the same one, and it says nothing.

    Only the domain of the sender's address can be read from it, which stands in From as well.
    ``second`` is the id of the second person, in whose mail the same is said as in the first's.
    """
    to_whom = f"/{second}" if second else ""
    name = uuid5(_MESSAGE_IDS, f"{uid}/{sequence}/{method}/{sender.lower()}{to_whom}")
    return f"<{name}@{sender.rpartition('@')[2].lower()}>"


def compose(letter: Letter, date: datetime) -> bytes:
    """The mail in 7-bit lines of at most 76 octets wherever they can be broken, ending in CRLF.

    ``date`` is aware. Raises SenselessError if an address is none.
    """
    content = _content(letter)
    headers = [
        f"From: {mailbox(letter.sender_name, letter.sender)}",
        f"To: {mailbox(letter.recipient_name, letter.recipient)}",
        f"Subject: {header_text(letter.subject)}",
        f"Date: {format_datetime(date)}",
        f"Message-ID: {clean(letter.message_id, _LONGEST_ID)}",
    ]
    return "".join(f"{header}\r\n" for header in headers).encode("ascii") + content


def spelled_out(span: Span, zone: ZoneInfo) -> str:
    """When that is for somebody in ``zone``, so that others can tell too."""
    start, end = span.start.astimezone(zone), span.end.astimezone(zone)
    until = f"{end:%H:%M}" if start.date() == end.date() else _moment(end)
    offset = f"{start:%z}"
    when = f"{_moment(start)}–{until}"  # noqa: RUF001 (a dash between times)
    return f"{when} ({zone.key}, UTC{offset[:3]}:{offset[3:5]})"


def plain_words(title: str, when: str, place: str, description: str) -> str:
    """The invitation in plain text; ``when`` is as ``spelled_out`` gives it."""
    where = one_line(place)
    facts = [one_line(title), f"When: {one_line(when)}", *([f"Where: {where}"] if where else [])]
    words = clean(description, _LONGEST_WORDS, keep_lines=True)
    return "\n".join([*facts, *(["", words] if words else [])])


def words_for_cancellation(me: str, title: str, when: str) -> str:
    """A few words that the meeting will not take place."""
    return (
        f"{one_line(me)} has cancelled this meeting:\n\n{one_line(title)}\nWhen: {one_line(when)}"
    )


def _content(letter: Letter) -> bytes:
    """The parts of the mail with the headers that describe them.

    Base64 for the calendar: of the encodings it is the one that no relay changes, and line
    ends and long lines stay as they are.
    """
    calendar = letter.calendar.encode(errors="replace")
    message = EmailMessage(policy=_POLICY)
    message.set_content(
        clean(letter.words, _LONGEST_WORDS, keep_lines=True), cte="quoted-printable"
    )
    message.add_alternative(
        calendar,
        maintype="text",
        subtype="calendar",
        params={"method": letter.method, "charset": "UTF-8"},
    )
    message.add_attachment(calendar, maintype="application", subtype="ics", filename="invite.ics")
    return message.as_bytes()


def _moment(local: datetime) -> str:
    return f"{local:%A}, {local.day} {local:%B %Y}, {local:%H:%M}"
