"""The command that writes the list to a file which the import reads again."""

import sys
from pathlib import Path
from typing import Literal

import click

from connectd.cli import terminal
from connectd.cli.invocation import Invocation, as_json, print_json
from connectd.domain.model import Contact
from connectd.edges.store import Store
from connectd.formats.people_csv import csv_text
from connectd.formats.plain_text import clean

_STDOUT = Path("-")


@click.command("export")
@click.argument(
    "file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path), default="-"
)
@click.option(
    "--format",
    "written_as",
    type=click.Choice(["csv", "vcf"]),
    help="Without it, as the name of the file ends, else csv.",
)
@click.option(
    "--vcard-version",
    "version",
    type=click.Choice(["4.0", "3.0"]),
    default="4.0",
    show_default=True,
)
@click.option("--all", "include_archived", is_flag=True, help="Archived people too.")
@click.option("--force", is_flag=True, help="Write over a file that exists.")
@as_json
@click.pass_obj
def export(
    call: Invocation,
    /,
    *,
    file: Path,
    written_as: Literal["csv", "vcf"] | None,
    version: Literal["3.0", "4.0"],
    include_archived: bool,
    force: bool,
    as_json: bool,
) -> None:
    """Write everybody to a FILE, or to standard output: as CSV or as vCards.

    The notes you keep about people are in it, so a file is readable for you alone.
    """
    if file == _STDOUT and as_json:
        raise click.UsageError("--json goes with a FILE: standard output holds the people.")
    chosen = written_as or ("vcf" if file.suffix.lower() == ".vcf" else "csv")
    with call.store() as (_, store):
        everybody = store.contacts(include_archived=include_archived)
        text = csv_text(everybody) if chosen == "csv" else _vcards(everybody, store, version)
    if file == _STDOUT:
        _to_stdout(text)
        return
    from connectd.edges.private_file import write_private  # noqa: PLC0415 - seldom needed

    write_private(file, text.encode(errors="replace"), overwrite=force)
    if as_json:
        print_json({"file": str(file), "people": len(everybody)})
    else:
        people = "1 person" if len(everybody) == 1 else f"{len(everybody)} people"
        terminal.say(f"Wrote {people} to {file}.")


def _vcards(everybody: tuple[Contact, ...], store: Store, version: Literal["3.0", "4.0"]) -> str:
    from connectd.formats.vcard_writer import vcards_text  # noqa: PLC0415 - seldom needed

    uids = store.card_uids()
    people = ((contact, uids.get(contact.id)) for contact in everybody)
    return vcards_text(people, store.installation, version)


def _to_stdout(text: str) -> None:
    """A file or a pipe gets it as it is, a terminal without what could steer it."""
    if sys.stdout.isatty():
        text = clean(text, len(text), keep_lines=True) + "\n"
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode(errors="replace"))
