"""What each column of an export may hold: such a file comes from outside, whoever wrote it.

What is wrong is the end of a sentence that begins with the column.
"""

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from connectd.domain.addresses import valid_address
from connectd.domain.birthdays import read_birthday
from connectd.domain.contacts import known_zone
from connectd.domain.introductions import Bringing
from connectd.domain.model import Delivery, Form, Kind, Reply, State, Step
from connectd.domain.moving import ENDED_STAGES, Row, Value
from connectd.domain.urls import url_problem
from connectd.domain.view import Told
from connectd.formats.gestures import gesture_from_json

STAGES = ENDED_STAGES | {
    *("queued", "connecting", "logged_in", "offered", "handed_over", "accepted")
}
"""How far a mail or a letter may have come."""

_Check = Callable[[Any], str | None]

_LONGEST_TEXT = 1_000_000
_LARGEST = 2**31
_FIRST_YEAR, _LAST_YEAR = 1900, 9000
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_LONGEST_ID = 100
_PLACE = re.compile(r"https?://[^\x00-\x20\x7f-\x9f\\]{1,2000}")
_FACTS = ("ask", "helped_me", "need", "offer", "helped", "promised", "kept", "note")


def problems_of(table: str, row: Row) -> Iterator[str]:
    """Everything that is wrong with a row whose values are of the types that its table takes."""
    for column, value in row.items():
        if value is not None and (wrong := _problem(table, column, value)):
            yield f"{column} {wrong}"
    yield from _together(table, row)


def _problem(table: str, column: str, value: Value) -> str | None:
    if isinstance(value, int) and not 0 <= value < _LARGEST:
        return "is out of range"
    if isinstance(value, str | bytes) and len(value) > _LONGEST_TEXT:
        return f"is longer than {_LONGEST_TEXT}"
    check = _CHECKS.get(f"{table}.{column}") or _CHECKS.get(column)
    return check(value) if check else None


def _together(table: str, row: Row) -> Iterator[str]:
    match table:
        case "meetings" if str(row["ends_at"]) < str(row["starts_at"]):
            yield "ends_at lies before starts_at"
        case "contact_emails" if row["folded"] != str(row["address"]).casefold():
            yield "folded is not the address in lower case"
        case "introductions" | "acquaintances":
            yield from _pair(table, row)


def _pair(table: str, row: Row) -> Iterator[str]:
    names = ("first", "second") if table == "introductions" else ("one", "other")
    people = sorted(str(row[name]) for name in names)
    if people[0] == people[1]:
        yield f"{names[0]} and {names[1]} are the same person"
    elif table == "acquaintances" and row["one"] != people[0]:
        yield "one and other are not in the order of the alphabet"
    elif table == "introductions" and row["pair"] != " ".join(people):
        yield "pair is not made of the two"


def _time(value: str) -> str | None:
    wrong = "is no time like 2026-12-01T09:00:00Z"
    if not _TIME.fullmatch(value):
        return wrong
    try:
        year = datetime.fromisoformat(value).year
    except ValueError:
        return wrong
    return None if _FIRST_YEAR <= year <= _LAST_YEAR else "is too far away to reckon with"


def _day(value: str) -> str | None:
    try:
        plain = date.fromisoformat(value).isoformat()
    except ValueError:
        plain = ""
    return None if plain == value else "is no day like 2026-12-01"


def _truth(value: int) -> str | None:
    return None if value in (0, 1) else "is neither 0 nor 1"


def _one_of(known: Collection[str]) -> _Check:
    def check(value: str) -> str | None:
        return None if value in known else f"is none of {', '.join(sorted(known))}"

    return check


def _id(value: str) -> str | None:
    """An id of a person, which stands in the names of objects and in keys."""
    fits = len(value) <= _LONGEST_ID and _ID.fullmatch(value)
    return None if fits else "is no id like bob-baker"


def _words(value: str) -> str | None:
    return None if _texts(value) is not None else "is no list of texts"


def _two_texts(value: str) -> str | None:
    return None if len(_texts(value) or ()) == len(("first", "second")) else "are no two texts"


def _ids(value: str) -> str | None:
    texts = _texts(value)
    fits = texts is not None and not any(map(_id, texts))
    return None if fits else "is no list of ids"


def _texts(value: str) -> list[str] | None:
    texts = _json(value)
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        return None
    return texts


def _json(value: str) -> Any:  # noqa: ANN401 - whatever it holds
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None


def _object(value: str) -> str | None:
    return None if isinstance(_json(value), dict) else "is no JSON object"


def _gesture(value: str) -> str | None:
    try:
        gesture_from_json(json.loads(value))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError):
        return "cannot be read"
    return None


def _address(value: str) -> str | None:
    return None if valid_address(value) else "is no e-mail address"


def _zone(value: str) -> str | None:
    return None if known_zone(value) else "is no time zone like Europe/Berlin"


def _birthday(value: str) -> str | None:
    return None if read_birthday(value) == value else "is no day like 1980-03-05 or --03-05"


def _days(value: int) -> str | None:
    return None if value else "must be 1 day at least"


def _place(value: str) -> str | None:
    """Where something lies on a server; its own account decides whether it is gone to."""
    return None if _PLACE.fullmatch(value) else "is no address of a server"


_TIMES = (
    *("starts_at", "ends_at", "drafted_at", "accepted_at", "invited_at", "ended_at", "moved_from"),
    *("missing_since", "followed_up_at", "created_at", "queued_at", "began_at", "finished_at"),
    *("introduced_at", "dropped_at", "read_at", "at"),
)
_DAYS = ("on_day", "due", "next_due", "snoozed_until")
_TRUTHS = ("archived", "moved", "replied_yes", "overruled", "released", "removed", "denied")
_LISTS = ("reasons", "questions", "conflicting", "tags", "addresses")
_PEOPLE = ("contact", "contacts.id", "meetings.other", "first", "second", "one", "declined")

_CHECKS: Mapping[str, _Check] = {
    **dict.fromkeys(_TIMES, _time),
    **dict.fromkeys(_DAYS, _day),
    **dict.fromkeys(_TRUTHS, _truth),
    **dict.fromkeys(_LISTS, _words),
    **dict.fromkeys(_PEOPLE, _id),
    "acquaintances.other": _id,
    "texts": _two_texts,
    "asked": _ids,
    "agreed": _ids,
    "said": lambda _: None,
    "cards.said": _object,
    "gesture": _gesture,
    "contacts.kind": _one_of(tuple(Kind)),
    "meetings.kind": _one_of(tuple(Kind)),
    "facts.kind": _one_of(_FACTS),
    "state": _one_of(tuple(State)),
    "form": _one_of(tuple(Form)),
    "reply": _one_of(tuple(Reply)),
    "delivery": _one_of(tuple(Delivery)),
    "step": _one_of(tuple(Step)),
    "stage": _one_of(STAGES),
    "method": _one_of(("REQUEST", "CANCEL")),
    "told": _one_of(tuple(Told)),
    "how": _one_of(("done", "found", "assumed", "denied", "said", "seen")),
    "by": _one_of(tuple(Bringing)),
    "contact_emails.address": _address,
    "sender": _address,
    "recipient": _address,
    "timezone": _zone,
    "birthday": _birthday,
    "every_days": _days,
    "free_busy": url_problem,
    "placements.calendar": _place,
    "follow_ups.calendar": _place,
    "placements.href": _place,
    "follow_ups.href": _place,
    "drafts": _place,
    "url": _place,
    "book": _place,
}
"""By the column, or by table and column where the name alone does not tell."""
