"""A meeting whose invitation goes by mail, and what is in the mails about it."""

import email
from email.message import Message

from calendar_client import edit, event_of, prefix
from icalendar import Event
from installation import Install, Installation
from servers import SentMail, SmtpSink, User

BOB = "bob@example.test"
CONTACT = "bb-baker"


def mail_table(port: int) -> str:
    """Return what a mail server on this machine needs in the configuration."""
    return f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'


def said_yes(user: User, install: Install, sink: SmtpSink) -> Installation:
    """Return connectd after alice said yes; the invitation goes out with the next tick."""
    alice = install(user, more=mail_table(sink.port))
    alice.add("Bøb Baker", BOB)
    alice.tick()
    edit(alice.user, path(alice), prefix("OK"))
    alice.tick(minutes=5)
    return alice


def path(alice: Installation) -> str:
    return alice.path(CONTACT)


def stored(alice: Installation) -> str:
    return alice.user.dav.get(path(alice)).expect(200).text


def calendar_part(mail: SentMail) -> Message:
    message = email.message_from_string(mail.text)
    return next(part for part in message.walk() if part.get_content_type() == "text/calendar")


def words_of(mail: SentMail) -> str:
    """Return what a person reads, decoded and on one line."""
    parts = email.message_from_string(mail.text).walk()
    text = next(part for part in parts if part.get_content_type() == "text/plain")
    content = text.get_payload(decode=True)
    assert isinstance(content, bytes)
    return " ".join(content.decode().split())


def event_in(mail: SentMail) -> Event:
    return event_of(mail.calendar)


def methods(sink: SmtpSink) -> list[tuple[str, int]]:
    """Return METHOD and SEQUENCE of every mail, in the order in which they arrived."""
    return [(mail.method, int(event_in(mail)["SEQUENCE"])) for mail in sink.messages]
