"""The text of a first configuration: what was chosen, with a line of comment beside each key."""

import re
from collections.abc import Iterable, Iterator, Mapping

from connectd.formats.toml_values import toml_value

Section = Mapping[str, object]

KEY_COMMENTS: dict[str, dict[str, str]] = {
    "me": {
        "name": "your name, as invitations show it",
        "emails": "your addresses; the first one is the organizer",
        "timezone": "your time zone, from the IANA database",
    },
    "goal": {
        "people_per_month": "how many different people to meet each month",
        "months": "for how many months",
        "starts": "the first month; without it, the month of installation",
    },
    "account": {
        "name": "what connectd calls it; also the name in the keyring",
        "url": "the CalDAV server: https, or http on this machine",
        "username": "your user name there",
        "password_command": "prints the password; no shell, 30 seconds",
        "token_command": "instead: prints an OAuth 2 token",
        "busy": "calendars that block time: names or URLs, * for all",
        "ignore": 'except these, for example ["Birthdays"]',
        "drafts": "where drafts go: on exactly one account, made if missing",
        "ca_file": "certificates to trust for this account instead",
    },
    "hours": {"monday": "as many spans as you like; 24:00 ends a day"},
    "categories": {
        "ideal_days": "how far apart meetings are ideally",
        "longest_days": "and how far apart at most",
    },
    "people": {"group": "the people there with this category, or connect/business"},
}
"""What stands beside each key that is written, by its section; as in config.example.toml."""

_CADENCE = {"ideal_days": 30, "longest_days": 60}
_HEADINGS = {
    "me": "[me]",
    "goal": "[goal]",
    "account": "[[account]]",
    "hours": "[hours]                                # when you meet, in local time; "
    "a day left out is a day off",
    "people": "[people]                               # takes the list from an address book "
    "(CardDAV), each day",
}
_BEGINNING = """\
# The configuration of connectd, as `connectd setup` wrote it. Change it as you like, by hand or
# by running that again. Everything else has a default: config.example.toml shows every key.
"""
_COMMENT_COLUMN = 38
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def new_config_text(sections: Mapping[str, Section], categories: Iterable[str]) -> str:
    """The text of a configuration with these sections, in their order, and these categories.

    ``account`` is the one ``[[account]]``; a section without any key is left out.
    """
    tables = [
        "\n".join([_HEADINGS[name], *_lines(name, values)])
        for name, values in sections.items()
        if values
    ]
    tables += map(category_text, categories)
    return "\n".join([_BEGINNING, "\n\n".join(tables), ""])


def category_text(name: str) -> str:
    """The table of a category, as it is usual."""
    return "\n".join([f"[categories.{toml_key(name)}]", *_lines("categories", _CADENCE)])


def toml_key(name: str) -> str:
    """The name as a key of TOML."""
    return name if _BARE.fullmatch(name) else toml_value(name)


def _lines(section: str, values: Section) -> Iterator[str]:
    comments = KEY_COMMENTS[section]
    for key, value in values.items():
        line = f"{key} = {toml_value(value)}"
        yield f"{line:<{_COMMENT_COLUMN}} # {comments[key]}" if key in comments else line
