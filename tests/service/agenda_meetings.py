"""A meeting with an agenda, and the task that keeps it, as its user sees and edits it."""

from datetime import timedelta

from calendar_client import edit, prefix
from icalendar import Calendar, Todo
from installation import FIRST_SLOT, Installation
from proxy import Reply

from connectd.domain.identity import follow_up_uid
from connectd.domain.model import Fact, State

END = FIRST_SLOT + timedelta(minutes=45)
SUMMARY = "Coffee with Bob: what to talk about, and how it was"


def with_draft(alice: Installation) -> Installation:
    """Put bob on the list, with what was said, and write the draft."""
    alice.add()
    for kind, text in (("promised", "the printing quote"), ("need", "a quiet room")):
        alice.store.add_fact(Fact("bob-baker", kind, text, alice.now.date()), alice.now)
    alice.tick()
    assert alice.state() is State.DRAFTED
    return alice


def send(alice: Installation) -> Installation:
    edit(alice.user, alice.path(), prefix("OK"))
    alice.tick(minutes=5)
    alice.tick(minutes=5)
    assert alice.state() is State.INVITED
    return alice


def tasks(alice: Installation) -> dict[str, str]:
    return {href: text for href, text in alice.drafted().items() if "BEGIN:VTODO" in text}


def unfolded(text: str) -> str:
    return text.replace("\r\n ", "")


def task_in(text: str) -> Todo:
    (task,) = Calendar.from_ical(text).walk("VTODO")
    assert isinstance(task, Todo)
    return task


def the_task(alice: Installation) -> Todo:
    (text,) = tasks(alice).values()
    return task_in(text)


def asked_of(alice: Installation) -> tuple[str, ...]:
    return alice.meeting().questions


def another_organizer(reply: Reply) -> Reply:
    """Answer as a server does that puts its own organizer into events."""
    body = reply.body.replace(b"ORGANIZER;CN=connectd", b"ORGANIZER;CN=Alice")
    assert body != reply.body
    return Reply(reply.status, reply.headers, body)


def task_name(alice: Installation) -> str:
    return follow_up_uid(alice.store.installation, alice.meeting().uid)


def due(alice: Installation) -> str:
    return str(the_task(alice).decoded("DUE"))


def change_task(alice: Installation, **properties: object) -> None:
    """Do what a task list does when its user edits a task."""
    ((href, text),) = tasks(alice).items()
    calendar = Calendar.from_ical(text)
    (task,) = calendar.walk("VTODO")
    for name, value in properties.items():
        task.pop(name, None)
        task.add(name, value)
    stored = alice.user.dav.get(href).expect(200)
    alice.user.dav.put(href, calendar.to_ical().decode(), etag=stored.etag).expect(200, 201, 204)
