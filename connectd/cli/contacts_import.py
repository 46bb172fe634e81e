"""The command that takes people from a file, or from the address book, onto the list."""

from collections.abc import Collection
from pathlib import Path

import click

from connectd.cli.documents import relation_document
from connectd.cli.invocation import Invocation, as_json, print_json
from connectd.errors import WrongInputError
from connectd.formats.people import MAX_BYTES, PersonRow, decode_csv, read_csv
from connectd.service import people
from connectd.service.status import relations

ADDRESS_BOOK = "carddav"
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_PARTLY = 7


@click.command("import")
@click.argument("source", metavar="FILE|carddav")
@click.option("--category", help="For those in a .vcf file who are in none of yours.")
@as_json
@click.pass_context
def import_(ctx: click.Context, source: str, category: str | None, as_json: bool) -> None:  # noqa: FBT001 - click passes flags by name
    """Put everybody in a FILE on the list: all of them, or nobody.

    The first line of a CSV file names the columns: name,email,category and, if you like,
    every_days,timezone,kind,note,free_busy,tags,birthday,archived. A .vcf file holds vCards (3.0
    or 4.0).

    The word carddav instead of a file reads the address book of [people] in the configuration
    now, as the daemon does each day; a file of that name is ./carddav.
    """
    call: Invocation = ctx.obj
    if source == ADDRESS_BOOK:
        if category:
            raise WrongInputError("--category is for .vcf files; [people] has a key for it.")
        follow_address_book(call, as_json=as_json)
        return
    file = Path(_FILE.convert(source, None, ctx))
    with call.store() as (config, store):
        rows = rows_of(file, config.policy.categories, category)
        added = {contact.id for contact in people.add_all(store, rows)}
        everybody = relations(call.now(), config, store, include_archived=True)
        shown = [relation for relation in everybody if relation.contact.id in added]
    if as_json:
        print_json([relation_document(relation) for relation in shown])
    else:
        click.echo("Added 1 person." if len(added) == 1 else f"Added {len(added)} people.")


def follow_address_book(call: Invocation, *, as_json: bool) -> None:
    """Read the address book; a daemon may run beside, since the record tells who was first."""
    # here, because a server is asked for nothing else
    from connectd.cli.people_documents import refreshed_document  # noqa: PLC0415 - see above
    from connectd.cli.terminal_people import show_refreshed  # noqa: PLC0415 - see above
    from connectd.service.address_book import refresh_people  # noqa: PLC0415 - see above
    from connectd.service.address_book_daily import leave_refreshed  # noqa: PLC0415 - see above

    now = call.now()
    with call.means() as means:
        refreshed = refresh_people(means, now)
        leave_refreshed(refreshed, means, now)
        everybody = relations(now, means.config, means.store)
    if as_json:
        print_json(refreshed_document(refreshed, everybody))
    else:
        show_refreshed(refreshed)
    if refreshed.problems:
        raise click.exceptions.Exit(_PARTLY)


def rows_of(file: Path, categories: Collection[str], category: str | None) -> list[PersonRow]:
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
