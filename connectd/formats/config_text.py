"""Writes the configuration: a new one with comments, or a changed one with all that was in it."""

from collections.abc import Mapping

import tomlkit
from tomlkit.exceptions import ParseError
from tomlkit.items import AoT, Table

from connectd.errors import ConfigError

_NEW = """\
# The configuration of connectd. Every key is explained in config.example.toml.

[me]
# name and emails stand in your invitations; the first address is the organizer's.

[goal]
# How many different people you want to meet in a month, and for how many months.

[[account]]
# Your CalDAV account. Calendars named under busy block time, * stands for all of them;
# drafts is the calendar that connectd writes to.
"""

Section = Mapping[str, object]


def config_text(existing: str | None, me: Section, goal: Section, account: Section) -> str:
    """The text of a configuration with these values in ``[me]``, ``[goal]`` and the account.

    In an ``existing`` one everything else stays as it is, comments too; the account is the
    one of the same name, or a new one. Raises ConfigError if ``existing`` is no TOML.
    """
    try:
        document = tomlkit.parse(_NEW if existing is None else existing)
    except ParseError as error:
        raise ConfigError([f"the configuration is not valid TOML: {error}"]) from error
    _fill(document.setdefault("me", tomlkit.table()), me)
    _fill(document.setdefault("goal", tomlkit.table()), goal)
    accounts = document.setdefault("account", tomlkit.aot())
    _fill(_account(accounts, account["name"]), account)
    return tomlkit.dumps(document)


def _fill(table: Table, values: Section) -> None:
    for key, value in values.items():
        if table.get(key) != value:
            table[key] = value


def _account(accounts: AoT, name: object) -> Table:
    for table in accounts:
        if isinstance(table, Table) and table.get("name", name) == name:
            return table
    table = tomlkit.table()
    accounts.append(table)
    return table
