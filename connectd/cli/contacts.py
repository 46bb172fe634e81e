"""The commands about the list of people."""

from collections.abc import Collection
from pathlib import Path

import click

from connectd.cli import terminal
from connectd.cli.contact_changes import add, edit
from connectd.cli.documents import relation_document
from connectd.cli.invocation import Invocation, as_json, print_json
from connectd.cli.story_documents import story_document
from connectd.cli.terminal_story import show_story
from connectd.errors import WrongInputError
from connectd.formats.people import MAX_BYTES, PersonRow, decode_csv, read_csv
from connectd.service import people, stories
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
@click.argument("contact")
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
@click.argument("contact")
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


@contacts.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--category", help="For those in a .vcf file who are in none of yours.")
@as_json
@click.pass_obj
def import_(call: Invocation, file: Path, category: str | None, as_json: bool) -> None:  # noqa: FBT001 - as above
    """Put everybody in a FILE on the list: all of them, or nobody.

    The first line of a CSV file names the columns: name,email,category and, if you like,
    every_days,timezone,kind,note,free_busy. A .vcf file holds vCards (3.0 or 4.0).
    """
    with call.store() as (config, store):
        rows = _rows(file, config.policy.categories, category)
        added = {contact.id for contact in people.add_all(store, rows)}
        everybody = relations(call.now(), config, store)
        shown = [relation for relation in everybody if relation.contact.id in added]
    if as_json:
        print_json([relation_document(relation) for relation in shown])
    else:
        click.echo("Added 1 person." if len(added) == 1 else f"Added {len(added)} people.")


def _rows(file: Path, categories: Collection[str], category: str | None) -> list[PersonRow]:
    """The people in a file; raises WrongInputError, ImportFileError."""
    if file.suffix.lower() != ".vcf":
        if category:
            raise WrongInputError("--category is for .vcf files; a CSV file has a column for it.")
        return read_csv(decode_csv(_bytes(file, MAX_BYTES)), categories)
    from connectd.formats import vcards  # noqa: PLC0415 - its library is needed for nothing else

    if category and category not in categories:
        raise WrongInputError(
            f"unknown category {category!r} (choose one of: {', '.join(sorted(categories))})"
        )
    text = vcards.decode_vcards(_bytes(file, vcards.MAX_BYTES))
    return vcards.read_vcards(text, categories, category)


def _bytes(file: Path, limit: int) -> bytes:
    """The file, as far as it can matter; raises WrongInputError."""
    try:
        with file.open("rb") as opened:
            return opened.read(limit + 1)
    except OSError as error:
        raise WrongInputError(f"{file} cannot be read: {error.strerror}.") from error


def _list(call: Invocation, *, include_archived: bool, as_json: bool) -> None:
    with call.store() as (config, store):
        everybody = relations(call.now(), config, store, include_archived=include_archived)
    if as_json:
        print_json([relation_document(relation) for relation in everybody])
    else:
        terminal.show_contacts(everybody)
