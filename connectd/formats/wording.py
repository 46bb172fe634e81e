"""What drafts and invitations say, in plain sentences."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

from connectd.domain.invitation_text import filled
from connectd.domain.model import Delivery, Form, Kind, Meeting
from connectd.formats.first_names import first_name, first_names, spoken
from connectd.formats.plain_text import clean

DRAFT_MARKER = "Draft by connectd: nothing has been sent"

ACTIVITY = {
    Kind.COFFEE: "coffee",
    Kind.LUNCH: "lunch",
    Kind.CALL: "call",
    Kind.VIDEO: "video call",
    Kind.WALK: "walk",
}
_WITHOUT_BUTTONS = (
    "Your calendar program cannot do that? Then put OK or NO before the title, "
    "set the status to Confirmed or Cancelled, or add the category ACCEPT or DECLINE."
)
_STANDARD_TEXT = (
    "{me} would like to meet you: {activity}, {minutes} minutes.\n"
    "If the time does not suit you, please decline or suggest another one."
)
_STANDARD_TEXT_FOR_TWO = _STANDARD_TEXT.replace("meet you:", "meet you both:")
_ANOTHER_TIME = "\nIf this does not suit you, pick another time here: {booking_url}"
_TAKEN = "This time is taken: "
_TAKEN_AFTER_A_YES = (
    "Nothing has been sent. Say yes once more to send it all the same, or free the time. "
    "Moved to another time, it waits for a yes to that time."
)
_TAKEN_BEFORE_A_YES = "It stays a draft here; move it, or free the time before you say yes."
CONFLICT_MARKERS = (_TAKEN, _TAKEN_AFTER_A_YES, _TAKEN_BEFORE_A_YES)
_ENDINGS = "|".join(
    r"\s+".join(re.escape(word) for word in ending.split())
    for ending in (_TAKEN_AFTER_A_YES, _TAKEN_BEFORE_A_YES)
)
_CONFLICT = re.compile(rf"\s*This\s+time\s+is\s+taken:.{{0,1000}}?(?:{_ENDINGS})\s*", re.DOTALL)
_HOST_OF_AN_ADDRESS = re.compile(r"(?<=[^\s@])@[^\s@]+")
_TAG = re.compile(r"<[^<>]*>")
_LONGEST_LINE = 500
_LONGEST_CONFLICT = 200
_LONGEST_TEXT = 20_000
_WORDS_THAT_TELL = 4


@dataclass(frozen=True, slots=True)
class DraftNotes:
    """What the description of a draft says beside the meeting itself.

    ``sends`` is how an invitation will go out after the yes, ``lapses_at`` when the draft ends
    without an answer (UTC), ``accepted_calendar`` the name of the calendar into which moving
    the draft says yes, ``agenda`` what to talk about.
    """

    sends: Delivery = Delivery.MANUAL
    lapses_at: datetime | None = None
    accepted_calendar: str | None = None
    agenda: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InvitationWords:
    """What the user wants an invitation to say.

    ``text`` is a template (``domain.invitation_text``), None for the usual words;
    ``booking_url`` is where the other person can pick another time.
    """

    text: str | None = None
    booking_url: str | None = None


USUAL_WORDS = InvitationWords()


def one_line(text: str, limit: int = _LONGEST_LINE) -> str:
    """``text`` on one line, safe in every part of a calendar object.

    A backslash becomes a slash: readers disagree on what it escapes (RFC 5545 3.3.11).
    """
    return clean(text.replace("\\", "/"), limit)


def listed(heading: str, entries: Iterable[str]) -> list[str]:
    """The lines of a list, after an empty one; none where there is nothing to list."""
    points = [f"- {one_line(entry)}" for entry in entries if one_line(entry)]
    return ["", heading, *points] if points else []


def draft_title(people: Sequence[str], kind: Kind) -> str:
    """The names come first: a month view shows little more."""
    return f"? {' & '.join(people)} – {ACTIVITY[kind]}"  # noqa: RUF001 (a dash between words)


def invitation_title(me: str, people: Sequence[str], kind: Kind) -> str:
    """A title that reads well in everybody's calendar."""
    if len(people) == 1:
        names = f"{me} & {people[0]}"
    else:
        others = " & ".join(first_names(people))
        names = f"{first_name(me)}, {others}"
    return f"{ACTIVITY[kind].capitalize()} – {names}"  # noqa: RUF001 (a dash between words)


