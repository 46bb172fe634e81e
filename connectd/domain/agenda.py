"""What stands on the agenda of a meeting, for the user's eyes only."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from connectd.domain.introductions import Introduction
from connectd.domain.model import Contact, Encounter, Fact
from connectd.domain.progression import Outstanding, outstanding

FOLLOW_UP_QUESTION = "Ask one follow-up question: the second answer is often the real one"
_BIRTHDAY_NEAR = timedelta(days=14)
_RECENT = 3
_MOST_OPEN = 5
_ANY_LEAP_YEAR = 2000


class Record(NamedTuple):
    """What is on record that an agenda draws on; facts in the order they were recorded.

    ``contacts`` are all on the list, by id.
    """

    contacts: Mapping[str, Contact]
    encounters: Sequence[Encounter]
    facts: Sequence[Fact]
    introductions: Sequence[Introduction]


class Waiting(NamedTuple):
    """An introduction that waits for a word with somebody: to whom, and why it may be good."""

    to: Contact
    because: str


class Part(NamedTuple):
    """What concerns one person: who they are, and what is open between them and the user.

    ``birthday`` is the day of it, where that is near the meeting. ``needs`` and ``offers`` are
    the latest ones, oldest first.
    """

    contact: Contact
    last_met: date | None
    birthday: date | None
    promises: tuple[Fact, ...]
    asks: tuple[Fact, ...]
    needs: tuple[Fact, ...]
    offers: tuple[Fact, ...]
    introductions: tuple[Waiting, ...]


class Agenda(NamedTuple):
    """What to know and to ask at a meeting on the local day ``on``, a part for each person."""

    on: date
    parts: tuple[Part, ...]
    questions: tuple[str, ...]

    def lines(self) -> tuple[str, ...]:
        """The agenda point by point, in plain words.

        What was typed by the user stands last in its line, as it is: whoever shows it cleans it
        and may cut it short.
        """
        named = len(self.parts) > 1
        about = (line for part in self.parts for line in _about(part, self.on, named=named))
        asked = (f"Question: {question}" for question in self.questions)
        return (*about, *asked, FOLLOW_UP_QUESTION)


def agenda_of(
    people: Sequence[Contact], on: date, record: Record, questions: Sequence[str]
) -> Agenda:
    """The agenda of a meeting with ``people`` on a local day.

    Of anybody else it holds a name and why an introduction to them may be good, nothing more.
    """
    here = {contact.id for contact in people}
    open_now = outstanding(record.facts)
    return Agenda(on, tuple(_part(c, on, record, open_now, here) for c in people), tuple(questions))


def birthday_near(birthday: str | None, day: date) -> date | None:
    """The birthday, if one lies within two weeks of ``day``; None, too, for what is none.

    Who was born on the last of February in a leap year has it on the 28th in others.
    """
    if not birthday:
        return None
    try:
        born = date.fromisoformat(birthday.replace("--", f"{_ANY_LEAP_YEAR}-", 1))
    except ValueError:
        return None
    in_years = (_in_year(born, day.year + years) for years in (-1, 0, 1))
    return next((one for one in in_years if abs(one - day) <= _BIRTHDAY_NEAR), None)


def _in_year(born: date, year: int) -> date:
    try:
        return born.replace(year=year)
    except ValueError:
        return born.replace(year=year, day=28)


def _part(
    contact: Contact,
    on: date,
    record: Record,
    open_now: Mapping[str, Outstanding],
    here: set[str],
) -> Part:
    met = (e.on for e in record.encounters if e.contact == contact.id and e.on <= on)
    between_us = open_now.get(contact.id, Outstanding())
    return Part(
        contact=contact,
        last_met=max(met, default=None),
        birthday=birthday_near(contact.birthday, on),
        promises=between_us.promises,
        asks=between_us.asks,
        needs=_latest("need", contact, record.facts),
        offers=_latest("offer", contact, record.facts),
        introductions=tuple(_waiting(contact, record, here)),
    )


def _latest(kind: str, contact: Contact, facts: Iterable[Fact]) -> tuple[Fact, ...]:
    return tuple(f for f in facts if f.kind == kind and f.contact == contact.id)[-_RECENT:]


def _waiting(contact: Contact, record: Record, here: set[str]) -> Iterator[Waiting]:
    """The introductions that the user began, and to which this person has said nothing.

    None is to somebody who is there; what connectd suggests waits for the user, not for them.
    """
    for introduction in record.introductions:
        if contact.id not in introduction.people or not introduction.is_open:
            continue
        if not introduction.because.strip():
            continue
        if contact.id in introduction.agreed or introduction.declined is not None:
            continue
        (other,) = {*introduction.people} - {contact.id}
        if other in record.contacts and other not in here:
            yield Waiting(record.contacts[other], introduction.because)


def _about(part: Part, on: date, *, named: bool) -> Iterator[str]:
    """What to know of one person; with their name before each line where there are several.

    No four words in a row of ours are any that people write to each other: where a description
    of their own repeats some of a draft, it is not sent (``formats.wording.quotes``).
    """
    yield _who(part.contact)
    for line in _known(part, on):
        yield f"{part.contact.name}: {line}" if named else line[0].upper() + line[1:]


def _who(contact: Contact) -> str:
    tags = f" ({', '.join(contact.tags)})" if contact.tags else ""
    return f"{contact.name}, {contact.category}{tags}"


def _known(part: Part, on: date) -> Iterator[str]:
    contact = part.contact
    if contact.note.strip():
        yield f"note: {contact.note}"
    yield f"last met: {_day(part.last_met, on)}" if part.last_met else "no meeting on record yet"
    if part.birthday:
        yield f"their birthday: {_day(part.birthday, on)}"
    for promise in part.promises[:_MOST_OPEN]:
        yield f"you promised{_until(promise.due, on)}: {promise.text}"
    for ask in part.asks[:_MOST_OPEN]:
        yield f"you hope for: {ask.text}"
    for need in part.needs:
        yield f"they need: {need.text}"
    for offer in part.offers:
        yield f"they can give others: {offer.text}"
    for waiting in part.introductions[:_RECENT]:
        welcome = f"whether meeting {waiting.to.name} would be welcome"
        yield f"ask {contact.name} {welcome}: {waiting.because}"


def _until(due: date | None, on: date) -> str:
    """Until when something was promised; that it is late by then is said kindly."""
    if due is None:
        return ""
    return f" by {_day(due, on)}{', and it is not too late' if due < on else ''}"


def _day(day: date, on: date) -> str:
    """A day in words, with its year where that is not the year of ``on``."""
    year = "" if day.year == on.year else f" {day.year}"
    return f"{day:%A} {day.day} {day:%B}{year}"
