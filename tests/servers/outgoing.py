"""What was mailed to people outside a server, and an SMTP server that keeps it."""

import email
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.message import Message

from mail_sink import MailSink


@dataclass(frozen=True, slots=True)
class SentMail:
    """One mail as it left: the addresses of its envelope, and the message or calendar text."""

    sender: str
    recipients: tuple[str, ...]
    text: str = field(repr=False)

    @property
    def calendar(self) -> str:
        """The calendar text in it, decoded and with its long lines joined; empty if none."""
        part = self._calendar_part()
        text = self.text if part is None else _decoded(part)
        found = re.search("BEGIN:VCALENDAR.*END:VCALENDAR", text, re.DOTALL)
        return re.sub(r"\r?\n[ \t]", "", found[0]) if found else ""

    @property
    def method(self) -> str:
        """REQUEST, REPLY, CANCEL, … (RFC 5546 section 1.4); empty if it is no invitation."""
        part = self._calendar_part()
        return self._value("METHOD") or ("" if part is None else str(part.get_param("method", "")))

    @property
    def uid(self) -> str:
        return self._value("UID")

    def _value(self, name: str) -> str:
        found = re.search(rf"^{name}:(.*?)\r?$", self.calendar, re.MULTILINE)
        return found[1] if found else ""

    def _calendar_part(self) -> Message | None:
        parts = email.message_from_bytes(self.text.encode()).walk()
        return next((part for part in parts if part.get_content_type() == "text/calendar"), None)


def _decoded(part: Message) -> str:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode(errors="replace")


def to(recipient: str, mails: Iterable[SentMail]) -> list[SentMail]:
    """Return the mails to one address."""
    return [mail for mail in mails if recipient.lower() in mail.recipients]


class SmtpSink:
    """A mail server on a free loopback port that takes every mail, and delivers none."""

    def __init__(self) -> None:
        self._sink = MailSink()
        self.port = self._sink.port
        self._running = True

    @property
    def messages(self) -> list[SentMail]:
        """Every mail so far, in the order in which they came."""
        return [
            SentMail(
                mail.sender.lower(),
                tuple(address.lower() for address in mail.recipients),
                mail.message.decode(errors="replace"),
            )
            for mail in self._sink.mails
        ]

    def stop(self) -> None:
        """End it; a second time is fine."""
        if self._running:
            self._running = False
            self._sink.stop()
