"""Every key the configuration knows, as one table per section, and the pass that checks them.

This pass looks at each value alone; what values mean together is checked in ``config``.
"""

import re
from collections.abc import Iterable
from enum import Enum
from typing import Any, NamedTuple

from connectd import config_checks as checks
from connectd.config_checks import Check, WrongValueError, nearest, shown
from connectd.domain.model import MeetingRules

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_RULES = MeetingRules()
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST_CATEGORY = 40
_LONGEST_LABEL = 64


class Key(NamedTuple):
    """One key: required where it has an example, otherwise ``default`` where it is left out."""

    name: str
    check: Check
    default: Any = None
    example: str = ""


class Form(Enum):
    """How a section is written."""

    SINGLE = "[{}]"
    REPEATED = "[[{}]]"
    NAMED = "[{}.NAME]"


class Section(NamedTuple):
    """The keys of each table of a section.

    ``left_out`` is what is read in place of a section that is not there; with None it is
    required, or simply absent where it is ``optional``.
    """

    keys: tuple[Key, ...]
    form: Form = Form.SINGLE
    left_out: dict[str, Any] | None = None
    optional: bool = True


def _rule(name: str, low: int, high: int) -> Key:
    return Key(name, checks.whole(low, high), getattr(_RULES, name))


SECTIONS = {
    "me": Section(
        (
            Key("name", checks.text, example='"Alice Example"'),
            Key("emails", checks.addresses, example='["alice@example.test"]'),
            Key("timezone", checks.zone, example='"Europe/Berlin"'),
            Key("country", checks.country),
            Key("subdivision", checks.text),
        ),
        optional=False,
    ),
    "goal": Section(
        (
            Key("people_per_month", checks.whole(1, 1000), example="3"),
            Key("months", checks.whole(1, 600), 6),
            Key("starts", checks.month),
        ),
        optional=False,
    ),
    "account": Section(
        (
            Key("name", checks.account_name, example='"main"'),
            Key("url", checks.url, example='"https://dav.example.test/"'),
            Key("username", checks.username, example='"alice"'),
            Key("email", checks.address),
            Key("password_command", checks.command),
            Key("token_command", checks.command),
            Key("busy", checks.calendars, ("*",)),
            Key("ignore", checks.calendars, ()),
            Key("drafts", checks.text),
            Key("accepted", checks.text),
            Key("draft_form", checks.choice("auto", "invitation", "plain"), "auto"),
            Key("ca_file", checks.file_path),
        ),
        form=Form.REPEATED,
        optional=False,
    ),
    "feed": Section(
        (
            Key("name", checks.text, example='"work"'),
            Key(
                "url",
                checks.feed_url,
                example='"https://calendar.example.test/private/abc.ics"',
            ),
            Key("ca_file", checks.file_path),
        ),
        form=Form.REPEATED,
    ),
    "hours": Section(
        tuple(Key(day, checks.hours_of_day, ()) for day in WEEKDAYS),
        left_out={day: ["09:00-12:00", "13:00-17:00"] for day in WEEKDAYS[:5]},
    ),
    "meeting": Section(
        (
            _rule("minutes", 5, 480),
            _rule("buffer_minutes", 0, 480),
            _rule("notice_hours", 0, 8760),
            _rule("horizon_days", 1, 366),
            _rule("per_day", 1, 100),
            _rule("per_week", 1, 500),
            _rule("open_drafts", 1, 1000),
            _rule("grace_minutes", 0, 1440),
            _rule("expires_hours", 0, 8760),
            _rule("pause_days", 0, 3660),
            _rule("rest_after", 1, 100),
            _rule("rest_days", 0, 3660),
            _rule("assume_met_after_days", 0, 366),
            Key("count_all_meetings", checks.truth, _RULES.count_all_meetings),
            Key("learn", checks.truth, _RULES.learn),
        ),
        left_out={},
    ),
    "categories": Section(
        (
            Key("ideal_days", checks.whole(1, 3660), 30),
            Key("longest_days", checks.whole(1, 3660), 60),
        ),
        form=Form.NAMED,
    ),
    "delivery": Section(
        (Key("sender", checks.choice("auto", "server", "mail", "manual"), "auto"),), left_out={}
    ),
    "invitation": Section(
        (Key("text", checks.invitation_text), Key("booking_url", checks.public_url)), left_out={}
    ),
    "mail": Section(
        (
            Key("host", checks.host, example='"smtp.example.test"'),
            Key("port", checks.whole(1, 65535)),
            Key("security", checks.choice("tls", "starttls", "none"), "tls"),
            Key("username", checks.text),
            Key("password_command", checks.command),
            Key("token_command", checks.command),
            Key("from", checks.address),
            Key("ca_file", checks.file_path),
        )
    ),
    "people": Section(
        (
            Key("group", checks.text, example='"connect"'),
            Key("account", checks.account_name),
            Key("url", checks.url),
            Key("category", checks.text),
        )
    ),
    "agenda": Section((Key("where", checks.choice("todo", "mail", "none"), "todo"),), left_out={}),
    "digest": Section(
        (
            Key("day", checks.choice(*WEEKDAYS), "monday"),
            Key("hour", checks.whole(0, 23), 8),
            Key("by", checks.choice("mail", "calendar", "none")),
        )
    ),
    "daemon": Section(
        (
            Key("every_minutes", checks.whole(1, 1440), 5),
            Key("notices", checks.choice("desktop", "mail", "none"), "desktop"),
        ),
        left_out={},
    ),
    "state": Section((Key("path", checks.file_path),), left_out={}),
}


