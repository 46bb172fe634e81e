"""The commands that take everything to another machine: export, import."""

import sys
from pathlib import Path

import click

from connectd.cli import terminal
from connectd.cli.invocation import Invocation, as_json, at_a_terminal, print_json
from connectd.cli.moving_lines import export_lines, feed_lines, import_document, import_lines
from connectd.config import Config, config_path, load, parse
from connectd.domain.moving import Record
from connectd.edges.lock import InstanceLock
from connectd.edges.private_file import write_private
from connectd.edges.store import Store
from connectd.edges.store.moving import read_record
from connectd.errors import WrongInputError
from connectd.formats.export_document import MAX_BYTES
from connectd.formats.moved_config import for_another_place
from connectd.service.exporting import CONFIGURATION, QUESTIONS
from connectd.service.exporting import export as make_export
from connectd.service.importing import (
    Imported,
    News,
    carry_out,
    news,
    nothing_on_record,
    read_import,
    write_files,
)

_STREAM = Path("-")
_FILE = click.Path(dir_okay=False, allow_dash=True, path_type=Path)


@click.command()
@click.argument("file", type=_FILE)
@click.option("--force", is_flag=True, help="Write over a file that exists.")
@as_json
@click.pass_obj
def export(call: Invocation, /, *, file: Path, force: bool, as_json: bool) -> None:
    """Write everything connectd knows to a FILE, to be imported on another machine.

    People, meetings, what was said, drafts and where they stand, and your configuration; no
    passwords and no addresses of feeds. The notes you keep about people are in it, so the file
    is readable for you alone. A FILE of - is standard output.
    """
    if file == _STREAM and as_json:
        raise click.UsageError("--json goes with a FILE: standard output holds the export.")
    with call.store() as (config, store):
        exported = make_export(config, store, call.now())
    if file == _STREAM:
        sys.stdout.flush()
        sys.stdout.buffer.write(exported.text.encode())
    else:
        write_private(file, exported.text.encode(), overwrite=force)
    for line in feed_lines(exported.feeds, "on the other machine"):
        click.echo(line, err=True)
    if as_json:
        rows = exported.record.rows
        numbers = {"people": len(rows["contacts"]), "meetings": len(rows["meetings"])}
        print_json({"file": str(file), **numbers, "feeds_without_address": list(exported.feeds)})
    elif file != _STREAM:
        for line in export_lines(file, exported.record):
            terminal.say(line)


@click.command("import")
@click.argument("file", type=_FILE)
@click.option("--yes", is_flag=True, help="Do it, without asking.")
@as_json
@click.pass_obj
def import_(call: Invocation, /, *, file: Path, yes: bool, as_json: bool) -> None:
    """Take over what `connectd export` wrote to FILE on another machine.

    Says what would change; nothing is changed without your yes. What is known here already is
    completed, not replaced. Stop connectd on the other machine first, so that only one of the two
    goes on with your drafts.
    """
    imported = read_import(_bytes(file))
    config, files = _files(call, imported)
    told = news(_here(config), imported, config)
    anything = told.is_any or bool(files)
    if not as_json:
        for line in import_lines(told, files, config):
            terminal.say(line)
    if not (anything and (yes or _agreed(as_json=as_json))):
        if as_json:
            print_json(import_document(told, files, None, done=False))
        elif anything:
            terminal.say("Nothing has been changed. To do it: connectd import --yes FILE")
        return
    told, copy = _do(call, imported, config)
    write_files(files)
    if as_json:
        print_json(import_document(told, files, copy, done=True))
    else:
        terminal.say("Done." if copy is None else f"Done. The database as it was: {copy}")
        terminal.say("What is still missing here, such as passwords: connectd doctor")


def _files(call: Invocation, imported: Imported) -> tuple[Config, dict[Path, str]]:
    """The configuration that holds afterwards, and the user's files to be written for it.

    Raises ConfigError where there is none here, and none that could be used in the export.
    """
    path, files = config_path(call.config_option, call.environment), imported.export.files
    written: dict[Path, str] = {}
    if path.exists() or CONFIGURATION not in files:
        config = load(path, call.environment)
    else:
        text = for_another_place(files[CONFIGURATION])
        config = parse(text, path, call.environment)
        written[path] = text
    questions = path.absolute().parent / QUESTIONS
    if QUESTIONS in files and not questions.exists():
        written[questions] = files[QUESTIONS]
    return config, written


def _here(config: Config) -> Record:
    if not config.state.exists():
        return nothing_on_record()
    with Store.open(config.state) as store:
        return read_record(store)


def _agreed(*, as_json: bool) -> bool:
    return not as_json and at_a_terminal() and click.confirm("Take this over?")


def _do(call: Invocation, imported: Imported, config: Config) -> tuple[News, Path | None]:
    """Decide again, now that nobody else works on the database, and do it."""
    now = call.now()
    with InstanceLock.acquire(config.state.parent, now), Store.open(config.state) as store:
        store.begin(now)
        told = news(read_record(store), imported, config)
        return told, carry_out(told, imported, store, config.state, now)


def _bytes(file: Path) -> bytes:
    """The file, as far as it can matter; raises WrongInputError."""
    if file == _STREAM:
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        with file.open("rb") as opened:
            return opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise WrongInputError(f"{file} cannot be read: {error.strerror}.") from error
