"""The commands with which the user answers: done, missed, accept, decline, snooze, resend."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import click

from connectd.cli import terminal
from connectd.cli.contact_name import CONTACT
from connectd.cli.days import DAY
from connectd.cli.documents import meeting_document
from connectd.cli.facts import noted, with_facts
from connectd.cli.invocation import Invocation, as_json, at_a_terminal, print_json
from connectd.cli.short_questions import ask_and_record
from connectd.domain.model import Contact, MeetingRules
from connectd.domain.spans import local_day
from connectd.edges.store import Store
from connectd.service import answers
from connectd.service.answers import Said

_Answer = Callable[[Store, Contact, datetime, ZoneInfo], Said]


@with_facts
@click.command()
@click.argument("contact", type=CONTACT)
@click.option("--on", type=DAY, help="The day, if connectd did not plan the meeting for it.")
@as_json
@click.pass_obj
def done(
    call: Invocation,
    /,
    contact: str,
    on: date | None,
    as_json: bool,  # noqa: FBT001 - click passes flags by name
    **facts: Any,  # noqa: ANN401 - whatever the options of facts hold
) -> None:
    """Mark a meeting with CONTACT as completed.

    On a terminal, and without a word of what came of it, it then asks a few short questions.
    """
    told = noted(facts)
    with call.store() as (config, store):
        person = answers.find_contact(store, contact)
        assumed = timedelta(days=config.policy.rules.assume_met_after_days)
        zone = config.me.timezone
        said = answers.done(store, person, call.now(), zone, on, told, assumed)
        text = f"Marked: you met {answers.whom(store, said)} on {said.on}."
        _show(said, text, as_json=as_json)
        if not told and not as_json and at_a_terminal():
            uid = said.meeting.uid if said.meeting else None
            left = "Stopped; the meeting stays marked."
            ask_and_record(store, person, said.on, call.now(), uid, if_left=left)


@click.command()
@click.argument("contact", type=CONTACT)
@as_json
@click.pass_obj
def missed(call: Invocation, contact: str, as_json: bool) -> None:  # noqa: FBT001 - as above
    """Say that the latest meeting with CONTACT did not take place."""
    said, whom, _ = _say(answers.missed, call, contact)
    _show(said, f"Noted: you did not meet {whom} on {said.on}.", as_json=as_json)


@click.command()
@click.argument("contact", type=CONTACT)
@as_json
@click.pass_obj
def accept(call: Invocation, contact: str, as_json: bool) -> None:  # noqa: FBT001 - as above
    """Say yes to the draft for CONTACT."""
    said, whom, rules = _say(answers.accept, call, contact)
    _show(said, _what_yes_does(said, whom, rules.grace_minutes), as_json=as_json)


@click.command()
@click.argument("contact", type=CONTACT)
@as_json
@click.pass_obj
def decline(call: Invocation, contact: str, as_json: bool) -> None:  # noqa: FBT001 - as above
    """Say no to the draft for CONTACT."""
    said, whom, rules = _say(answers.decline, call, contact)
    are = "are" if said.meeting and said.meeting.other else "is"
    text = (
        f"No to {whom} on {said.on}. The next tick takes the draft away; "
        f"{whom} {are} left alone for {rules.pause_days} days."
    )
    _show(said, text, as_json=as_json)


@click.command()
@click.argument("contact", type=CONTACT)
@click.option("--until", type=DAY, required=True, help="The day from which on they count again.")
@as_json
@click.pass_obj
def snooze(call: Invocation, contact: str, until: date, as_json: bool) -> None:  # noqa: FBT001 - as above
    """Let CONTACT rest until a day."""
    with call.store() as (config, store):
        today = local_day(call.now(), config.me.timezone)
        person = answers.find_contact(store, contact)
        rested = answers.snooze(store, person, until, today)
    if as_json:
        print_json({"contact": rested.id, "snoozed_until": until.isoformat()})
    else:
        terminal.say(f"{rested.name} is left alone until {until}.")


@click.command()
@click.argument("contact", type=CONTACT)
@as_json
@click.pass_obj
def resend(call: Invocation, contact: str, as_json: bool) -> None:  # noqa: FBT001 - as above
    """Mail CONTACT again what may not have arrived.

    It is the same message, with the same id, so that two copies are known to be one.
    """
    said, _, _ = _say(answers.resend, call, contact)
    _show(said, f"The next tick mails {said.contact.name} once more.", as_json=as_json)


def _say(answer: _Answer, call: Invocation, contact: str) -> tuple[Said, str, MeetingRules]:
    """Record the answer about CONTACT; returns what was said, of whom, and the rules that hold."""
    with call.store() as (config, store):
        person = answers.find_contact(store, contact)
        said = answer(store, person, call.now(), config.me.timezone)
        return said, answers.whom(store, said), config.policy.rules


def _what_yes_does(said: Said, whom: str, grace_minutes: int) -> str:
    meeting = said.meeting
    if meeting and meeting.is_contested:
        return (
            f"Yes to {whom} on {said.on}, but the time is taken by "
            f"{meeting.conflict}. Say yes once more to send it all the same, or free the time."
        )
    when = {0: "with the next tick", 1: "with the first tick after a minute"}.get(
        grace_minutes, f"with the first tick after {grace_minutes} minutes"
    )
    return f"Yes to {whom} on {said.on}. The invitation goes out {when}."


def _show(said: Said, text: str, *, as_json: bool) -> None:
    if as_json:
        meeting = meeting_document(said.meeting) if said.meeting else None
        print_json({"contact": said.contact.id, "on": said.on.isoformat(), "meeting": meeting})
    else:
        terminal.say(text)