class Table(NamedTuple):
    """The usable values of one table; ``path`` is what the table is called in messages.

    A key left out has its default. One that is wrong, or required and missing, is absent.
    """

    path: str
    values: dict[str, Any]


class Tables(NamedTuple):
    """The tables of a document; a section that is optional and left out is absent."""

    single: dict[str, Table]
    accounts: list[Table]
    feeds: list[Table]
    categories: dict[str, Table]


def check_shape(document: dict[str, Any]) -> tuple[Tables, list[str]]:
    """Check every value by itself; return what is usable, and all problems with their keys."""
    problems = _unknown("", document, SECTIONS)
    found: dict[str, list[Table]] = {name: [] for name in SECTIONS}
    for name, section in SECTIONS.items():
        items, wrong = _items(name, section, document.get(name, section.left_out))
        problems += wrong
        for path, item in items:
            table, wrong = _check_table(path, section.keys, item)
            found[name].append(table)
            problems += wrong
    single = {
        name: tables[0]
        for name, tables in found.items()
        if tables and SECTIONS[name].form is Form.SINGLE
    }
    categories = {table.path.partition(".")[2]: table for table in found["categories"]}
    return Tables(single, found["account"], found["feed"], categories), problems


def _items(
    name: str, section: Section, value: object
) -> tuple[list[tuple[str, dict[str, Any]]], list[str]]:
    """The tables of a section, each with its path, and what keeps the section from having any."""
    heading = section.form.value.format(name)
    if value is None or value == []:
        missing = f"{name}: is missing; add a {heading} table with {_examples(section.keys)}"
        return [], [] if section.optional else [missing]
    match section.form, value:
        case Form.SINGLE, dict():
            return [(name, value)], []
        case Form.REPEATED, list() if all(isinstance(item, dict) for item in value):
            return list(zip(_labels(name, value), value, strict=True)), []
        case Form.NAMED, dict():
            tables = {key: item for key, item in value.items() if isinstance(item, dict)}
            wrong = [
                f"{name}.{_quoted(key)}: must be written as [{name}.{_quoted(key)}]"
                for key in value
                if key not in tables
            ] + [
                f"{name}.{_quoted(key)}: a name must be one line of at most {_LONGEST_CATEGORY} "
                "characters, without spaces around it"
                for key in tables
                if not is_category(key)
            ]
            return [(f"{name}.{key}", item) for key, item in tables.items()], wrong
        case _:
            return [], [f"{name}: must be written as {heading}, not as {shown(value)}"]


def is_category(name: str) -> bool:
    """Whether a category may be called so."""
    return name == name.strip() and name.isprintable() and 0 < len(name) <= _LONGEST_CATEGORY


def _check_table(path: str, keys: tuple[Key, ...], item: dict[str, Any]) -> tuple[Table, list[str]]:
    problems = _unknown(f"{path}.", item, [key.name for key in keys])
    values: dict[str, Any] = {}
    for key in keys:
        if key.name in item:
            try:
                values[key.name] = key.check(item[key.name])
            except WrongValueError as error:
                problems.append(f"{path}.{key.name}: {error}")
        elif key.example:
            problems.append(f"{path}.{key.name}: is missing; add {_examples((key,))}")
        else:
            values[key.name] = key.default
    return Table(path, values), problems


def _unknown(path: str, present: Iterable[str], known: Iterable[str]) -> list[str]:
    return [f"{path}{_quoted(key)}: {_advice(key, known)}" for key in present if key not in known]


def _advice(key: str, known: Iterable[str]) -> str:
    homes = [
        section.form.value.format(name)
        for name, section in SECTIONS.items()
        if any(key == other.name for other in section.keys)
    ]
    if homes:
        return f"does not belong here but under {' or '.join(homes)}"
    if meant := nearest(key, known):
        return f"is not a known key; did you mean {meant}?"
    return f"is not a known key; known here: {', '.join(known)}"


def _quoted(key: str) -> str:
    return key if _BARE.fullmatch(key) else shown(key)


def _labels(section: str, items: list[dict[str, Any]]) -> list[str]:
    """What the user calls each table: by its name where that is clear, else by its place."""
    names = [item.get("name") for item in items]
    return [
        f'{section} "{name}"' if _is_label(name) and names.count(name) == 1 else f"{section}[{i}]"
        for i, name in enumerate(names)
    ]


def _is_label(name: object) -> bool:
    return isinstance(name, str) and name.isprintable() and 0 < len(name) <= _LONGEST_LABEL


def _examples(keys: tuple[Key, ...]) -> str:
    return ", ".join(f"{key.name} = {key.example}" for key in keys if key.example)
