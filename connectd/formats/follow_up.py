"""The task after a meeting, which asks whether it took place, and what the user made of it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from icalendar import Todo

from connectd.domain.model import Contact, Meeting
from connectd.domain.view import Told
from connectd.errors import UnreadableEventError
from connectd.formats.calendar_object import calendar_with, text_of
from connectd.formats.line_edits import components, head_and_value, plain
from connectd.formats.wording import ACTIVITY, first_name, listed, one_line

_ALL_OF_IT = "100"


def follow_up(
    meeting: Meeting,
    contact: Contact,
    *,
    uid: str,
    due: date,
    notes: Sequence[str],
    now: datetime,
) -> str:
    """A task (VTODO) for the user alone; it is due on the local day ``due``.

    Ticking it off completes the meeting. ``notes`` are what is worth remembering then.
    """
    person = first_name(one_line(contact.name)) or contact.id
    task = Todo()
    task.add("UID", uid)
    task.add("DTSTAMP", now.astimezone(UTC))
    task.add("SUMMARY", f"How was it with {person}?")
    task.add("DUE", due)
    task.add("STATUS", "NEEDS-ACTION")
    task.add("CLASS", "PRIVATE")
    task.add("DESCRIPTION", _description(meeting, contact, person, notes))
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


def _description(meeting: Meeting, contact: Contact, person: str, notes: Sequence[str]) -> str:
    lines = [
        f"Did your {ACTIVITY[meeting.kind]} with {person} take place? Then tick this off.",
        f"It did not? Then set this to cancelled, or run: connectd missed {contact.id}",
        "",
        f'What you heard is kept by: connectd done {contact.id} --need "…"',
    ]
    return "\n".join([*lines, *listed("Worth remembering:", notes)])


def _values(task: dict[str, list[str]], name: str) -> list[str]:
    return [plain(head_and_value(line)[1]).strip() for line in task.get(name, [])]
