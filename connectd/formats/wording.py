"""What drafts and invitations say, in plain sentences."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from connectd.domain.model import Delivery, Form, Kind, Meeting
from connectd.formats.plain_text import clean

DRAFT_MARKER = "Draft by connectd: nothing has been sent"

_ACTIVITY = {
    Kind.COFFEE: "coffee",
    Kind.LUNCH: "lunch",
    Kind.CALL: "call",
    Kind.VIDEO: "video call",
    Kind.WALK: "walk",
}
_WITHOUT_BUTTONS = (
    "No way to do that in your calendar program? Then put OK or NO in front of the title, "
    "set the status to Confirmed or Cancelled, or add the category ACCEPT or DECLINE."
)
_TAG = re.compile(r"<[^<>]*>")
_LONGEST_LINE = 500
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


def one_line(text: str, limit: int = _LONGEST_LINE) -> str:
    """``text`` on one line, safe in every part of a calendar object.

    A backslash becomes a slash: readers disagree on what it escapes (RFC 5545 3.3.11).
    """
    return clean(text.replace("\\", "/"), limit)


def draft_title(person: str, kind: Kind) -> str:
    """The name comes first: a month view shows little more."""
    return f"? {person} – {_ACTIVITY[kind]}"  # noqa: RUF001 (a dash between words)


def invitation_title(me: str, person: str, kind: Kind) -> str:
    """A title that reads well in both calendars."""
    return f"{_ACTIVITY[kind].capitalize()} – {me} & {person}"  # noqa: RUF001 (a dash between words)


def draft_description(meeting: Meeting, person: str, zone: ZoneInfo, notes: DraftNotes) -> str:
    """What the user needs to know to say yes or no; nobody else ever reads it."""
    yes = "press Accept" if meeting.form is Form.INVITATION else "set the status to Confirmed"
    no = "press Decline" if meeting.form is Form.INVITATION else "set the status to Cancelled"
    lines = [
        f"{DRAFT_MARKER}, and {person} knows nothing of it.",
        "",
        f"Yes: {yes}. {_what_yes_does(person, notes.sends)}",
        f"No: {no}, or delete it. {person} never hears of it.",
        "Another time: move it. It stays a draft until you say yes.",
        "",
        _WITHOUT_BUTTONS,
    ]
    if notes.accepted_calendar:
        lines.append(f"Moving it to the calendar {one_line(notes.accepted_calendar)} is a yes too.")
    if notes.lapses_at:
        lines.append(f"Without an answer it goes away on {_local(notes.lapses_at, zone)}.")
    lines += _listed(f"Why {person}, and why now:", meeting.reasons)
    lines += _listed("To talk about:", notes.agenda)
    return "\n".join(lines)


def invitation_description(me: str, kind: Kind, length: timedelta) -> str:
    """A few friendly words to the other person."""
    activity = _ACTIVITY[kind]
    minutes = length // timedelta(minutes=1)
    return (
        f"{me} would like to meet you: {activity}, {minutes} minutes.\n"
        "If the time does not suit you, please decline or suggest another one."
    )


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
    not lines.
    """
    words = _words(_TAG.sub(" ", text))
    runs = _runs(words) | _runs(_words(text))
    for entry in private:
        hidden = _words(entry)
        if runs & _runs(hidden):
            return True
        if 0 < len(hidden) < _WORDS_THAT_TELL and hidden in _slices(words, len(hidden)):
            return True
    return False


def _what_yes_does(person: str, sends: Delivery) -> str:
    match sends:
        case Delivery.SERVER:
            return f"{person} then gets an invitation from your calendar server."
        case Delivery.MAIL:
            return f"{person} then gets an invitation by mail."
        case _:
            return (
                f"The meeting then stands in your calendar with {person} as guest; "
                f"please tell {person} yourself."
            )


def _listed(heading: str, entries: Iterable[str]) -> list[str]:
    points = [f"- {one_line(entry)}" for entry in entries if one_line(entry)]
    return ["", heading, *points] if points else []


def _local(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M} ({zone.key})"


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _runs(words: list[str]) -> set[tuple[str, ...]]:
    count = len(words) - _WORDS_THAT_TELL + 1
    return {tuple(words[i : i + _WORDS_THAT_TELL]) for i in range(count)}


def _slices(words: list[str], length: int) -> list[list[str]]:
    return [words[i : i + length] for i in range(len(words) - length + 1)]
