"""The mails that were to be sent, each at most once, and how far each one came."""

import sqlite3
from datetime import datetime
from typing import NamedTuple

from connectd.edges.store.columns import read_time, time_text
from connectd.edges.store.database import Database

QUEUED = "queued"
DELIVERED = "sent"
REFUSED = "refused"
UNKNOWN = "unknown"
DROPPED = "dropped"
"""Where a mail stands outside a conversation; any other text is the stage of one going on."""


class Mail(NamedTuple):
    """One message of a meeting: what is said (``method``, RFC 5546) of which SEQUENCE.

    ``message`` is the whole of it and ``calendar`` the iTIP message in it; ``stage`` says how
    far it came, ``said`` what the mail server answered last.
    """

    meeting: str
    sequence: int
    method: str
    message_id: str
    sender: str
    recipient: str
    calendar: str
    message: bytes
    queued_at: datetime
    stage: str = QUEUED
    said: str = ""


class MailTable:
    """Mails by meeting, SEQUENCE, method and recipient: there is no second one of a kind."""

    database: Database

    def queue_mail(self, mail: Mail) -> bool:
        """Record a mail that is to be sent; gives False when this one is on record already."""
        added = self.database.write(
            "INSERT INTO mails (meeting, sequence, method, message_id, sender, recipient,"
            " calendar, message, queued_at, stage, said) VALUES (:meeting, :sequence, :method,"
            " :message_id, :sender, :recipient, :calendar, :message, :queued_at, :stage, :said)"
            " ON CONFLICT DO NOTHING",
            {**mail._asdict(), "queued_at": time_text(mail.queued_at)},
        )
        return added == 1

    def waiting_mails(self) -> tuple[Mail, ...]:
        """List, oldest first, those whose sending has not come to an end."""
        rows = self.database.rows(
            "SELECT * FROM mails WHERE stage NOT IN ('sent', 'refused', 'unknown', 'dropped')"
            " ORDER BY queued_at, rowid"
        )
        return tuple(_mail(row) for row in rows)

    def mails_of(self, meeting: str) -> tuple[Mail, ...]:
        """List the mails of a meeting, oldest first."""
        rows = self.database.rows(
            "SELECT * FROM mails WHERE meeting = ? ORDER BY sequence, rowid", [meeting]
        )
        return tuple(_mail(row) for row in rows)

    def save_mail_stage(self, message_id: str, stage: str, said: str = "") -> bool:
        """Record how far a mail came; it is on disk before anything further is done.

        Gives False for one that was dropped: it goes no further.
        """
        saved = self.database.write(
            "UPDATE mails SET stage = ?, said = ? WHERE message_id = ? AND stage <> ?",
            [stage, said, message_id, DROPPED],
        )
        return saved == 1


def _mail(row: sqlite3.Row) -> Mail:
    return Mail(**{**dict(row), "queued_at": read_time(row["queued_at"])})
