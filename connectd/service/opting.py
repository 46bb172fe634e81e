"""What the user does about an introduction: begin it, tell what they said, give it up."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from connectd.config import Person
from connectd.domain import opting_in
from connectd.domain.introductions import Bringing, Introduction, Opting
from connectd.domain.model import SENT, Contact
from connectd.domain.spans import local_day
from connectd.domain.view import Name
from connectd.edges.store import Store
from connectd.errors import SenselessError, WrongInputError
from connectd.formats.introduction_words import question
from connectd.formats.wording import without_addresses
from connectd.service.answers import find_contact
from connectd.service.introduction_letters import drop_question, has_been_asked, unsay

STANDING = {
    Opting.SUGGESTED: "nobody has been asked yet",
    Opting.ASKED_FIRST: "one of them has been asked",
    Opting.ASKED_SECOND: "both have been asked",
    Opting.AGREED: "both have agreed",
    Opting.INTRODUCED: "they have been introduced",
    Opting.DROPPED: "it has been dropped",
}
_NOTHING_LEFT = "there is nothing left to ask"
_A_MOMENT = timedelta(seconds=1)


class Wanted(NamedTuple):
    """An introduction that the user wants: ``texts`` replace the usual question to either side."""

    because: str
    by: Bringing = Bringing.MEETING
    texts: tuple[str | None, str | None] = (None, None)


class Ended(NamedTuple):
    """An introduction that was dropped, and the ids of those who were asked and should hear it."""

    introduction: Introduction
    to_tell: tuple[str, ...]


def check_pair(store: Store, first: Contact, second: Contact, zone: ZoneInfo) -> None:
    """Raise SenselessError where these two cannot be introduced to each other now.

    Days are told in ``zone``.
    """
    if first.id == second.id:
        raise SenselessError("An introduction takes two different people.")
    for contact in (first, second):
        if contact.archived:
            raise SenselessError(f"{contact.name} is no longer on your list.")
    known = store.introduction(first.id, second.id)
    if known and known.introduced_at:
        day = local_day(known.introduced_at, zone)
        raise SenselessError(f"You introduced {first.name} and {second.name} on {day}.")
    if known and known.is_open and known.asked and known.because:
        raise SenselessError(
            f"An introduction of {first.name} and {second.name} is under way: "
            f"{STANDING[known.state]}. `connectd introductions` shows it."
        )


def questions(wanted: Wanted, first: Contact, second: Contact, me: str) -> tuple[str, str]:
    """What each of them would be asked, alone: the address of the other stands in neither."""
    to_first, to_second = wanted.texts
    return (
        _question(to_first, first, second, wanted.because, me),
        _question(to_second, second, first, wanted.because, me),
    )


def begin(
    store: Store, wanted: Wanted, first: Contact, second: Contact, me: Person, now: datetime
) -> Introduction:
    """Record that the user wants to introduce these two; nobody is asked yet.

    One that connectd suggested, and of which somebody has heard already, keeps what they said.
    Raises SenselessError as ``check_pair`` does, WrongInputError without a reason.
    """
    if not wanted.because.strip():
        raise WrongInputError("Please say why they should meet, with --because; both will read it.")
    with store.transaction():
        check_pair(store, first, second, me.timezone)
        known = store.introduction(first.id, second.id)
        introduction = Introduction(
            first.id,
            second.id,
            # the letters of an earlier one are known by when that one was begun
            began_at=max(now, known.began_at + _A_MOMENT) if known else now,
            because=wanted.because.strip(),
            by=wanted.by,
            texts=questions(wanted, first, second, me.name),
        )
        if known and known.is_open and known.asked:
            check_way(store, known, wanted.by)
            introduction = introduction._replace(
                began_at=known.began_at,
                asked=known.asked,
                agreed=known.agreed,
                meeting=known.meeting,
            )
        store.save_introduction(introduction)
        log(store, now, introduction, "you want to introduce them to each other")
    return introduction


def find_introduction(store: Store, one: str, other: str) -> Introduction:
    """The introduction on record of two people, each an id or an unambiguous part of a name.

    Raises SenselessError.
    """
    recorded = {person for known in store.introductions() for person in known.people}
    ids = [words if words in recorded else find_contact(store, words).id for words in (one, other)]
    introduction = store.introduction(*ids)
    if introduction is None:
        raise SenselessError(
            f"No introduction of {ids[0]} and {ids[1]} is on record. "
            f"To begin one: {command_to_begin(*ids)}"
        )
    return introduction


def side_of(store: Store, introduction: Introduction, words: str) -> str:
    """The id of the one of the two who is meant; raises SenselessError."""
    fitting = [
        person
        for person in introduction.people
        if words == person or words.casefold() in name_of(store, person).casefold()
    ]
    if words in introduction.people:
        fitting = [words]
    if len(fitting) != 1:
        raise SenselessError(
            f"“{words}” should be one of the two: {introduction.first} or {introduction.second}."
        )
    return fitting[0]


def agree(store: Store, introduction: Introduction, who: str, now: datetime) -> Introduction:
    """Record the yes of one of the two; raises SenselessError where it comes too late."""

    def turn(current: Introduction) -> Introduction | None:
        return opting_in.agree(current, who)

    with store.transaction():
        agreed = take(store, introduction, turn)
        drop_question(store, agreed, who, _NOTHING_LEFT)
        log(store, now, agreed, f"{who} agreed to be introduced")
    return agreed


def decline(store: Store, introduction: Introduction, who: str, now: datetime) -> Ended:
    """Record the no of one of the two, which ends it; raises SenselessError when too late.

    What waits to be mailed is not sent. The other is not told who said no, nor that anybody did.
    """

    def turn(current: Introduction) -> Introduction | None:
        return opting_in.decline(current, who, now)

    return _end(store, introduction, turn, now, f"{who} would rather not", but=who)


def drop(store: Store, introduction: Introduction, now: datetime) -> Ended:
    """Give it up; raises SenselessError where the two have been introduced already."""

    def turn(current: Introduction) -> Introduction | None:
        return opting_in.drop(current, now)

    return _end(store, introduction, turn, now, "you gave the introduction up")


def choose(store: Store, introduction: Introduction, by: Bringing) -> Introduction:
    """Choose how the two are brought together; raises SenselessError once that is settled."""

    def turn(current: Introduction) -> Introduction | None:
        return current._replace(by=by) if current.is_open else None

    with store.transaction():
        check_way(store, store.introduction(*introduction.people) or introduction, by)
        return take(store, introduction, turn)


def check_way(store: Store, introduction: Introduction, by: Bringing) -> None:
    """Raise SenselessError where a meeting of three stands, and they are to be written to."""
    planned = store.meeting(introduction.meeting) if introduction.meeting else None
    if planned and planned.is_open and by is not Bringing.MEETING:
        raise SenselessError(
            "A meeting of you three stands in your calendar: say no to that one first."
        )


def check_reason(introduction: Introduction) -> None:
    """Raise SenselessError where nobody has said why the two should meet, as both would read."""
    if not introduction.because:
        raise SenselessError(
            "Please say first why they should meet; both will read it: "
            f"{command_to_begin(*introduction.people)}"
        )


def command_to_begin(one: str, other: str) -> str:
    """What the user types to begin an introduction, or to take up one that is suggested."""
    return f'connectd introduce {one} {other} --because "…"'


def take(
    store: Store,
    introduction: Introduction,
    turn: Callable[[Introduction], Introduction | None],
) -> Introduction:
    """Take a turn from what is on record by now, and record it; raises SenselessError."""
    current = store.introduction(*introduction.people) or introduction
    taken = turn(current)
    if taken is None:
        first, second = (name_of(store, person) for person in current.people)
        raise SenselessError(
            f"That does not fit how it is with {first} and {second}: {STANDING[current.state]}. "
            f"{_what_is_left(store, current)}"
        )
    if taken != current:
        store.save_introduction(taken)
    return taken


def name_of(store: Store, person: str) -> str:
    """The name of a contact, or the id of one who was removed from the list."""
    contact = store.contact(person)
    return contact.name if contact else person


def log(store: Store, now: datetime, introduction: Introduction, because: str) -> None:
    """Add a line to the journal."""
    pair = f"{introduction.first} and {introduction.second}"
    store.log(now, Name.INTRODUCE, introduction.first, None, f"{pair}: {because}")


def _what_is_left(store: Store, introduction: Introduction) -> str:
    """What the user may do all the same."""
    meeting = store.meeting(introduction.meeting) if introduction.meeting else None
    if meeting and meeting.state in SENT:
        return "To call the meeting of you three off, delete or cancel it in your calendar."
    return "`connectd introductions` shows what comes next."


def _question(given: str | None, to: Contact, about: Contact, because: str, me: str) -> str:
    text = given if given and given.strip() else question(to.name, about.name, because, me)
    return without_addresses(text, about.emails)


def _end(
    store: Store,
    introduction: Introduction,
    turn: Callable[[Introduction], Introduction | None],
    now: datetime,
    because: str,
    *,
    but: str | None = None,
) -> Ended:
    """Drop it, and with it the letters that have not left: who was to get one was not asked.

    Two who were to be brought together, and have not heard of it, are not introduced yet.
    """
    with store.transaction():
        current = store.introduction(*introduction.people)
        if current and current.state is Opting.INTRODUCED and unsay(store, current):
            store.save_introduction(current._replace(introduced_at=None))
        ended = take(store, introduction, turn)
        heard = tuple(who for who in ended.asked if has_been_asked(store, ended, who))
        for who in ended.people:
            drop_question(store, ended, who, _NOTHING_LEFT)
        ended = ended._replace(asked=tuple(w for w in ended.asked if w in heard or w == but))
        store.save_introduction(ended)
        log(store, now, ended, because)
    return Ended(ended, tuple(who for who in heard if who not in (but, ended.declined)))