def draft_description(
    meeting: Meeting, people: Sequence[str], zone: ZoneInfo, notes: DraftNotes
) -> str:
    """What the user needs to know to say yes or no; nobody else ever reads it.

    What ``quotes`` it is not sent, so that no four words in a row stand here that people are
    likely to write in a description of their own.
    """
    yes = "press Accept" if meeting.form is Form.INVITATION else "set the status to Confirmed"
    no = "press Decline" if meeting.form is Form.INVITATION else "set the status to Cancelled"
    person = spoken(people)
    several = len(people) > 1
    knows = "know nothing of the time" if several else "knows nothing of it"
    lines = [
        f"{DRAFT_MARKER}, and {person} {knows}.",
        "",
        f"Yes: {yes}. {_what_yes_does(person, notes.sends, several=several)}",
        f"No: {no}, or delete it. {person} never {'hear' if several else 'hears'} of it.",
        "Another time: move it. It stays a draft until you say yes.",
        "",
        _WITHOUT_BUTTONS,
    ]
    if notes.accepted_calendar:
        lines.append(f"Moved to the calendar {one_line(notes.accepted_calendar)} it says yes too.")
    if notes.lapses_at:
        lines.append(f"Without an answer it goes away on {_local(notes.lapses_at, zone)}.")
    lines += listed(f"Why {person}, and why now:", meeting.reasons)
    lines += listed(f"To talk about with {person}:", notes.agenda)
    return "\n".join(lines)


def invitation_description(
    meeting: Meeting, people: Sequence[str], me: str, zone: ZoneInfo, words: InvitationWords
) -> str:
    """A few friendly words to the other people, in the user's own words where there are any."""
    start = meeting.span.start.astimezone(zone)
    usual = _STANDARD_TEXT if len(people) == 1 else _STANDARD_TEXT_FOR_TWO
    usual += _ANOTHER_TIME if words.booking_url else ""
    values = {
        "name": " and ".join(people),
        "first_name": " and ".join(first_names(people)),
        "me": me,
        "activity": ACTIVITY[meeting.kind],
        "minutes": str(meeting.span.length // timedelta(minutes=1)),
        "day": f"{start:%A} {start.day} {start:%B}",
        "time": f"{start:%H:%M} ({zone.key})",
        "booking_url": words.booking_url or "",
    }
    return clean(filled(words.text or usual, values), _LONGEST_TEXT, keep_lines=True)


def conflict_paragraph(conflict: str, *, said_yes: bool) -> str:
    """What a draft says first while its time is taken by ``conflict``.

    No e-mail address stands in it, whatever the other event is called.
    """
    named = _HOST_OF_AN_ADDRESS.sub("", one_line(conflict, _LONGEST_CONFLICT)).rstrip(".")
    ending = _TAKEN_AFTER_A_YES if said_yes else _TAKEN_BEFORE_A_YES
    return f"{_TAKEN}{named}. {ending}"


def without_conflict(description: str) -> str:
    """``description`` without the paragraph that ``conflict_paragraph`` put in front of it.

    Clients wrap lines, so that any blanks may stand between its words.
    """
    found = _CONFLICT.match(description)
    return description[found.end() :] if found else description


def without_addresses(text: str, addresses: Iterable[str]) -> str:
    """``text`` with each of ``addresses`` cut down to what stands before its @.

    Repeated until none is left, since cutting one out may join the halves of another.
    """
    patterns = [re.compile(re.escape(address), re.IGNORECASE) for address in addresses if address]
    while any(pattern.search(text) for pattern in patterns):
        for pattern in patterns:
            text = pattern.sub(lambda match: match[0].partition("@")[0], text)
    return text


def quotes(text: str, private: Sequence[str]) -> bool:
    """Whether ``text`` repeats something of ``private``: a whole entry, or four words in a row.

    Clients wrap descriptions into HTML and users cut pieces out, so that words are compared,
    not lines; tags may stand between words or within them.
    """
    hidden = {run for entry in private for run in _runs(_words(entry))}
    return any(
        tuple(words[at : at + length]) in hidden
        for words in _readings(text)
        for at in range(len(words))
        for length in range(1, _WORDS_THAT_TELL + 1)
    )


def _what_yes_does(person: str, sends: Delivery, *, several: bool) -> str:
    gets = "get" if several else "gets"
    match sends:
        case Delivery.SERVER:
            return f"{person} then {gets} an invitation from your calendar server."
        case Delivery.MAIL:
            return f"{person} then {gets} an invitation by mail."
        case _:
            return f"The meeting then stands in your calendar; please tell {person} yourself."


def _local(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M} ({zone.key})"


def _readings(text: str) -> Iterator[list[str]]:
    """The words of ``text`` as it stands, and as a page would show it."""
    pages = (text, _TAG.sub(" ", text), _TAG.sub("", text))
    for reading in {text, *map(unescape, pages)}:
        yield _words(reading)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _runs(words: list[str]) -> Iterator[tuple[str, ...]]:
    """Every few words in a row that tell where they come from; all of them, if they are few."""
    for at in range(max(len(words) - _WORDS_THAT_TELL, 0) + 1):
        if run := tuple(words[at : at + _WORDS_THAT_TELL]):
            yield run
