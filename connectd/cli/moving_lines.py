"""What export and import say, in lines and as a document."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from connectd.config import Config
from connectd.domain.moving import OPEN_STATES, Record
from connectd.formats.moved_config import feeds_without_address
from connectd.formats.plain_text import clean
from connectd.service.importing import News

_SHOWN = 20


def export_lines(file: Path, record: Record) -> Iterator[str]:
    """Say what was exported, and what comes next."""
    people, meetings = len(record.rows["contacts"]), record.rows["meetings"]
    still_open = sum(row["state"] in OPEN_STATES for row in meetings)
    yield (
        f"Wrote {_number(people, 'person', 'people')} and "
        f"{_number(len(meetings), 'meeting', 'meetings')} ({still_open} open) to {file}."
    )
    yield (
        "On the other machine: connectd import FILE. Let connectd run on one of the two only, so "
        "that each draft has one master."
    )


def feed_lines(feeds: Sequence[str], where: str) -> Iterator[str]:
    """Say which feeds the configuration has without their addresses, which go into it ``where``."""
    if feeds:
        names = clean(", ".join(f"“{name}”" for name in feeds))
        yield (
            f"The addresses of feeds may be secret and are not in the file: {names}. Write them "
            f"into config.toml {where}; nothing is proposed before."
        )


def import_lines(told: News, files: Mapping[Path, str], config: Config) -> Iterator[str]:
    """Say what there is to take over, and what stays as it is here."""
    if not told.is_any and not files:
        yield "Everything in the file is on record here already."
    counted = ", ".join(_counts(told))
    if told.is_any:
        yield f"To take over: {counted or 'details of what is known already'}."
    for path, text in files.items():
        yield f"To write: {path}"
        if path == config.path:
            yield from (f"  It runs: {command}" for command in _commands(config))
            yield from feed_lines(feeds_without_address(text), "here")
    for line in told.merger.told[:_SHOWN]:
        yield f"  {clean(line)}"
    if len(told.merger.told) > _SHOWN:
        yield f"  … and {len(told.merger.told) - _SHOWN} more that stay as they are here"


def import_document(
    told: News, files: Mapping[Path, str], copy: Path | None, *, done: bool
) -> dict[str, object]:
    """Say the same in JSON."""
    numbers = told._asdict()
    merger = numbers.pop("merger")
    return {
        "done": done,
        "new": numbers,
        "takes_over_installation": merger.adopts,
        "stays_as_here": list(merger.told),
        "files": [str(path) for path in files],
        "copy": str(copy) if copy else None,
    }


def _counts(told: News) -> Iterator[str]:
    words = (
        (told.people, "person", "people"),
        (told.completed, "person to be completed", "people to be completed"),
        (told.drafts, "open draft", "open drafts"),
        (told.invitations, "meeting that you said yes to", "meetings that you said yes to"),
        (told.ended, "meeting that has ended", "meetings that have ended"),
        (told.mails, "mail that waits", "mails that wait"),
        (told.days, "day on which you met somebody", "days on which you met somebody"),
        (told.facts, "note and promise", "notes and promises"),
        (told.introductions, "introduction", "introductions"),
    )
    for number, one, many in words:
        if number:
            yield _number(number, one, many)


def _commands(config: Config) -> Iterator[str]:
    """What the configuration has run for passwords: to be seen before it is trusted."""
    commands = [c for one in config.accounts for c in (one.password_command, one.token_command)]
    if config.mail:
        commands += [config.mail.password_command, config.mail.token_command]
    for command in filter(None, commands):
        yield clean(shlex.join(command))


def _number(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
