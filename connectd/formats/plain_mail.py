"""Writes mails that are plain words to one or more readers, without any calendar part."""

from collections.abc import Sequence
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from typing import NamedTuple
from uuid import UUID, uuid5

from connectd.formats.mail_headers import LONGEST_LINE, header_text, mailbox
from connectd.formats.plain_text import clean

_MESSAGE_IDS = UUID("0c5e2c9d-9f0e-5f0a-8a35-6d9a6f0c2b41")
_LONGEST_WORDS = 100_000
_POLICY = policy.SMTP.clone(max_line_length=LONGEST_LINE)


class Reader(NamedTuple):
    """Somebody who stands in From or To; the name may be empty or hold anything."""

    name: str
    address: str


def letter_id(key: str, installation: str, sender: str) -> str:
    """The Message-ID of the letter with this key: always the same one, and it says nothing."""
    name = uuid5(_MESSAGE_IDS, f"{installation}/{key}")
    return f"<{name}@{sender.rpartition('@')[2].lower()}>"


def plain_mail(
    message_id: str,
    sender: Reader,
    to: Sequence[Reader],
    subject: str,
    words: str,
    date: datetime,
) -> bytes:
    """The mail in lines that end in CRLF; ``date`` is aware.

    Raises SenselessError if an address is none.
    """
    message = EmailMessage(policy=_POLICY)
    message.set_content(clean(words, _LONGEST_WORDS, keep_lines=True), cte="quoted-printable")
    headers = [
        f"From: {mailbox(*sender)}",
        "To: " + ",\r\n ".join(mailbox(*reader) for reader in to),
        f"Subject: {header_text(subject)}",
        f"Date: {format_datetime(date)}",
        f"Message-ID: {message_id}",
    ]
    return "".join(f"{header}\r\n" for header in headers).encode("ascii") + message.as_bytes()
