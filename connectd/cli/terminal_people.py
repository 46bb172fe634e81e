"""Tells people what a look into the address book changed on the list."""

import click

from connectd.cli.terminal import say
from connectd.formats.plain_text import clean
from connectd.service.address_book import Refreshed

_LONG = 500


def show_refreshed(refreshed: Refreshed) -> None:
    """Say who came, changed, left and came back, and which cards failed."""
    told = {
        "Added": refreshed.added,
        "Changed": refreshed.changed,
        "Archived, since the address book no longer puts them on the list": refreshed.archived,
        "On the list again": refreshed.back,
    }
    for what, contacts in told.items():
        for contact in contacts:
            say(f"{what}: {contact.name} ({contact.id}).")
    if not any(told.values()):
        say("Nothing has changed.")
    for problem in refreshed.problems:
        click.echo(clean(f"{problem.card}: {problem.reason}", _LONG), err=True)
