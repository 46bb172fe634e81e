"""The weekly digest in words: a friendly look back and ahead, for the user's eyes only."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from connectd.domain.goal import Standing
from connectd.domain.introductions import Introduction, Opting
from connectd.domain.outlook import Outlook
from connectd.domain.summary import Summary
from connectd.domain.waiting import Awaited, Waiting
from connectd.formats.first_names import first_name
from connectd.formats.percents import percent
from connectd.formats.wording import one_line

_MOST = 10
_LONGEST_NAME, _LONGEST_TEXT = 100, 200


class Held(NamedTuple):
    """A meeting that took place, with whom by id, and on which local day."""

    contacts: tuple[str, ...]
    on: date


class Ahead(NamedTuple):
    """A meeting of the days ahead: with whom by id, what it is, and when it starts (UTC)."""

    contacts: tuple[str, ...]
    what: str
    start: datetime


class Week(NamedTuple):
    """All that the digest tells; ``names`` are those of everybody by id.

    ``since_last`` says that ``held`` is what was marked as held since the digest before.
    ``month`` is this month, None outside the goal; ``summary`` is there once the goal is over.
    ``drafts`` are those that wait for an answer, ``waiting`` is what else waits for the user,
    ``introduction`` one that is to be decided on, or for which no more meetings are drafted,
    ``overdue`` whom to meet again most urgently, by id, and by how many days.
    """

    me: str
    today: date
    names: Mapping[str, str]
    held: Sequence[Held] = ()
    since_last: bool = False
    month: Standing | None = None
    outlook: Outlook | None = None
    summary: Summary | None = None
    drafts: Sequence[Ahead] = ()
    ahead: Sequence[Ahead] = ()
    waiting: Sequence[Waiting] = ()
    introduction: Introduction | None = None
    overdue: tuple[str, int] | None = None


class Words(NamedTuple):
    """A digest as it is read: plain text on several lines."""

    subject: str
    text: str


def digest_words(week: Week, zone: ZoneInfo) -> Words:
    """The digest, with times in ``zone``; whatever names and texts hold, it is safe to show."""
    told = _Telling(week, zone)
    paragraphs = [
        [f"Hello {first_name(_safe_name(week.me)) or 'there'},"],
        told.held(),
        told.goal(),
        told.meetings("Waiting for your yes or no:", week.drafts),
        told.waiting(),
        told.meetings("The week ahead:", week.ahead),
        told.promises(),
        told.introduction(),
        told.overdue(),
        ["All of it: connectd status"],
    ]
    text = "\n\n".join("\n".join(lines) for lines in paragraphs if lines)
    return Words(told.subject(), f"{text}\n")


class _Telling(NamedTuple):
    """The paragraphs, each as its lines; one that has nothing to say has none."""

    week: Week
    zone: ZoneInfo

    def subject(self) -> str:
        held, month = len(self.week.held), self.week.month
        meetings = f"{held} meeting{'' if held == 1 else 's'} held"
        if month is None:
            return f"Your week: {meetings}"
        return f"Your week: {meetings}, {month.met} of {month.goal} people met in {month.month}"

    def held(self) -> list[str]:
        since = self.week.since_last
        if not self.week.held and since:
            return ["No meeting was marked as held since the last digest."]
        if not self.week.held:
            return ["No meeting took place in the last seven days."]
        met = [f"{self._people(one.contacts)}, {_day(one.on)}" for one in self.week.held]
        heading = "Marked as held since the last digest" if since else "Held in the last seven days"
        return _listed(f"{heading}:", met)

    def goal(self) -> list[str]:
        month, outlook, summary = self.week.month, self.week.outlook, self.week.summary
        if summary:
            reached = f"{summary.months_reached} of {summary.months} months reached"
            met = f"different people met: {summary.people}, meetings: {summary.meetings}"
            return [f"Your goal is over: {reached}, {met}."]
        if month is None:
            return []
        said = f"Your goal for {month.month}: {month.met} of {month.goal} different people met"
        said += f", {len(month.scheduled)} more scheduled." if month.scheduled else "."
        if outlook is None or month.met >= month.goal:
            return [said]
        lines = [said, f"The chance of reaching it is {percent(outlook.chance)}."]
        for raised in outlook.raised_by[:1]:
            with_it = f"With {one_line(raised.what, _LONGEST_TEXT)} it would be"
            lines.append(f"{with_it} {percent(raised.chance)}.")
        return lines

    def meetings(self, heading: str, meetings: Sequence[Ahead]) -> list[str]:
        return _listed(heading, [self._ahead(meeting) for meeting in meetings])

    def waiting(self) -> list[str]:
        told = {Awaited.SECOND_YES, Awaited.DONE, Awaited.TELL}
        waiting = [
            f"{self._names(one)}{f' ({_day(one.on)})' if one.on else ''}: "
            f"{one_line(one.text, _LONGEST_TEXT)}"
            for one in self.week.waiting
            if one.kind in told
        ]
        return _listed("This waits for you, too:", waiting)

    def promises(self) -> list[str]:
        promised = [
            f"{one_line(one.text, _LONGEST_TEXT)}, to {self._names(one)}, {self._due(one.on)}"
            for one in self.week.waiting
            if one.kind is Awaited.PROMISE and one.on
        ]
        return _listed("What you promised:", promised)

    def introduction(self) -> list[str]:
        one = self.week.introduction
        if one is None:
            return []
        why = one_line(one.because, _LONGEST_TEXT)
        first, second = map(self._name, one.people)
        if one.state is Opting.AGREED:
            vain = f"{first} and {second} both agreed to meet, but no draft came to a meeting."
            return [vain, "Write to both, or drop it: connectd introductions"]
        how = f'If you want to: connectd introduce {one.first} {one.second} --because "…"'
        return [
            f"You could introduce {first} and {second} to each other{': ' if why else '.'}{why}",
            "To ask them: connectd introductions" if why else how,
        ]

    def overdue(self) -> list[str]:
        if self.week.overdue is None:
            return []
        contact, days = self.week.overdue
        late = f"{days} day{'' if days == 1 else 's'}"
        return [f"Most overdue is a meeting with {self._name(contact)}, by {late}."]

    def _ahead(self, meeting: Ahead) -> str:
        start = meeting.start.astimezone(self.zone)
        what = one_line(meeting.what, _LONGEST_TEXT)
        with_whom = self._people(meeting.contacts)
        return f"{_day(start.date())}, {start:%H:%M}: {what} with {with_whom}"

    def _names(self, one: Waiting) -> str:
        return self._people([who for who in (one.contact, one.other) if who])

    def _people(self, contacts: Iterable[str]) -> str:
        return " and ".join(map(self._name, contacts))

    def _name(self, contact: str) -> str:
        return _safe_name(self.week.names.get(contact, contact)) or contact

    def _due(self, on: date) -> str:
        late = (self.week.today - on).days
        if late > 0:
            return f"by {_day(on)}, {late} day{'' if late == 1 else 's'} late"
        return f"by {_day(on)}"


def _listed(heading: str, entries: Sequence[str]) -> list[str]:
    if not entries:
        return []
    return [heading, *_points(entries)]


def _points(entries: Sequence[str]) -> Iterator[str]:
    for entry in entries[:_MOST]:
        yield f"- {entry}"
    if len(entries) > _MOST:
        yield f"- and {len(entries) - _MOST} more"


def _safe_name(name: str) -> str:
    return one_line(name, _LONGEST_NAME)


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"
