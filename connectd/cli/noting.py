"""The command `note`: what was said or done without a meeting."""

from datetime import date
from typing import Any

import click

from connectd.cli import terminal
from connectd.cli.contact_name import CONTACT
from connectd.cli.days import DAY
from connectd.cli.facts import fact_document, noted, with_facts
from connectd.cli.invocation import Invocation, as_json, at_a_terminal, print_json
from connectd.cli.short_questions import ask_and_record
from connectd.service.answers import find_contact
from connectd.service.facts import day_of_note, record_facts


@with_facts
@click.command()
@click.argument("contact", type=CONTACT)
@click.option("--on", type=DAY, help="The day it was said or done; today if left out.")
@as_json
@click.pass_obj
def note(
    call: Invocation,
    /,
    contact: str,
    on: date | None,
    as_json: bool,  # noqa: FBT001 - click passes flags by name
    **facts: Any,  # noqa: ANN401 - whatever the options of facts hold
) -> None:
    """Record what you learned of CONTACT, gave, got or promised, without a meeting.

    On a terminal, and without any of these options, it asks a few short questions.
    """
    told = [fact for fact in noted(facts) if fact.text.strip()]
    asks = not told and not as_json and at_a_terminal()
    if not told and not asks:
        raise click.UsageError('There is nothing to note. Write it as in --need "a designer".')
    with call.store() as (config, store):
        person = find_contact(store, contact)
        dated = day_of_note(on, call.now(), config.me.timezone)
        if asks:
            ask_and_record(store, person, dated, call.now())
            return
        recorded = record_facts(store, person, told, dated, call.now())
    if as_json:
        facts_ = [fact_document(fact) for fact in recorded]
        print_json({"contact": person.id, "on": dated.isoformat(), "facts": facts_})
    else:
        terminal.say(f"Noted about {person.name}, for {dated}.")
