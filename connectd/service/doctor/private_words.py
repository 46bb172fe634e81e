"""Everything private that is known here, for a report that must not hold any of it."""

from collections.abc import Iterable, Iterator, Mapping

from connectd.config import Config
from connectd.edges.store import Store
from connectd.edges.store.overview import private_texts
from connectd.formats.redaction import WITHIN_WORDS, Private
from connectd.service.doctor.checks import NAMES, Check
from connectd.service.doctor.told_configuration import document_of, private_in, private_in_text
from connectd.service.notes import health, upcoming

_USUAL = frozenset({"results", "organization", "business"})
_OF_THE_USER = {
    "HOME": "path",
    "USER": "user",
    "LOGNAME": "user",
    "XDG_CONFIG_HOME": "path",
    "XDG_STATE_HOME": "path",
    "CONNECTD_CONFIG": "path",
    "CREDENTIALS_DIRECTORY": "path",
}
_SHORTEST_PART = 2
_SUBJECTS = {
    "dns": "host",
    "certificate": "host",
    "clock": "host",
    "mail": "host",
    "configuration": "path",
    "permissions": "path",
    "database": "path",
    "calendar": "calendar",
    "drafts": "calendar",
    "events": "calendar",
    "feed": "feed",
    "credentials": "account",
    "server": "account",
    "features": "account",
    "address book": "account",
}
"""What the subjects of checks are; the others are no secrets."""


def private_words(
    config: Config,
    text: str | None,
    store: Store,
    checks: Iterable[Check],
    environment: Mapping[str, str],
    host_name: str,
    secrets: Iterable[str],
) -> Iterator[Private]:
    """Give everything private, what is to keep its name first."""
    for secret in secrets:
        yield Private(WITHIN_WORDS, secret)
    yield from _people(config, store)
    document = document_of(text)
    yield from private_in(document) if document else private_in_text(text or "")
    yield from _accounts(config, store)
    yield from _environment(config, environment, host_name)
    for check in checks:
        yield from _subject(check)
    for ahead in upcoming(store):
        yield Private("title", ahead.title)
    for found in private_texts(store):
        if not (found.kind == "category" and found.text in _USUAL):
            yield Private(found.kind, found.text)


def _people(config: Config, store: Store) -> Iterator[Private]:
    """Each person by their names, the parts of them, and what connectd calls them."""
    named = [(one.id, one.name) for one in store.contacts(include_archived=True)]
    named += [(one.id, one.name) for one in store.former_contacts()]
    named.append(("", config.me.name))
    for whose, name in named:
        yield Private("person", name, whose or name)
        if whose:
            yield Private("person", whose, whose)
    for whose, name in named:
        for part in name.split():
            if len(part) >= _SHORTEST_PART:
                yield Private("person", part, whose or name)


def _accounts(config: Config, store: Store) -> Iterator[Private]:
    """What accounts are called, and calendars that an error names and nothing else does."""
    _, error = health(store)
    names = [*(account.name for account in config.accounts), *(feed.name for feed in config.feeds)]
    for name in names:
        for told in (error or "").split("; "):
            if told.startswith(f"{name}: "):
                yield Private("calendar", told.removeprefix(f"{name}: ").partition(": ")[0])


def _environment(
    config: Config, environment: Mapping[str, str], host_name: str
) -> Iterator[Private]:
    for variable, kind in _OF_THE_USER.items():
        if value := environment.get(variable, "").rstrip("/"):
            yield Private(kind, value)
    yield Private("host", host_name)
    yield Private("path", str(config.path))
    yield Private("path", str(config.state))


def _subject(check: Check) -> Iterator[Private]:
    """What was looked at; a calendar is told with its account before it."""
    kind = _SUBJECTS.get(check.name)
    if kind is None or not check.subject or check.subject in NAMES:
        return
    account, _, calendar = check.subject.partition(": ")
    if kind == "calendar" and calendar:
        yield Private("account", account)
    yield Private(kind, calendar or check.subject)
