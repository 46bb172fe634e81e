"""The task that follows a meeting up, and what the user made of it.

Written ahead of the meeting it keeps the agenda, too; afterwards it asks whether it took place.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime

from icalendar import Todo

from connectd.domain.model import Contact, Meeting
from connectd.domain.view import Told
from connectd.errors import UnreadableEventError
from connectd.formats.agenda_text import called, talking_points
from connectd.formats.calendar_object import calendar_with, text_of
from connectd.formats.line_edits import components, edited, head_and_value, only, plain
from connectd.formats.wording import ACTIVITY, listed

_ALL_OF_IT = "100"
_DATE = re.compile(r"[0-9]{8}")
_OWN_PLAN = frozenset({"DTSTART", "DURATION", "RRULE", "RDATE"})


def follow_up(
    meeting: Meeting,
    people: Sequence[Contact],
    *,
    uid: str,
    due: date,
    notes: Sequence[str],
    now: datetime,
    agenda: Sequence[str] = (),
) -> str:
    """A task (VTODO) for the user alone; it is due on the local day ``due``.

    Ticking it off completes the meeting with ``people``. ``notes`` are what is worth remembering
    then; ``agenda`` stands in one that is written ahead of the meeting.
    """
    persons = called(people)
    activity = ACTIVITY[meeting.kind]
    title = f"How was it with {persons}?"
    if agenda:
        title = f"{activity.capitalize()} with {persons}: what to talk about, and how it was"
    task = Todo()
    task.add("UID", uid)
    task.add("DTSTAMP", now.astimezone(UTC))
    task.add("SUMMARY", title)
    task.add("DUE", due)
    task.add("STATUS", "NEEDS-ACTION")
    task.add("CLASS", "PRIVATE")
    points = talking_points(people, agenda)[1:]
    took_place = _after(activity, persons) if points else _how_was_it(activity, persons)
    asked = _description(took_place, people, notes)
    task.add("DESCRIPTION", "\n".join([*points, *([""] if points else []), *asked]))
    return text_of(calendar_with(task))


def read_follow_up(stored: str, uid: str) -> Told:
    """What the user told by the task ``uid``, as it is stored now.

    A task set to cancelled says that the meeting was missed, whatever else is in it. What is
    not that task, or not a whole one, is UNREADABLE.
    """
    try:
        tasks = components(stored, "VTODO")
    except UnreadableEventError:
        return Told.UNREADABLE
    task = next((task for task in tasks if uid in _values(task, "UID")), None)
    if task is None:
        return Told.UNREADABLE
    statuses = {status.upper() for status in _values(task, "STATUS")}
    if "CANCELLED" in statuses:
        return Told.MISSED
    done = (
        "COMPLETED" in statuses
        or any(_values(task, "COMPLETED"))
        or _ALL_OF_IT in _values(task, "PERCENT-COMPLETE")
    )
    return Told.DONE if done else Told.OPEN


def due_day(stored: str, uid: str) -> date | None:
    """The day on which the task is due, where it is a day as ``follow_up`` writes one.

    None where it is not, or where the task has become a plan of the user's own, with a start or
    a rhythm.
    """
    try:
        tasks = components(stored, "VTODO")
    except UnreadableEventError:
        return None
    if len(tasks) != 1 or uid not in _values(tasks[0], "UID") or not _OWN_PLAN.isdisjoint(tasks[0]):
        return None
    days = _values(tasks[0], "DUE")
    return _day(days[0]) if len(days) == 1 else None


def with_due(stored: str, due: date) -> str:
    """The task as it is stored, due on another day; every other byte of it stays."""
    return edited(stored, {"DUE": only(f"DUE;VALUE=DATE:{due:%Y%m%d}")}, "VTODO")


def _day(value: str) -> date | None:
    """Read a DATE (RFC 5545 section 3.3.4)."""
    if not _DATE.fullmatch(value):
        return None
    try:
        return date(int(value[:4]), int(value[4:6]), int(value[6:]))
    except ValueError:
        return None


def _how_was_it(activity: str, persons: str) -> str:
    return f"Did your {activity} with {persons} take place? Then tick this off."


def _after(activity: str, persons: str) -> str:
    return f"Once your {activity} with {persons} has taken place, tick this off."


def _description(took_place: str, people: Sequence[Contact], notes: Sequence[str]) -> list[str]:
    first, *others = (contact.id for contact in people)
    return [
        took_place,
        f"It did not? Then set this to cancelled, or run: connectd missed {first}",
        "",
        f'What you heard is kept by: connectd done {first} --need "…"',
        *(f'and from the other one by: connectd note {other} --need "…"' for other in others),
        *listed("Worth remembering:", notes),
    ]


def _values(task: dict[str, list[str]], name: str) -> list[str]:
    return [plain(head_and_value(line)[1]).strip() for line in task.get(name, [])]
