"""A mail server in memory, which may break off at any stage."""

from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import NamedTuple

from icalendar import Calendar

from connectd.edges.smtp import Stage
from connectd.errors import OutcomeUnknownError, ServerError

_CERTAIN = (Stage.CONNECTING, Stage.LOGGED_IN, Stage.OFFERED)


class Delivered(NamedTuple):
    """A mail that reached its recipient, and what its calendar part says."""

    recipient: str
    text: str
    method: str
    uid: str
    sequence: int


class MemoryMail:
    """Takes mails. ``breaks_off`` is the stage at which the next conversation ends.

    One that ends in HANDED_OVER was delivered all the same, though nobody is told.
    """

    def __init__(self) -> None:
        self.delivered: list[Delivered] = []
        self.watched: Callable[[Delivered], None] = lambda _: None
        self.breaks_off: Stage | None = None

    def send(
        self, sender: str, recipient: str, message: bytes, entering: Callable[[Stage], None]
    ) -> str:
        assert sender == "alice@example.test"
        ends, self.breaks_off = self.breaks_off, None
        for stage in _CERTAIN:
            entering(stage)
            if ends is stage:
                raise ServerError("the mail server broke off; the mail was not sent")
        entering(Stage.HANDED_OVER)
        mail = _read(recipient, message)
        self.delivered.append(mail)
        self.watched(mail)
        if ends is Stage.HANDED_OVER:
            raise OutcomeUnknownError("the mail server broke off")
        entering(Stage.ACCEPTED)
        return "250 taken"

    def hurry(self, seconds: float) -> None:
        """Nothing here takes time."""


def _read(recipient: str, message: bytes) -> Delivered:
    mail = message_from_bytes(message, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    (part, *_) = [p for p in mail.walk() if p.get_content_type() == "text/calendar"]
    calendar = Calendar.from_ical(part.get_content())
    (event,) = calendar.walk("VEVENT")
    return Delivered(
        recipient,
        message.decode(),
        str(calendar["METHOD"]),
        str(event["UID"]),
        int(event["SEQUENCE"]),
    )
