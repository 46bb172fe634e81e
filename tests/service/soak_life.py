"""What alice does in her calendars while the daemon lives, and what must stand there in the end."""

import subprocess
from datetime import UTC, datetime, time, timedelta

from accounts import event
from calendar_client import edit, event_of, move, prefix, retitle, set_status
from installation import Installation
from servers import User

from connectd.domain.model import Span

PEOPLE = ("Ann Ames", "Bob Baker", "Carol Cole", "Dan Dale", "Eve Ezra", "Fay Ford", "Gus Gray")
SECRET = "Sekret"
"""Stands in each title of hers, and may stand in no log."""
_HOUR = timedelta(hours=1)


class AliceLife:
    """Changes her calendar each day, and says yes or no; ``hers`` are her events as stored.

    ``yes`` and ``no`` are the UIDs of the drafts that she answered, ``told`` the people whom
    she said to have met, each with a note.
    """

    def __init__(self, alice: Installation, others: User) -> None:
        self._alice = alice
        self._calendars = {alice.user.calendar: alice.user, others.calendar: others}
        self.hers: dict[str, str] = {}
        self.yes: list[str] = []
        self.no: list[str] = []
        self.told: dict[str, str] = {}
        self._answers = 0

    def begin(self, today: datetime) -> None:
        """Fill the calendars with what stays, one event of each kind."""
        for calendar in self._calendars:
            monday = _at(today, 7)
            for name, more in {
                "series": ("RRULE:FREQ=WEEKLY;BYDAY=MO,TH",),
                "strange": ("X-ALICE:a b", "RRULE:FREQ=MONTHLY;BYDAY=-1FR;BYSETPOS=1"),
                "broken": ("RRULE:FREQ=YEARLY;BYWEEKNO=20",),
            }.items():
                text = event(name, Span(monday, monday + _HOUR), f"{SECRET} {name}", *more)
                self._put(f"{calendar}{name}.ics", text)

    def change_her_calendar(self, day: int, now: datetime) -> None:
        """Add an event, edit an older one, and delete one that is older still."""
        for calendar in self._calendars:
            start = _at(now, 8 + day % 7) + timedelta(days=6)
            text = event(f"day-{day}", Span(start, start + _HOUR), f"{SECRET} {day}")
            self._put(f"{calendar}day-{day}.ics", text)
            edited, deleted = f"{calendar}day-{day - 3}.ics", f"{calendar}day-{day - 5}.ics"
            if edited in self.hers:
                change = move(_HOUR) if day % 2 else retitle(lambda title: f"{title} anew")
                edit(self._calendars[calendar], edited, change)
                self.hers[edited] = self._stored(edited)
            if deleted in self.hers:
                self._calendars[calendar].dav.delete(deleted).expect(200, 204)
                del self.hers[deleted]

    def answer_one_draft(self) -> None:
        """Say yes to two of three drafts, in several ways, and no to the third."""
        user = self._alice.user
        for href, text in sorted(self._alice.drafted().items()):
            if "\nSUMMARY:?" not in text:
                continue
            uid = str(event_of(text)["UID"])
            if uid in self.yes + self.no:
                continue
            answers = (prefix("OK"), set_status("CONFIRMED"), set_status("CANCELLED"))
            turn = self._answers % len(answers)
            edit(user, href, answers[turn])
            (self.no if turn == len(answers) - 1 else self.yes).append(uid)
            self._answers += 1
            return

    def tell_of_one_meeting(self, now: datetime) -> None:
        """Mark a meeting that is over, in the shell, beside the running daemon."""
        for meeting in self._alice.store.open_meetings():
            if meeting.uid in self.yes and meeting.span.end < now:
                note = f"a note of {now.date()}"
                command = self._alice.command("--now", now.isoformat(), "done", meeting.contact)
                subprocess.run([*command, "--note", note], check=True, capture_output=True)
                self.told[meeting.contact] = note
                return

    def stored_now(self) -> dict[str, str]:
        """Her own events as they are now."""
        return {
            href: text
            for calendar, user in self._calendars.items()
            for href, text in user.dav.objects(calendar).items()
        }

    def _put(self, href: str, text: str) -> None:
        user = self._calendars[href.rpartition("/")[0] + "/"]
        user.dav.put(href, text, new=True).expect(201)
        self.hers[href] = self._stored(href)

    def _stored(self, href: str) -> str:
        """The text as the server gives it back: some put lines in another order."""
        user = self._calendars[href.rpartition("/")[0] + "/"]
        return user.dav.get(href).expect(200).text


def _at(day: datetime, hour: int) -> datetime:
    return datetime.combine(day.date(), time(hour), UTC)
