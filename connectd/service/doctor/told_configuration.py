"""The configuration as a report for others may show it: every key, and only harmless values."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from connectd.config_checks import WrongValueError
from connectd.config_keys import SECTIONS, Form
from connectd.config_together import USUAL_CATEGORIES
from connectd.formats.redaction import Private

HARMLESS = frozenset(
    {
        "me.timezone",
        "me.country",
        "me.subdivision",
        "goal.people_per_month",
        "goal.months",
        "goal.starts",
        "account.draft_form",
        "categories.ideal_days",
        "categories.longest_days",
        "delivery.sender",
        "mail.port",
        "mail.security",
        "agenda.where",
        "digest.day",
        "digest.hour",
        "digest.by",
        *(
            f"{name}.{key.name}"
            for name in ("hours", "meeting", "daemon")
            for key in SECTIONS[name].keys
        ),
    }
)
"""The keys whose values are shown, provided that they are right."""

PRIVATE = {
    "me.name": "person",
    "me.emails": "address",
    "account.name": "account",
    "account.url": "url",
    "account.username": "user",
    "account.email": "address",
    "account.password_command": "word",
    "account.token_command": "word",
    "account.busy": "calendar",
    "account.ignore": "calendar",
    "account.drafts": "calendar",
    "account.accepted": "calendar",
    "account.ca_file": "path",
    "feed.name": "feed",
    "feed.url": "url",
    "feed.ca_file": "path",
    "invitation.text": "text",
    "invitation.booking_url": "url",
    "mail.host": "host",
    "mail.username": "user",
    "mail.password_command": "word",
    "mail.token_command": "word",
    "mail.from": "address",
    "mail.ca_file": "path",
    "people.group": "group",
    "people.account": "account",
    "people.url": "url",
    "people.category": "category",
    "state.path": "path",
}
"""The other keys, and what their values are."""

_COMMANDS = frozenset(key for key in PRIVATE if key.endswith("_command"))
_ALL_OF_THEM = "*"
_WORD = re.compile(r"[^\W_]{2,}")

Redact = Callable[[str], str]
Document = Mapping[str, Any]


def document_of(text: str | None) -> Document:
    """The tables of a configuration, however wrong they are; none where it is no TOML."""
    try:
        return tomllib.loads(text or "")
    except (ValueError, RecursionError):
        return {}


def private_in(document: Document) -> Iterator[Private]:
    """Everything in a configuration that is private, by what it is."""
    for section, label, key, value in _entries(document):
        kind = PRIVATE.get(f"{section}.{key}", "value")
        if not _is_key(section, key):
            yield Private("key", key)
        if label and label not in USUAL_CATEGORIES:
            yield Private("category", label)
        if _is_harmless(section, key, value):
            continue
        for text in _texts(value):
            yield from _private(kind, text)


def private_in_text(text: str) -> Iterator[Private]:
    """Every word of a configuration that is no TOML, but those that connectd knows."""
    ours = {key.name for section in SECTIONS.values() for key in section.keys} | SECTIONS.keys()
    for word in dict.fromkeys(_WORD.findall(text)):
        if word not in ours:
            yield Private("word", word)


def _private(kind: str, text: str) -> Iterator[Private]:
    if text == _ALL_OF_THEM:
        return
    host = _host(text)
    if host:
        yield Private("host", host)
    if kind != "url":
        yield Private(kind, text)


def _host(text: str) -> str | None:
    try:
        return urlsplit(text).hostname
    except ValueError:
        return None


def shown_configuration(document: Document, redact: Redact) -> list[str]:
    """The lines of a configuration with every key that is known, and private values replaced."""
    lines: list[str] = []
    heading = None
    for section, label, key, value in _entries(document, numbered=True):
        told = f"{section} {redact(label)}".rstrip() if label else section
        if told != heading:
            lines += [f"[{told}]"]
            heading = told
        name = section.partition("[")[0]
        told = key if _is_key(name, key) else redact(key)
        lines.append(f"{told} = {_shown(name, key, value, redact)}")
    return lines


def _entries(document: Document, *, numbered: bool = False) -> Iterator[tuple[str, str, str, Any]]:
    """Section, name of the table where it has one, key and value, in the order of the file.

    Whatever stands where it does not belong comes as a value of a section without a name.
    """
    for section, content in document.items():
        form = SECTIONS[section].form if section in SECTIONS else None
        match form, content:
            case Form.SINGLE, dict():
                yield from ((section, "", key, value) for key, value in content.items())
            case Form.NAMED, dict():
                for label, table in content.items():
                    inside = table if isinstance(table, dict) else {label: table}
                    yield from ((section, label, key, value) for key, value in inside.items())
            case Form.REPEATED, list():
                for number, table in enumerate(content, start=1):
                    name = f"{section}[{number}]" if numbered else section
                    inside = table if isinstance(table, dict) else {"": table}
                    yield from ((name, "", key, value) for key, value in inside.items())
            case _:
                yield ("elsewhere", "", section, content)


def _is_key(section: str, key: str) -> bool:
    return section in SECTIONS and key in {one.name for one in SECTIONS[section].keys}


def _shown(section: str, key: str, value: object, redact: Redact) -> str:
    if _is_harmless(section, key, value):
        return str(value).lower() if isinstance(value, bool) else repr(value)
    if f"{section}.{key}" in _COMMANDS and isinstance(value, list):
        return f"(a command of {len(value)} words)"
    texts = [text if text == _ALL_OF_THEM else redact(text) for text in _texts(value)]
    return repr(texts[0]) if isinstance(value, str) and texts else repr(texts)


def _is_harmless(section: str, key: str, value: object) -> bool:
    """Whether the value may be shown: what is wrong may be anything."""
    if f"{section}.{key}" not in HARMLESS:
        return False
    check = next(one.check for one in SECTIONS[section].keys if one.name == key)
    try:
        check(value)
    except WrongValueError:
        return False
    return True


def _texts(value: object) -> Iterator[str]:
    """Every text in a value; a number is one as well, since it may be a secret in a wrong place."""
    match value:
        case dict():
            for key, item in value.items():
                yield str(key)
                yield from _texts(item)
        case list():
            for item in value:
                yield from _texts(item)
        case _:
            yield str(value)
