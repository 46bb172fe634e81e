"""The meetings on record, and where their objects lie in a calendar."""

import sqlite3
from datetime import datetime
from typing import NamedTuple

from connectd.domain.model import OPEN, Delivery, Form, Kind, Meeting, Reply, Span, State
from connectd.edges.store.columns import (
    read_time,
    read_time_or_none,
    read_words,
    time_or_none,
    time_text,
    words_text,
)
from connectd.edges.store.database import Database, Value

_OPEN = "state IN ({})".format(", ".join(f"'{state}'" for state in sorted(OPEN)))

_NAMING = (
    ("meetings", "uid"),
    ("placements", "uid"),
    ("intents", "meeting"),
    ("encounters", "meeting"),
    ("facts", "meeting"),
    ("introductions", "meeting"),
)
"""Where a draft's UID stands; what was logged under the old one stays as it is."""


class Placement(NamedTuple):
    """Where the calendar object of a meeting lies, and what connectd last wrote there.

    ``etag`` is the version last seen, None while no version of it is known. ``removed`` says
    that the object is known to be gone, so that nothing is left to do there. ``gesture`` is
    text that the store does not look into: what the user did up to ``etag``, None for nothing.
    """

    uid: str
    account: str
    calendar: str
    href: str
    etag: str | None
    written: str
    removed: bool = False
    gesture: str | None = None


class MeetingTables:
    """Meetings and placements."""

    database: Database

    def meetings(self, since: datetime | None = None) -> tuple[Meeting, ...]:
        """List the open ones and those that ended at ``since`` or later, by start; None: all."""
        if since is None:
            rows = self.database.rows("SELECT * FROM meetings ORDER BY starts_at, uid")
        else:
            rows = self.database.rows(
                f"SELECT * FROM meetings WHERE {_OPEN}"  # noqa: S608 - made of our own words
                " OR COALESCE(ended_at, ends_at) >= ? ORDER BY starts_at, uid",
                [time_text(since)],
            )
        return tuple(_meeting(row) for row in rows)

    def open_meetings(self) -> tuple[Meeting, ...]:
        """List those that have not ended, by start."""
        rows = self.database.rows(
            f"SELECT * FROM meetings WHERE {_OPEN} ORDER BY starts_at, uid"  # noqa: S608 - as above
        )
        return tuple(_meeting(row) for row in rows)

    def sent_meetings(self) -> tuple[Meeting, ...]:
        """List those that were ever sent, by start."""
        rows = self.database.rows(
            "SELECT * FROM meetings WHERE invited_at IS NOT NULL ORDER BY starts_at, uid"
        )
        return tuple(_meeting(row) for row in rows)

    def meeting(self, uid: str) -> Meeting | None:
        """Find a meeting by UID."""
        row = self.database.row("SELECT * FROM meetings WHERE uid = ?", [uid])
        return None if row is None else _meeting(row)

    def save_meeting(self, meeting: Meeting, *, was: State | None) -> bool:
        """Record a new meeting (``was`` None), or a known one whose recorded state is ``was``.

        Gives False, and changes nothing, when the record says otherwise.
        """
        if was is None:
            return self._add_meeting(meeting)
        changed = self.database.write(
            "UPDATE meetings SET contact = :contact, attempt = :attempt, state = :state,"
            " starts_at = :starts_at, ends_at = :ends_at, kind = :kind, reasons = :reasons,"
            " form = :form, sequence = :sequence, drafted_at = :drafted_at,"
            " accepted_at = :accepted_at, invited_at = :invited_at, ended_at = :ended_at,"
            " told_by = :told_by, moved = :moved, replied_yes = :replied_yes,"
            " missing_since = :missing_since, delivery = :delivery,"
            " delivery_detail = :delivery_detail, reply = :reply, conflict = :conflict,"
            " conflicting = :conflicting, overruled = :overruled, released = :released,"
            " followed_up_at = :followed_up_at, moved_from = :moved_from, other = :other,"
            " questions = :questions"
            " WHERE uid = :uid AND state = :was",
            {**_columns(meeting), "was": was.value},
        )
        return changed == 1

    def meetings_with(self, contact: str) -> tuple[Meeting, ...]:
        """List all meetings with a contact, by start."""
        rows = self.database.rows(
            "SELECT * FROM meetings WHERE contact = :contact OR other = :contact"
            " ORDER BY starts_at, uid",
            {"contact": contact},
        )
        return tuple(_meeting(row) for row in rows)

    def rename_meeting(self, uid: str, new_uid: str) -> None:
        """Know a draft by the UID that a calendar client gave its object."""
        with self.database.transaction():
            for table, column in _NAMING:
                self.database.write(
                    f"UPDATE {table} SET {column} = :new WHERE {column} = :old",  # noqa: S608 - our own words
                    {"new": new_uid, "old": uid},
                )

    def drop_meeting(self, uid: str) -> bool:
        """Forget a draft that never reached the server.

        Gives False, and changes nothing, when there is none in state ``drafted``.
        """
        changed = self.database.write(
            "DELETE FROM meetings WHERE uid = ? AND state = 'drafted'", [uid]
        )
        return changed == 1

    def placement(self, uid: str) -> Placement | None:
        """Find where the object of a meeting lies; None when it was never written."""
        row = self.database.row("SELECT * FROM placements WHERE uid = ?", [uid])
        return None if row is None else _placement(row)

    def save_placement(self, placement: Placement) -> None:
        """Record where an object lies; its meeting must be on record when this is committed."""
        self.database.write(
            "INSERT INTO placements (uid, account, calendar, href, etag, written, removed,"
            " gesture) VALUES (:uid, :account, :calendar, :href, :etag, :written, :removed,"
            " :gesture)"
            " ON CONFLICT (uid) DO UPDATE SET account = excluded.account,"
            " calendar = excluded.calendar, href = excluded.href, etag = excluded.etag,"
            " written = excluded.written, removed = excluded.removed,"
            " gesture = excluded.gesture",
            {
                "uid": placement.uid,
                "account": placement.account,
                "calendar": placement.calendar,
                "href": placement.href,
                "etag": placement.etag,
                "written": placement.written,
                "removed": int(placement.removed),
                "gesture": placement.gesture,
            },
        )

    def _add_meeting(self, meeting: Meeting) -> bool:
        added = self.database.write(
            "INSERT INTO meetings (uid, contact, attempt, state, starts_at, ends_at, kind,"
            " reasons, form, sequence, drafted_at, accepted_at, invited_at, ended_at,"
            " told_by, moved, replied_yes, missing_since, delivery, delivery_detail, reply,"
            " conflict, conflicting, overruled, released, followed_up_at, moved_from, other,"
            " questions)"
            " VALUES (:uid, :contact, :attempt, :state, :starts_at, :ends_at, :kind,"
            " :reasons, :form, :sequence, :drafted_at, :accepted_at, :invited_at, :ended_at,"
            " :told_by, :moved, :replied_yes, :missing_since, :delivery, :delivery_detail, :reply,"
            " :conflict, :conflicting, :overruled, :released, :followed_up_at, :moved_from,"
            " :other, :questions)"
            " ON CONFLICT (uid) DO NOTHING",
            _columns(meeting),
        )
        return added == 1


