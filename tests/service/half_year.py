"""Half a year of somebody who uses connectd: a calendar program, a shell, and twelve people."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from calendar_client import addresses, answer, edit, event_of, set_status
from installation import Installation
from servers import SentMail, SmtpSink
from shell import Ran, Shell

from connectd.domain.model import Step

BERLIN = ZoneInfo("Europe/Berlin")
FIRST_DAY = date(2026, 11, 2)
LAST_DAY = date(2027, 5, 1)
ETAGS = '<propfind xmlns="DAV:"><prop><getetag/></prop></propfind>'
_DAY = timedelta(days=1)


class Friend(NamedTuple):
    """One of the twelve: what they answer to invitations in turn, and what each meeting brings.

    ``told`` are the options of ``connectd done`` after the first meeting, the second, and so on;
    an answer of ``""`` is none. The last answer goes on for ever.
    """

    name: str
    category: str
    every: int | None = None
    answers: Sequence[str] = ("ACCEPTED",)
    told: Sequence[Sequence[str]] = ()

    @property
    def id(self) -> str:
        return self.name.lower().replace(" ", "-")

    @property
    def email(self) -> str:
        return f"{self.id}@example.test"


class Told(NamedTuple):
    """A fact that the user told connectd."""

    contact: str
    kind: str
    text: str


class HalfYear:
    """Lives one day after the other, and keeps an own account of all that took place.

    ``held`` has a row for each person met, ``over`` the UID of each meeting.
    """

    def __init__(self, alice: Installation, shell: Shell, sink: SmtpSink) -> None:
        self.alice = alice
        self.held: list[tuple[date, str]] = []
        self.told: list[Told] = []
        self._shell = shell
        self._sink = sink
        self._friends: dict[str, Friend] = {}
        self._read = 0
        self._fetched: dict[str, tuple[str, str]] = {}
        self._numbers: dict[str, int] = {}
        self._invited: Counter[str] = Counter()
        self._accepted: dict[str, set[str]] = {}
        self.over: set[str] = set()

    def meets(self, *friends: Friend) -> None:
        """Put people on the list."""
        for friend in friends:
            self._friends[friend.email] = friend
            every = ("--every", str(friend.every)) if friend.every else ()
            words = ("--email", friend.email, "--category", friend.category, *every)
            self.says("contacts", "add", friend.name, *words)

    def says(self, *words: str) -> Ran:
        """Run a command of connectd, which must succeed."""
        now = self.alice.now.isoformat()
        ran = self._shell.run("--config", str(self.alice.config_file), *words, now=now)
        return ran.ends_with(0)

    def asks(self, *words: str) -> Any:  # noqa: ANN401 - whatever the document is
        """Run a command with --json; return the document."""
        return self.says(*words, "--json").json

    def tells(self, contact: str, command: str, *options: str) -> None:
        """Tell connectd something about a contact, and keep it on the own account."""
        self.says(command, contact, *options)
        for option, text in zip(options[::2], options[1::2], strict=True):
            kind = option.removeprefix("--").replace("-", "_")
            if kind not in ("due", "on"):
                self.told.append(Told(contact, kind, text))

    def live(self) -> Iterator[date]:
        """Let one day after the other pass; yields each in its evening."""
        day = FIRST_DAY
        while day < LAST_DAY:
            self._morning(day)
            self._evening(day)
            yield day
            day += _DAY
        self._at(day, 8)

    def mails_to_others(self) -> list[SentMail]:
        mine = self.alice.user.email
        return [mail for mail in self._sink.messages if mail.recipients != (mine,)]

    def mails_to_me(self) -> list[SentMail]:
        mine = self.alice.user.email
        return [mail for mail in self._sink.messages if mail.recipients == (mine,)]

    def _at(self, day: date, hour: int, minute: int = 0) -> None:
        self.alice.now = datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)
        report = self.alice.tick()
        assert (report.complete, report.failures) == (True, ()), report

    def _morning(self, day: date) -> None:
        """Look at the calendar, say yes or no to what is there, and let it be sent."""
        self._at(day, 7)
        drafts = sorted(self._drafts(), key=lambda draft: event_of(draft[1]).decoded("DTSTART"))
        answered = [href for href, text in drafts if self._answers(href, text)]
        if answered:
            self._at(day, 7, 5)
            self._at(day, 7, 10)
            self._their_answers()
            self._at(day, 7, 15)

    def _drafts(self) -> list[tuple[str, str]]:
        return [
            (href, text)
            for href, text in self._calendar().items()
            if "BEGIN:VEVENT" in text and "nothing has been sent" in unfolded(text)
        ]

    def _calendar(self) -> dict[str, str]:
        """Every object in the drafts calendar by its path; only what has changed is fetched."""
        dav = self.alice.user.dav
        listing = dav.propfind(self.alice.drafts, ETAGS, depth=1).expect(207).text
        fetched = {}
        for href, etag in re.findall(
            r"<href>([^<]+\.ics)</href>.*?<getetag>([^<]+)<", listing, re.DOTALL
        ):
            known = self._fetched.get(href)
            fetched[href] = known if known and known[0] == etag else (etag, dav.get(href).text)
        self._fetched = fetched
        return {href: text for href, (_, text) in fetched.items()}

    def _answers(self, href: str, text: str) -> bool:
        """Say no to the first draft of each twelve, overlook the sixth; whether anything was said.

        Counted as they come: UIDs are drawn anew with each installation, and a story is not.
        """
        uid = str(event_of(text)["UID"])
        number = self._numbers.setdefault(uid, len(self._numbers)) % 12
        if number == 5:
            return False
        edit(self.alice.user, href, set_status("CANCELLED" if number == 0 else "CONFIRMED"))
        return True

    def _their_answers(self) -> None:
        """Those who got an invitation answer; the user's calendar program takes it in."""
        mails = self._sink.messages
        for mail in mails[self._read :]:
            friend = self._friends.get(mail.recipients[0])
            if friend is None or mail.method != "REQUEST":
                continue
            turn = min(self._invited[friend.id], len(friend.answers) - 1)
            self._invited[friend.id] += 1
            said = friend.answers[turn]
            if said:
                href = self._href_of(mail.uid)
                edit(self.alice.user, href, answer(friend.email, said))
            if said == "ACCEPTED":
                self._accepted.setdefault(mail.uid, set()).add(friend.id)
        self._read = len(mails)

    def _href_of(self, uid: str) -> str:
        return next(
            href
            for href, text in self._calendar().items()
            if "BEGIN:VEVENT" in text and str(event_of(text)["UID"]) == uid
        )

    def _evening(self, day: date) -> None:
        """Meetings of the day took place where all had said yes; the user says so."""
        self._at(day, 19)
        for uid in self._over_today(day):
            self.over.add(uid)
            came = sorted(self._accepted[uid])
            for contact in came:
                self.held.append((day, contact))
            self._mark(came, day)

    def _over_today(self, day: date) -> list[str]:
        found = []
        for text in self._calendar().values():
            if "BEGIN:VEVENT" not in text or f":{day:%Y%m%d}T" not in text:
                continue
            event = event_of(text)
            uid, people = str(event["UID"]), set(addresses(event)) & self._friends.keys()
            all_came = {self._friends[one].id for one in people} == self._accepted.get(uid)
            on_the_day = event.decoded("DTSTART").astimezone(BERLIN).date() == day
            if uid not in self.over and people and all_came and on_the_day:
                found.append(uid)
        return found

    def _mark(self, came: list[str], day: date) -> None:
        """Mark the meeting, with what each one told."""
        for number, contact in enumerate(came):
            options = self._news_of(contact)
            if number == 0:
                self.tells(contact, "done", *options)
            elif options:
                self.tells(contact, "note", *options, "--on", day.isoformat())

    def _news_of(self, contact: str) -> Sequence[str]:
        friend = next(one for one in self._friends.values() if one.id == contact)
        times = sum(1 for _, who in self.held if who == contact)
        return friend.told[times - 1] if times <= len(friend.told) else ()


def unfolded(text: str) -> str:
    """An object with its long lines joined (RFC 5545 section 3.1)."""
    return re.sub(r"\r?\n[ \t]", "", text)


def step_by_hand(meetings: int, kinds: set[str]) -> Step:
    """The step of a relation, counted once more."""
    if not meetings:
        return Step.CONNECT
    if meetings == 1 and "helped_me" not in kinds:
        return Step.HELP_ME
    return Step.INTRODUCE if kinds & {"helped", "kept"} else Step.HELP_THEM
