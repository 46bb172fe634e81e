"""A report for a bug tracker: all that helps to find a fault, and nothing that is private."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from connectd.config import Config
from connectd.config_keys import SECTIONS
from connectd.edges.store import Line, Store
from connectd.edges.store.overview import Note, counts, notes
from connectd.formats.plain_text import clean
from connectd.formats.redaction import Redaction
from connectd.service.doctor.checks import Check
from connectd.service.doctor.private_words import private_words
from connectd.service.doctor.told_configuration import document_of, shown_configuration

_LINES = 50
_LONG, _LONGEST = 500, 20_000
_FAMILIAR_FILES = ("config.toml", "connectd.db", "connectd.service", "connectd.timer")
_INTRODUCTION = """\
# A report of connectd

Every name, address, title, host, path and secret that connectd knows of is replaced, the same
one by the same word: person-1, address-1, title-1, host-1. Please read it all the same before
you give it to anybody.
"""
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.+Z-]+|[0-9]+")
_BEGINNING = re.compile(r"[^:“\"]*")

Redact = Callable[[str], str]


class Subject(NamedTuple):
    """What a report is about: an installation as it was found.

    ``config`` is what could be used of ``text``, None where there is no configuration.
    """

    config: Config
    text: str | None
    store: Store
    checks: tuple[Check, ...]


def bundle(
    about: Subject,
    now: datetime,
    environment: Mapping[str, str],
    host_name: str,
    secrets: Iterable[str],
) -> str:
    """Write the report as Markdown.

    ``environment`` and ``host_name`` say who and where the user is, ``secrets`` are the
    passwords that were fetched meanwhile: neither is in the report.
    """
    document = document_of(about.text)
    familiar = {f"{name}.{key.name}" for name, section in SECTIONS.items() for key in section.keys}
    words = private_words(
        about.config, about.text, about.store, about.checks, environment, host_name, secrets
    )
    redaction = Redaction(words, familiar | set(_FAMILIAR_FILES))

    def redact(text: str) -> str:
        # shortened last: the beginning of something private is not known any more
        return clean(redaction(clean(text, _LONGEST)), _LONG)

    sections = {
        "What was found": [line for check in about.checks for line in _check(check, redact)],
        "Configuration": shown_configuration(document, redact) or ["none that can be read"],
        "Accounts": list(_accounts(about, redact)),
        "How much there is": [f"{what}: {number}" for what, number in _counts(about, redact)],
        "What connectd noted": [_note(note, redact) for note in notes(about.store)],
        "The last lines of the journal": [
            _line(one, redact) for one in about.store.journal(_LINES)
        ],
    }
    parts = [_INTRODUCTION, f"Made at {now:%Y-%m-%dT%H:%M:%SZ}.\n"]
    for heading, lines in sections.items():
        parts.append(f"## {heading}\n\n```\n{chr(10).join(lines) or 'nothing'}\n```\n")
    return "\n".join(parts)


def _check(check: Check, redact: Redact) -> Iterator[str]:
    about = f"{check.name} ({redact(check.subject)})" if check.subject else check.name
    # versions are public, and some look like an address
    detail = check.detail if check.name == "versions" else redact(check.detail)
    took = "" if check.took_seconds is None else f" [{check.took_seconds:g} s]"
    yield f"{check.level}: {about}: {detail}{took}"


def _accounts(about: Subject, redact: Redact) -> Iterator[str]:
    """How each account and feed has fared."""
    for account in about.config.accounts:
        record = about.store.account(account.name)
        if record is None:
            yield f"{redact(account.name)}: never asked"
            continue
        yield (
            f"{redact(account.name)}: last success {record.last_success}, "
            f"failing since {record.failing_since}, paused at {record.paused_at}, "
            f"form {record.form}, error {redact(record.last_error or 'none')}"
        )
    for feed in about.store.feeds():
        yield f"{redact(feed.name)}: read {feed.read_at}, error {redact(feed.error or 'none')}"


def _counts(about: Subject, redact: Redact) -> Iterator[tuple[str, int]]:
    yield from counts(about.store).items()
    for account in about.config.accounts:
        for calendar in about.store.calendars(account.name):
            number = sum(1 for _ in about.store.object_rows(calendar.url))
            yield f"events in {redact(calendar.name)}", number


def _note(note: Note, redact: Redact) -> str:
    """A time or a number is shown, an error told without names, the rest only measured."""
    key = redact(note.key)
    if _TIME.fullmatch(note.value):
        return f"{key}: {note.value}"
    if note.key.endswith("error"):
        return f"{key}: {redact(note.value)}"
    return f"{key}: {len(note.value)} characters"


def _line(line: Line, redact: Redact) -> str:
    """What was done, to whom and why; what follows a colon or a quotation mark is not ours."""
    whom = redact(line.contact) if line.contact else "-"
    because = _BEGINNING.match(line.because)
    told = redact(because[0]) if because else ""
    more = "…" if len(told) and because and because.end() < len(line.because) else ""
    return f"{line.at:%Y-%m-%dT%H:%M:%SZ} {line.action} {whom} {told}{more}".rstrip()