def _columns(meeting: Meeting) -> dict[str, Value]:
    return {
        "uid": meeting.uid,
        "contact": meeting.contact,
        "attempt": meeting.attempt,
        "state": meeting.state.value,
        "starts_at": time_text(meeting.span.start),
        "ends_at": time_text(meeting.span.end),
        "kind": meeting.kind.value,
        "reasons": words_text(meeting.reasons),
        "form": meeting.form.value,
        "sequence": meeting.sequence,
        "drafted_at": time_or_none(meeting.drafted_at),
        "accepted_at": time_or_none(meeting.accepted_at),
        "invited_at": time_or_none(meeting.invited_at),
        "ended_at": time_or_none(meeting.ended_at),
        "told_by": meeting.told_by,
        "moved": int(meeting.moved),
        "replied_yes": int(meeting.replied_yes),
        "missing_since": time_or_none(meeting.missing_since),
        "delivery": None if meeting.delivery is None else meeting.delivery.value,
        "delivery_detail": meeting.delivery_detail,
        "reply": meeting.reply.value,
        "conflict": meeting.conflict,
        "conflicting": words_text(meeting.conflicting),
        "overruled": int(meeting.overruled),
        "released": int(meeting.released),
        "followed_up_at": time_or_none(meeting.followed_up_at),
        "moved_from": time_or_none(meeting.moved_from),
        "other": meeting.other,
        "questions": words_text(meeting.questions),
    }


def _meeting(row: sqlite3.Row) -> Meeting:
    return Meeting(
        uid=row["uid"],
        contact=row["contact"],
        attempt=row["attempt"],
        state=State(row["state"]),
        span=Span(read_time(row["starts_at"]), read_time(row["ends_at"])),
        kind=Kind(row["kind"]),
        reasons=read_words(row["reasons"]),
        form=Form(row["form"]),
        sequence=row["sequence"],
        drafted_at=read_time_or_none(row["drafted_at"]),
        accepted_at=read_time_or_none(row["accepted_at"]),
        invited_at=read_time_or_none(row["invited_at"]),
        ended_at=read_time_or_none(row["ended_at"]),
        told_by=row["told_by"],
        moved=bool(row["moved"]),
        replied_yes=bool(row["replied_yes"]),
        missing_since=read_time_or_none(row["missing_since"]),
        delivery=None if row["delivery"] is None else Delivery(row["delivery"]),
        delivery_detail=row["delivery_detail"],
        reply=Reply(row["reply"]),
        conflict=row["conflict"],
        conflicting=read_words(row["conflicting"]),
        overruled=bool(row["overruled"]),
        released=bool(row["released"]),
        followed_up_at=read_time_or_none(row["followed_up_at"]),
        moved_from=read_time_or_none(row["moved_from"]),
        other=row["other"],
        questions=read_words(row["questions"]),
    )


def _placement(row: sqlite3.Row) -> Placement:
    return Placement(
        uid=row["uid"],
        account=row["account"],
        calendar=row["calendar"],
        href=row["href"],
        etag=row["etag"],
        written=row["written"],
        removed=bool(row["removed"]),
        gesture=row["gesture"],
    )
