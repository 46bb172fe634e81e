"""What the reader is told and what it answers, and both as JSON.

The JSON is for another process and for the database, both of the same installation: it is
no public format. Consecutive occurrences that differ only in time share one entry.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from connectd.domain.model import Span
from connectd.domain.view import Event, Unreadable


@dataclass(frozen=True, slots=True)
class Perspective:
    """Whose calendar is read, from where, and what part of time is looked at.

    ``zone`` is the user's IANA time zone, in which floating times and whole days are
    understood; ``addresses`` are the user's own e-mail addresses in lower case.
    """

    calendar: str
    href: str
    zone: str
    addresses: tuple[str, ...]
    window: Span


@dataclass(frozen=True, slots=True)
class Reading:
    """What one calendar object says about the window.

    ``recurring`` says that the object repeats, so that another window may show more of it.
    """

    uid: str
    events: tuple[Event, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    recurring: bool = False


def encode(reading: Reading) -> str:
    """Write a reading as compact JSON."""
    return json.dumps(
        {
            "uid": reading.uid,
            "recurring": reading.recurring,
            "events": [_series_to_json(*group) for group in _alike(reading.events)],
            "unreadable": [_unreadable_to_json(entry) for entry in reading.unreadable],
        },
        separators=(",", ":"),
    )


def encode_unreadable(entries: Iterable[Unreadable]) -> str:
    """Write what could not be read by itself, for whoever wants nothing else of a reading."""
    return json.dumps([_unreadable_to_json(entry) for entry in entries], separators=(",", ":"))


def decode(text: str, at_hand: Iterable[str] = ()) -> Reading:
    """Read what ``encode`` wrote; raises ValueError for anything else.

    Texts that are ``at_hand`` are used again: of ten thousand readings each is in memory once.
    """
    texts = {one: one for one in at_hand}
    try:
        fields = json.loads(text)
        return Reading(
            uid=texts.setdefault(fields["uid"], fields["uid"]),
            events=tuple(
                event for entry in fields["events"] for event in _series_from_json(entry, texts)
            ),
            unreadable=tuple(_unreadable_from_json(entry) for entry in fields["unreadable"]),
            recurring=fields["recurring"],
        )
    except (KeyError, TypeError, ValueError, RecursionError) as problem:
        raise ValueError(f"not a stored reading: {problem}") from problem


def perspective_to_json(perspective: Perspective) -> dict[str, Any]:
    """Return the perspective as values that JSON can hold."""
    return {
        "calendar": perspective.calendar,
        "href": perspective.href,
        "zone": perspective.zone,
        "addresses": list(perspective.addresses),
        "window": span_to_json(perspective.window),
    }


def perspective_from_json(fields: dict[str, Any]) -> Perspective:
    """Read what ``perspective_to_json`` returned."""
    return Perspective(
        calendar=fields["calendar"],
        href=fields["href"],
        zone=fields["zone"],
        addresses=tuple(fields["addresses"]),
        window=span_from_json(fields["window"]),
    )


def span_to_json(span: Span) -> list[str]:
    """Return a span as values that JSON can hold."""
    return [span.start.isoformat(), span.end.isoformat()]


def span_from_json(pair: list[str]) -> Span:
    """Read what ``span_to_json`` returned."""
    start, end = (datetime.fromisoformat(text).astimezone(UTC) for text in pair)
    return Span(start, end)


def _alike(events: tuple[Event, ...]) -> Iterator[tuple[Event, list[Event]]]:
    timeless = Span(datetime.min.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC))
    for shared, group in groupby(events, key=lambda event: replace(event, span=timeless)):
        yield shared, list(group)


def _series_to_json(shared: Event, events: list[Event]) -> dict[str, Any]:
    return {
        "calendar": shared.calendar,
        "href": shared.href,
        "uid": shared.uid,
        "title": shared.title,
        "busy": shared.busy,
        "all_day": shared.all_day,
        "mine": shared.mine,
        "people": shared.people,
        "attendee_count": shared.attendee_count,
        "spans": [span_to_json(event.span) for event in events],
    }


def _series_from_json(fields: dict[str, Any], at_hand: Mapping[str, str]) -> Iterator[Event]:
    shared = {
        **fields,
        "calendar": sys.intern(fields["calendar"]),
        "href": at_hand.get(fields["href"], fields["href"]),
        "uid": at_hand.get(fields["uid"], fields["uid"]),
        "people": tuple(fields["people"]),
    }
    for span in shared.pop("spans"):
        yield Event(span=span_from_json(span), **shared)


def _unreadable_to_json(entry: Unreadable) -> dict[str, Any]:
    return {
        "calendar": entry.calendar,
        "href": entry.href,
        "uid": entry.uid,
        "title": entry.title,
        "reason": entry.reason,
        "blocks": entry.blocks,
        "spans": [span_to_json(span) for span in entry.spans],
    }


def _unreadable_from_json(fields: dict[str, Any]) -> Unreadable:
    spans = tuple(span_from_json(span) for span in fields["spans"])
    return Unreadable(**{**fields, "spans": spans})
