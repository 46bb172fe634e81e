"""The commands about the list of people."""

from pathlib import Path

import click

from connectd.cli import terminal
from connectd.cli.documents import relation_document, story_document
from connectd.cli.invocation import Invocation, as_json, print_json
from connectd.domain.model import Kind
from connectd.errors import WrongInputError
from connectd.formats.people import MAX_BYTES, PersonRow, decode_csv, read_csv
from connectd.service import people, stories
from connectd.service.answers import find_contact
from connectd.service.status import Relation, relation, relations

_KINDS = click.Choice([kind.value for kind in Kind])


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


@contacts.command()
@click.argument("name")
@click.option("--email", "emails", multiple=True, required=True, help="May be given repeatedly.")
@click.option("--category", required=True, help="One of the categories in the configuration.")
@click.option("--every", type=click.IntRange(1), help="Days between meetings, for this person.")
@click.option("--timezone", help="Where they live, as in Europe/Berlin.")
@click.option("--kind", type=_KINDS, default=Kind.COFFEE.value, show_default=True)
@click.option("--note", default="", help="For your eyes only.")
@as_json
@click.pass_obj
def add(  # noqa: PLR0913 - one for each thing to know about a person
    call: Invocation,
    /,
    *,
    name: str,
    emails: tuple[str, ...],
    category: str,
    every: int | None,
    timezone: str | None,
    kind: str,
    note: str,
    as_json: bool,
) -> None:
    """Put NAME on the list."""
    row = PersonRow(name, emails, category, every, timezone, Kind(kind), note)
    with call.store() as (config, store):
        added = people.add(store, row, config.policy.categories)
        shown = relation(call.now(), config, store, added)
    _show(shown, f"Added {added.name} ({added.id}).", as_json=as_json)


@contacts.command()
@click.argument("contact")
@click.option("--name")
@click.option("--email", "emails", multiple=True, help="Replaces all addresses; repeatable.")
@click.option("--category")
@click.option("--every", type=click.IntRange(1), help="Days between meetings, for this person.")
@click.option("--no-every", is_flag=True, help="Let the category decide again.")
@click.option("--timezone")
@click.option("--no-timezone", is_flag=True)
@click.option("--kind", type=_KINDS)
@click.option("--note")
@click.option("--no-snooze", is_flag=True, help="Count them again at once.")
@as_json
@click.pass_obj
def edit(  # noqa: PLR0913 - one for each thing to know about a person
    call: Invocation,
    /,
    *,
    contact: str,
    name: str | None,
    emails: tuple[str, ...],
    category: str | None,
    every: int | None,
    no_every: bool,
    timezone: str | None,
    no_timezone: bool,
    kind: str | None,
    note: str | None,
    no_snooze: bool,
    as_json: bool,
) -> None:
    """Change what is known of CONTACT (an id, or a part of the name)."""
    emptied = {"every_days": no_every, "timezone": no_timezone, "snoozed_until": no_snooze}
    changes = people.Changes(
        name=name,
        emails=emails or None,
        category=category,
        every_days=every,
        timezone=timezone,
        kind=Kind(kind) if kind else None,
        note=note,
        clear=frozenset(field for field, wanted in emptied.items() if wanted),
    )
    with call.store() as (config, store):
        person = find_contact(store, contact)
        changed = people.edit(store, person, changes, config.policy.categories)
        shown = relation(call.now(), config, store, changed)
    _show(shown, f"Changed {changed.name} ({changed.id}).", as_json=as_json)


@contacts.command()
@click.argument("contact")
@as_json
@click.pass_obj
def show(call: Invocation, contact: str, as_json: bool) -> None:  # noqa: FBT001 - as above
    """Show everything on record about CONTACT."""
    with call.store() as (config, store):
        story = stories.story(call.now(), config, store, find_contact(store, contact))
    if as_json:
        print_json(story_document(story))
    else:
        terminal.show_story(story, config.me.timezone)


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
@as_json
@click.pass_obj
def import_(call: Invocation, file: Path, as_json: bool) -> None:  # noqa: FBT001 - as above
    """Put everybody in a CSV FILE on the list: all of them, or nobody.

    Its first line names the columns: name,email,category and, if you like,
    every_days,timezone,kind,note.
    """
    if file.suffix.lower() == ".vcf":
        raise WrongInputError("This version of connectd imports CSV files only.")
    with call.store() as (config, store):
        rows = read_csv(decode_csv(_bytes(file)), config.policy.categories)
        added = {contact.id for contact in people.add_all(store, rows)}
        everybody = relations(call.now(), config, store)
        shown = [relation for relation in everybody if relation.contact.id in added]
    if as_json:
        print_json([relation_document(relation) for relation in shown])
    else:
        click.echo("Added 1 person." if len(added) == 1 else f"Added {len(added)} people.")


def _bytes(file: Path) -> bytes:
    """The file, as far as it can matter; raises WrongInputError."""
    try:
        with file.open("rb") as opened:
            return opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise WrongInputError(f"{file} cannot be read: {error.strerror}.") from error


def _list(call: Invocation, *, include_archived: bool, as_json: bool) -> None:
    with call.store() as (config, store):
        everybody = relations(call.now(), config, store, include_archived=include_archived)
    if as_json:
        print_json([relation_document(relation) for relation in everybody])
    else:
        terminal.show_contacts(everybody)


def _show(relation: Relation, text: str, *, as_json: bool) -> None:
    if as_json:
        print_json(relation_document(relation))
    else:
        terminal.say(text)
