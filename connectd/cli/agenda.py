"""The command `agenda`."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import click

from connectd.cli import terminal
from connectd.cli.contact_name import CONTACT
from connectd.cli.invocation import Invocation, as_json, print_json
from connectd.domain.agenda import Part
from connectd.domain.model import Fact, State
from connectd.service.agendas import AgendaOf, agenda_with
from connectd.service.answers import find_contact
from connectd.service.question_files import read_catalogue

_STANDING = {
    State.DRAFTED: "a draft that waits for your yes",
    State.ACCEPTED: "to be sent",
    State.INVITED: "invited",
    State.CONFIRMED: "confirmed",
}


@click.command()
@click.argument("contact", type=CONTACT)
@as_json
@click.pass_obj
def agenda(call: Invocation, contact: str, as_json: bool) -> None:  # noqa: FBT001 - click passes flags by name
    """Show what to talk about with CONTACT at the meeting that stands, or at a next one."""
    with call.store() as (config, store):
        person = find_contact(store, contact)
        catalogue = read_catalogue(config.path)
        found = agenda_with(person, call.now(), config, store, catalogue)
    if as_json:
        print_json(_document(found))
    else:
        _show(found, config.me.timezone)


def _show(found: AgendaOf, zone: ZoneInfo) -> None:
    meeting, name = found.meeting, found.contact.name
    if meeting:
        whom = meeting.named({part.contact.id: part.contact.name for part in found.agenda.parts})
        when = terminal.when(meeting, zone)
        terminal.say(f"{meeting.kind.capitalize()} with {whom}, {when}, {_STANDING[meeting.state]}")
    else:
        terminal.say(f"No meeting with {name} stands. A next one could be about this:")
    for line in found.agenda.lines():
        terminal.say(f"    - {line}")


def _document(found: AgendaOf) -> dict[str, Any]:
    """The agenda; what concerns one person is that of the contact who was asked for."""
    contact, agenda = found.contact, found.agenda
    part = next(part for part in agenda.parts if part.contact.id == contact.id)
    return {
        "contact": contact.id,
        "people": [one.contact.id for one in agenda.parts],
        "meeting": found.meeting.uid if found.meeting else None,
        "step": found.step,
        "last_met": _day(part.last_met),
        "lines": list(agenda.lines()),
        "promises": [_fact(fact) | {"due": _day(fact.due)} for fact in part.promises],
        "asks": list(map(_fact, part.asks)),
        "needs": list(map(_fact, part.needs)),
        "offers": list(map(_fact, part.offers)),
        "questions": list(agenda.questions),
        "introductions": _introductions(part),
    }


def _fact(fact: Fact) -> dict[str, Any]:
    return {"text": fact.text, "on": fact.on.isoformat()}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _introductions(part: Part) -> list[dict[str, str]]:
    return [
        {"to": waiting.to.id, "name": waiting.to.name, "because": waiting.because}
        for waiting in part.introductions
    ]
