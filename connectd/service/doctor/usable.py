"""What can still be used of a configuration that is wrong, so that the rest can be looked at."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import tomlkit

from connectd.config import Config, parse
from connectd.config_checks import WrongValueError
from connectd.config_keys import SECTIONS, Section
from connectd.errors import ConfigError

Table = dict[str, Any]

_STAND_INS: dict[str, Table] = {
    "me": {"name": "Me", "emails": ["me@example.invalid"], "timezone": "UTC"},
    "goal": {"people_per_month": 1},
}
_STAND_IN_ACCOUNT: Table = {
    "name": "none",
    "url": "https://calendar.example.invalid/",
    "username": "none",
    "drafts": "Connections",
}
_LOOKED_AT = ("daemon", "state", "meeting", "mail", "people")
_GIVEN_UP_IN_TURN = ("meeting", "people", "mail", "feed", "daemon", "account", "state")


def usable_part(text: str | None, path: Path, environment: Mapping[str, str]) -> Config:
    """Read as much of a configuration as has a meaning, without what is wrong.

    What is needed and missing has a stand-in that leads nowhere; accounts have none, so there
    may be no account at all, and none with drafts. ``text`` is None where there is no file.
    """
    for document, real in _attempts(_document(text)):
        try:
            config = parse(tomlkit.dumps(document), path, environment)
        except ConfigError:
            continue
        accounts = (one for one in config.accounts if one.name in real)
        return config._replace(
            accounts=tuple(one if real[one.name] else one._replace(drafts=None) for one in accounts)
        )
    raise AssertionError("the stand-ins alone are a configuration")


def _document(text: str | None) -> Table:
    try:
        return tomllib.loads(text or "")
    except (ValueError, RecursionError):
        return {}


def _attempts(document: Table) -> Iterator[tuple[Table, dict[str, bool]]]:
    """Documents with less and less in them, and of each the accounts that are the user's own.

    For those it says whether they have drafts by the user's will.
    """
    kept: Table = {
        name: _STAND_INS[name] | (_usable(SECTIONS[name], document.get(name)) or {})
        for name in _STAND_INS
    }
    for name in _LOOKED_AT:
        if (table := _usable(SECTIONS[name], document.get(name))) is not None:
            kept[name] = table
    kept["feed"] = _repeated("feed", document)
    kept["account"] = _repeated("account", document)
    yield _with_drafts(kept)
    for name in _GIVEN_UP_IN_TURN:
        kept.pop(name, None)
        yield _with_drafts(kept)


def _with_drafts(kept: Table) -> tuple[Table, dict[str, bool]]:
    """The document with exactly one account that has drafts, which is what makes it whole."""
    real: dict[str, bool] = {}
    accounts: list[Table] = []
    for table in kept.get("account", []):
        drafts = bool(table.get("drafts")) and not any(real.values())
        real[table["name"]] = drafts
        without = set() if drafts else {"drafts", "accepted"}
        accounts.append({key: value for key, value in table.items() if key not in without})
    if not accounts:
        accounts = [_STAND_IN_ACCOUNT]
    elif not any(real.values()):
        accounts[0]["drafts"] = _STAND_IN_ACCOUNT["drafts"]
    return kept | {"account": accounts}, real


def _repeated(name: str, document: Table) -> list[Table]:
    """The usable tables of a section, each name once; of two credentials the password counts."""
    items = document.get(name)
    tables = [_usable(SECTIONS[name], item) for item in (items if isinstance(items, list) else [])]
    named: dict[str, Table] = {}
    for table in tables:
        if table is None:
            continue
        if "password_command" in table:
            table.pop("token_command", None)
        named.setdefault(table["name"].casefold(), table)
    return list(named.values())


def _usable(section: Section, item: object) -> Table | None:
    """The values that are right by themselves; None where one that is needed is not."""
    if not isinstance(item, dict):
        return None
    kept = {key.name: item[key.name] for key in section.keys if _fits(key.name, section, item)}
    needed = {key.name for key in section.keys if key.example}
    whole = section in (SECTIONS["me"], SECTIONS["goal"]) or needed <= kept.keys()
    return kept if whole else None


def _fits(name: str, section: Section, item: Table) -> bool:
    check = next(key.check for key in section.keys if key.name == name)
    try:
        check(item[name])
    except (KeyError, WrongValueError):
        return False
    return True
