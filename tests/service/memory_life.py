"""connectd on a calendar in memory, and its user, who remembers what they did."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from accounts import event
from calendar_client import Change, answer, both, categorize, edited, event_of, move, prefix
from calendar_client import set_status as status
from icalendar import Event
from installation import NOW, configuration
from memory_calendar import KilledError, MemoryCalendar, span_of, uid_of
from memory_mail import MemoryMail
from servers import User

from connectd.cli.building import build_means
from connectd.config import load
from connectd.domain.model import SENT, Meeting, Reply, Span, State
from connectd.domain.view import Answer
from connectd.edges.store import Store
from connectd.errors import SenselessError
from connectd.formats.confined_readers import read
from connectd.formats.people import PersonRow
from connectd.service import answers, people
from connectd.service.tick import Report, tick

ALICE = User(
    name="alice",
    url="https://dav.example.test/alice/",
    home="/alice/",
    calendar="/alice/work/",
    schedules=False,
)
NAMES = ("Bob Baker", "Carol Cole", "Dan Dale")
MEETING = {
    "per_day": 2,
    "per_week": 9,
    "open_drafts": 2,
    "notice_hours": 24,
    "horizon_days": 10,
    "expires_hours": 12,
    "pause_days": 1,
    "rest_days": 20,
}
MAIL = ['[mail]\nhost = "localhost"', 'port = 25\nsecurity = "none"\nfrom = "alice@example.test"']
YES: dict[str, Change] = {
    "button": answer(ALICE.email, "ACCEPTED"),
    "title": prefix("OK"),
    "status": status("CONFIRMED"),
    "category": categorize("ACCEPT"),
}
NO: dict[str, Change] = {
    "button": answer(ALICE.email, "DECLINED"),
    "title": prefix("NO"),
    "status": status("CANCELLED"),
    "category": categorize("DECLINE"),
}


class InThisProcess:
    """Reads foreign bytes as the child process does, without what that guards against."""

    def call(self, request: dict[str, Any]) -> dict[str, Any]:
        answered: dict[str, Any] = json.loads(json.dumps(read(json.loads(json.dumps(request)))))
        return answered

    def close(self) -> None:
        """Nothing runs."""


@dataclass
class Hand:
    """What the user did to one draft, and knew.

    ``names`` are the events in its way when connectd wrote it last; ``yes_here`` are the yeses
    to its present time, each with what stood in the way as far as the user could know.
    """

    said: Answer = Answer.NONE
    names: frozenset[str] = frozenset()
    yes_here: list[frozenset[str]] = field(default_factory=list)
    refused: bool = False
    deleted_at: datetime | None = None
    replies: set[Reply] = field(default_factory=set)
    before_yes: str | None = None


class MemoryLife:
    """An installation with three contacts, its calendar and mail server, and the user's hands.

    ``sender`` is who brings invitations to the contact: "server", "mail" or "manual".
    """

    def __init__(self, folder: Path, sender: str, form: str) -> None:
        self.sender = sender
        self.account = MemoryCalendar(ALICE.url, schedules=sender == "server", sabre=True)
        self.mail = MemoryMail()
        self.work = self.account.add_calendar("Work")
        self.agreed = self.account.add_calendar("Agreed")
        self.drafts = self.account.add_calendar("Connections")
        more = "\n".join(['[delivery]\nsender = "auto"', *(MAIL if sender == "mail" else [])])
        keys = {"accepted": "Agreed", "draft_form": form}
        text = configuration(
            ALICE, folder, meeting=MEETING, account=keys, goal=5, more=more, agenda="todo"
        )
        (folder / "config.toml").write_text(text)
        self.config = load(folder / "config.toml", {})
        self.now = NOW
        self.hands: dict[str, Hand] = {}
        self.events = 0
        self.start()
        for name in NAMES:
            address = f"{name.split()[0].lower()}@example.test"
            row = PersonRow(name, (address,), "business")
            people.add(self.store, row, self.config.policy.categories)

    def start(self) -> None:
        """Start on whatever the database holds."""
        store = Store.open(self.config.state)
        store.begin(self.now)
        means = build_means(self.config, store, {})
        self.means = replace(
            means,
            servers={"main": self.account},  # type: ignore[dict-item]
            reader=InThisProcess(),  # type: ignore[arg-type]
            mail=self.mail if self.sender == "mail" else None,  # type: ignore[arg-type]
        )

    @property
    def store(self) -> Store:
        return self.means.store

    def restart(self) -> None:
        """End, and start again: what is not in the database is forgotten."""
        self.store.close()
        self.start()

    def tick(self) -> Report | None:
        """Make a tick; None where the process was killed in it, and started again."""
        try:
            return tick(self.now, self.means)
        except KilledError:
            self.restart()
            return None

    def hand(self, uid: str) -> Hand:
        return self.hands.setdefault(uid, Hand())

    def open(self) -> list[Meeting]:
        return list(self.store.open_meetings())

    def href(self, uid: str) -> str | None:
        """Where the object with this UID lies."""
        found = (h for h, text in self.account.objects().items() if uid_of(text) == uid)
        return next(found, None)

    def at_hand(self) -> list[Meeting]:
        """The open meetings whose object stands in the calendar, as one event."""
        return [
            meeting
            for meeting in self.open()
            if (href := self.href(meeting.uid)) and span_of(self.account.objects()[href])
        ]

    def edit(self, meeting: Meeting, change: Change) -> None:
        href = self.href(meeting.uid)
        assert href
        self.account.put(href, edited(self.account.objects()[href], change))

    def says_yes(self, meeting: Meeting, way: str) -> None:
        """Say yes in some way, unless a no stands there: any no beats any yes."""
        href, hand = self.href(meeting.uid), self.hand(meeting.uid)
        assert href
        if hand.said is Answer.NO:
            return
        text = self.account.objects()[href]
        if way == "moved to Agreed" and not href.startswith(self.agreed):
            self.account.delete(href)
            self.account.put(f"{self.agreed}{meeting.uid}.ics", text)
        else:
            asked = "ORGANIZER" in text
            self.edit(meeting, YES[way if way in YES and (asked or way != "button") else "title"])
            if hand.said is not Answer.YES:
                hand.before_yes = text
        if hand.said is not Answer.YES:
            hand.yes_here.append(hand.names)
        hand.said = Answer.YES

    def says_no(self, meeting: Meeting, way: str) -> None:
        href = self.href(meeting.uid)
        assert href
        asked = "ORGANIZER" in self.account.objects()[href] and meeting.state not in SENT
        self.edit(meeting, NO[way if asked or way != "button" else "title"])
        hand = self.hand(meeting.uid)
        hand.said, hand.refused = Answer.NO, True

    def takes_yes_back(self, meeting: Meeting) -> None:
        """Put the draft back as it was before the yes, unless it lies where only a yes does."""
        href, hand = self.href(meeting.uid), self.hand(meeting.uid)
        assert href
        if hand.said is Answer.YES and hand.before_yes and not href.startswith(self.agreed):
            self.account.put(href, hand.before_yes)
            hand.said, hand.before_yes = Answer.NONE, None
            del hand.yes_here[-1:]

    def moves(self, meeting: Meeting, start: datetime) -> None:
        """Drag it; a server that schedules takes the contact's answer back by itself then."""
        hand = self.hand(meeting.uid)
        if start == meeting.span.start:
            return
        resets = self.sender == "server" and meeting.state in SENT
        change = move(start - self.lies_at(meeting).start)
        self.edit(meeting, both(change, self.replies(meeting, Reply.NONE)) if resets else change)
        in_the_shell = meeting.state is State.ACCEPTED and meeting.told_by == "command"
        hand.yes_here = [frozenset()] if hand.said is Answer.YES or in_the_shell else []
        hand.before_yes = None

    def lies_at(self, meeting: Meeting) -> Span:
        href = self.href(meeting.uid)
        assert href
        span = span_of(self.account.objects()[href])
        assert span
        return span

    def deletes(self, meeting: Meeting) -> None:
        href = self.href(meeting.uid)
        assert href
        self.account.delete(href)
        self.hand(meeting.uid).deleted_at = self.now

    def writes_anew(self, meeting: Meeting, *, ok: bool) -> None:
        """As calcurse does: another UID, and nothing but the title and the time is left."""
        href = self.href(meeting.uid)
        assert href
        text, at = self.account.objects()[href], self.lies_at(meeting)
        self.deletes(meeting)
        self.events += 1
        uid = f"anew-{self.events}"
        title = f"{'OK ' if ok else ''}{event_of(text)['SUMMARY']}"
        ok = title.startswith("OK")
        self.account.put(f"{self.work}{uid}.ics", event(uid, at, title))
        if ok:
            hand = self.hand(meeting.uid)
            again = [] if hand.said is Answer.YES else [hand.names]
            self.hands[uid] = Hand(said=Answer.YES, yes_here=[*hand.yes_here, *again])

    def replies(self, meeting: Meeting, reply: Reply) -> Change:
        """What the contact's answer changes in the object."""
        contact = self.store.contact(meeting.contact)
        assert contact

        def change(found: Event) -> None:
            attendees = found.get("ATTENDEE", [])
            for attendee in attendees if isinstance(attendees, list) else [attendees]:
                if str(attendee).lower() == f"mailto:{contact.emails[0]}":
                    attendee.params["PARTSTAT"] = reply.value.upper()

        self.hand(meeting.uid).replies.add(reply)
        return change

    def in_the_shell(self, meeting: Meeting, *, yes: bool) -> None:
        contact = self.store.contact(meeting.contact)
        assert contact
        say = answers.accept if yes else answers.decline
        with suppress(SenselessError):
            say(self.store, contact, self.now, self.config.me.timezone)
            hand = self.hand(meeting.uid)
            if yes:
                hand.yes_here.append(hand.names)
            else:
                hand.refused = True

    def takes_time(self, span: Span) -> None:
        """Somebody else's event."""
        self.events += 1
        uid = f"event-{self.events}"
        self.account.put(f"{self.work}{uid}.ics", event(uid, span, uid))

    def gives_time_back(self) -> None:
        others = [href for href, _ in self.busy() if "/event-" in href]
        if others:
            self.account.delete(others[0])

    def busy(self) -> Iterator[tuple[str, Span]]:
        """Every other event of the user's that takes time, by its URL."""
        for href, text in self.account.objects().items():
            off = "STATUS:CANCELLED" in text
            if href.startswith(self.work) and not off and (span := span_of(text)):
                yield href, span

    def follow_up(self, uid: str, *, done: bool) -> None:
        """Tick off, or cancel, the task with this UID."""
        if href := self.href(uid):
            text = self.account.objects()[href]
            said = "STATUS:COMPLETED" if done else "STATUS:CANCELLED"
            self.account.put(href, text.replace("STATUS:NEEDS-ACTION", said))
