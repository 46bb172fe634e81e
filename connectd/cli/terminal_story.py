"""Prints the whole story of a relation: who it is, what is open, and a timeline."""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from connectd.cli.terminal import say, show_contacts, when
from connectd.domain.model import Contact, Fact
from connectd.edges.store.their_busy import SERVER
from connectd.formats.plain_text import clean

if TYPE_CHECKING:
    from connectd.service.stories import Story


def show_story(story: "Story", zone: ZoneInfo) -> None:
    """Show everything on record about one person."""
    show_contacts([story.relation])
    for line in (*_about(story), *_their_busy(story, zone), *_what_is_open(story, zone)):
        say(f"    {line}")
    for entry in story.timeline:
        say(f"{entry.on}  {entry.what.replace('_', ' ')}: {_one_line(entry.text)}")


def _about(story: "Story") -> Iterator[str]:
    contact = story.relation.contact
    gap = f"every {contact.every_days} days" if contact.every_days else "as their category says"
    pinned = " (pinned)" if contact.step else ""
    yield f"step {story.relation.step}{pinned}, {contact.kind}, {gap}"
    if contact.tags:
        yield f"tags: {', '.join(map(_one_line, contact.tags))}"
    if contact.birthday:
        yield f"birthday: {_birthday(contact.birthday)}"
    if story.knows:
        yield f"knows {', '.join(map(_name, story.knows))}"
    if contact.note:
        yield f"note: {_one_line(contact.note)}"


def _their_busy(story: "Story", zone: ZoneInfo) -> Iterator[str]:
    if url := story.relation.contact.free_busy:
        yield f"publishes when they are busy: {url}"
    for known in story.their_busy:
        whom = "your server" if known.way == SERVER else "their free/busy URL"
        said = known.refusal or "the answer is known"
        yield f"{whom} was asked at {known.asked_at.astimezone(zone):%Y-%m-%d %H:%M}: {said}"


def _what_is_open(story: "Story", zone: ZoneInfo) -> Iterator[str]:
    for meeting in story.history.meetings:
        if meeting.is_open:
            state = meeting.state.replace("_", " ")
            because = f", because {'; '.join(meeting.reasons)}" if meeting.reasons else ""
            yield f"open: {when(meeting, zone)} {state}{because}"
    for promise in story.outstanding.promises:
        yield f"open: you promised {_one_line(promise.text)}{_until(promise)}"
    for ask in story.outstanding.asks:
        yield f"open: you hope for {_one_line(ask.text)}"


def _until(promise: Fact) -> str:
    return f" (until {promise.due})" if promise.due else ""


def _birthday(written: str) -> str:
    """``1980-03-05`` as it stands, ``--03-05`` without its marks of a missing year."""
    return written.removeprefix("--")


def _name(contact: Contact) -> str:
    return clean(contact.name)


def _one_line(text: str) -> str:
    return clean(text, 400)
