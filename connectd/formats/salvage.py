"""Reads what can be read of a calendar object that was too much for the reader.

Standard library only and linear in the length of the text, for use in the daemon itself. The
answer is unknown time only: an event of which no more than this is known is never free.
"""

from connectd.domain.view import Unreadable
from connectd.formats import blocked_words
from connectd.formats.content_lines import CalendarText, take_apart
from connectd.formats.entries import uid_of
from connectd.formats.readings import Perspective, Reading
from connectd.formats.unknown_time import unknown_time
from connectd.formats.zones import loose_options

NAMED_LIMIT = 200
"""Unreadable events of one object that are named; the rest is summed up as all time."""


def salvage(text: str, perspective: Perspective, reason: str) -> Reading:
    """Return the time that must be kept free because of an object that cannot be read.

    ``reason`` is a clause about the object, such as "it takes too long to read". Never
    raises for what the text says, however long and however broken it is.
    """
    found = take_apart(text)
    options = loose_options(found, perspective.zone)
    uid = uid_of(found.components[0]) if found.components else ""
    entries: list[Unreadable] = []
    for component in found.components:
        entry = unknown_time(component, options, perspective, reason)
        if entry is not None:
            entries.append(entry)
        if len(entries) > NAMED_LIMIT:
            break
    if found.left_out or len(entries) > NAMED_LIMIT:
        entries = [*entries[:NAMED_LIMIT], all_time(uid, perspective, reason)]
    if not found.is_calendar and not found.components:
        entries.append(no_calendar(perspective))
    return Reading(uid, unreadable=tuple(entries), recurring=repeats(found))


def all_time(uid: str, perspective: Perspective, reason: str) -> Unreadable:
    """Everything in the window, for an object that holds more than is looked at."""
    return Unreadable(
        calendar=perspective.calendar,
        href=perspective.href,
        uid=uid,
        title="many events in one object",
        reason=reason,
        blocks=blocked_words.ALL_TIME,
        spans=(perspective.window,),
    )


def no_calendar(perspective: Perspective) -> Unreadable:
    """An object that is something else altogether."""
    return Unreadable(
        calendar=perspective.calendar,
        href=perspective.href,
        uid="",
        title="",
        reason="it is not a calendar object",
        blocks=blocked_words.NO_TIME,
    )


def repeats(found: CalendarText) -> bool:
    """Whether another window may show more of the object."""
    names = ("RRULE", "RDATE", "RECURRENCE-ID")
    return any(component.first(name) for component in found.components for name in names)
