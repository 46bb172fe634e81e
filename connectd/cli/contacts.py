"""The commands about the list of people."""

import click

from connectd.cli import terminal
from connectd.cli.contact_changes import add, edit
from connectd.cli.contact_name import CONTACT
from connectd.cli.contacts_export import export
from connectd.cli.contacts_import import import_
from connectd.cli.documents import relation_document
from connectd.cli.invocation import Invocation, as_json, print_json
from connectd.cli.story_documents import story_document
from connectd.cli.terminal_story import show_story
from connectd.service import stories
from connectd.service.answers import find_contact
from connectd.service.status import relations


@click.group(invoke_without_command=True)
@click.option("--all", "include_archived", is_flag=True, help="Show archived people too.")
@as_json
@click.pass_context
def contacts(ctx: click.Context, include_archived: bool, as_json: bool) -> None:  # noqa: FBT001 - click passes flags by name
    """List the people you want to meet, or change the list."""
    if ctx.invoked_subcommand and (as_json or include_archived):
        given = "--json" if as_json else "--all"
        raise click.UsageError(f"Please write {given} after `{ctx.invoked_subcommand}`.")
    if ctx.invoked_subcommand is None:
        _list(ctx.obj, include_archived=include_archived, as_json=as_json)


@contacts.command("list")
@click.option("--all", "include_archived", is_flag=True, help="Show archived people too.")
@as_json
@click.pass_obj
def list_(call: Invocation, include_archived: bool, as_json: bool) -> None:  # noqa: FBT001 - as above
    """List everybody."""
    _list(call, include_archived=include_archived, as_json=as_json)


contacts.add_command(add)
contacts.add_command(edit)


@contacts.command()
@click.argument("contact", type=CONTACT)
@as_json
@click.pass_obj
def show(call: Invocation, contact: str, as_json: bool) -> None:  # noqa: FBT001 - as above
    """Show everything on record about CONTACT, as a timeline."""
    with call.store() as (config, store):
        story = stories.story(call.now(), config, store, find_contact(store, contact))
    if as_json:
        print_json(story_document(story))
    else:
        show_story(story, config.me.timezone)


@contacts.command()
@click.argument("contact", type=CONTACT)
@as_json
@click.pass_obj
def remove(call: Invocation, contact: str, as_json: bool) -> None:  # noqa: FBT001 - as above
    """Take CONTACT off the list; what was recorded about your meetings stays."""
    with call.store() as (_, store):
        person = find_contact(store, contact)
        store.remove_contact(person.id)
    if as_json:
        print_json({"removed": person.id})
    else:
        terminal.say(f"Removed {person.name} ({person.id}).")


contacts.add_command(import_)
contacts.add_command(export)


def _list(call: Invocation, *, include_archived: bool, as_json: bool) -> None:
    with call.store() as (config, store):
        everybody = relations(call.now(), config, store, include_archived=include_archived)
    if as_json:
        print_json([relation_document(relation) for relation in everybody])
    else:
        terminal.show_contacts(everybody)
