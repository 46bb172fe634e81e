"""What the user asks for, and the configuration that it makes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import TypeVar

from connectd.config import Config, load, parse
from connectd.config_keys import WEEKDAYS
from connectd.config_together import USUAL_CATEGORIES
from connectd.domain.model import Hours, Month
from connectd.errors import WrongInputError
from connectd.formats.config_text import changed_config_text
from connectd.formats.new_config_text import new_config_text

USUAL_DRAFTS = "Connections"
USUAL_GROUP = "connect"
USUAL_GOAL = (3, 6)
_NEEDED = {
    "url": "--url",
    "email": "--email",
    "name": "--name",
    "timezone": "--timezone",
}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user asked for; None leaves a thing as it is configured, or to its default.

    ``categories`` are the names of all of them, in their order; ``address_book`` has people
    come from the account's address book.
    """

    url: str | None = None
    username: str | None = None
    email: str | None = None
    name: str | None = None
    timezone: str | None = None
    password_command: tuple[str, ...] | None = None
    token_command: tuple[str, ...] | None = None
    ca_file: str | None = None
    drafts: str | None = None
    busy: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    hours: Hours | None = None
    people_per_month: int | None = None
    months: int | None = None
    categories: tuple[str, ...] | None = None
    address_book: bool = False


@dataclass(frozen=True, slots=True)
class Configured:
    """A configuration that is not written yet: its text and what it means.

    ``renamed`` holds the new names of categories by their names so far.
    """

    text: str
    config: Config
    renamed: Mapping[str, str]


def configured(
    wishes: Wishes, path: Path, environment: Mapping[str, str], now: datetime
) -> Configured:
    """The configuration with what is wished for, and with all else that stands at ``path``.

    Raises ConfigError for what cannot be configured so, WrongInputError for what is missing.
    """
    if not path.exists():
        text = new_config_text(_from_nothing(wishes, now), _new_categories(wishes))
        return Configured(text, parse(text, path, environment), {})
    known = load(path, environment)
    names = _renamed(tuple(known.policy.categories), wishes.categories)
    text = changed_config_text(path.read_text("utf-8-sig"), _changes(wishes, known, names), names)
    renamed = {old: new for old, new in names.items() if old != new}
    return Configured(text, parse(text, path, environment), renamed)


Value = TypeVar("Value")
Sections = dict[str, dict[str, object]]


def _from_nothing(wishes: Wishes, now: datetime) -> Sections:
    missing = [option for field, option in _NEEDED.items() if not getattr(wishes, field)]
    if missing:
        raise WrongInputError(f"Please give {', '.join(missing)} as well.")
    return {
        "me": {"name": wishes.name, "emails": [wishes.email], "timezone": wishes.timezone},
        "goal": {
            "people_per_month": wishes.people_per_month or USUAL_GOAL[0],
            "months": wishes.months or USUAL_GOAL[1],
            "starts": str(Month.of(now.date())),
        },
        "account": _given(
            name="main",
            url=wishes.url,
            username=wishes.username or wishes.email,
            password_command=wishes.password_command,
            token_command=wishes.token_command,
            busy=wishes.busy or ("*",),
            ignore=wishes.ignore or None,
            drafts=wishes.drafts or USUAL_DRAFTS,
            ca_file=wishes.ca_file,
        ),
        "hours": _days(wishes.hours) if wishes.hours else {},
        "people": {"group": USUAL_GROUP} if wishes.address_book else {},
    }


def _new_categories(wishes: Wishes) -> tuple[str, ...]:
    return tuple(_renamed(USUAL_CATEGORIES, wishes.categories).values()) or USUAL_CATEGORIES


def _changes(wishes: Wishes, known: Config, names: Mapping[str, str]) -> Sections:
    """Only what is asked for; a new address goes before those that are known."""
    emails = [wishes.email, *known.me.emails] if wishes.email else []
    account, people = known.drafts_account, known.people
    return {
        "me": _given(
            name=wishes.name,
            emails=list(dict.fromkeys(emails)) or None,
            timezone=wishes.timezone,
        ),
        "goal": _given(
            people_per_month=wishes.people_per_month,
            months=_other(wishes.months, known.policy.goal.months),
        ),
        "account": _given(
            name=account.name,
            url=wishes.url,
            username=wishes.username,
            password_command=wishes.password_command,
            token_command=wishes.token_command,
            ca_file=wishes.ca_file,
            busy=_other(wishes.busy, account.busy),
            ignore=_other(wishes.ignore, account.ignore),
            drafts=wishes.drafts,
        ),
        "hours": _other_days(wishes.hours, known.policy.hours) if wishes.hours else {},
        "people": _given(
            group=USUAL_GROUP if wishes.address_book and people is None else None,
            category=names.get(people.category) if people and people.category else None,
        ),
    }


def _renamed(names: tuple[str, ...], wanted: tuple[str, ...] | None) -> dict[str, str]:
    """Every category with the name it is to have; nothing where none changes."""
    if wanted is None or wanted == names:
        return {}
    if len(wanted) != len(names):
        raise WrongInputError(
            f"There are {len(names)} categories ({', '.join(names)}); "
            f"please give {len(names)} names, not {len(wanted)}."
        )
    if len({name.casefold() for name in wanted}) != len(wanted):
        raise WrongInputError("Each category needs a name of its own.")
    return dict(zip(names, wanted, strict=True))


def _given(**values: object) -> dict[str, object]:
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in values.items()
        if value is not None
    }


def _other(wished: Value, known: object) -> Value | None:
    """What is wished for, unless it holds already, be it because nothing says otherwise."""
    return None if wished == known else wished


def _days(hours: Hours) -> dict[str, object]:
    return {WEEKDAYS[day]: [_span(*span) for span in hours[day]] for day in sorted(hours)}


def _other_days(hours: Hours, known: Hours) -> dict[str, object]:
    """The days as they are to be if any of them changes; a day that becomes free is emptied."""
    if hours == known:
        return {}
    return {WEEKDAYS[day]: [] for day in known.keys() - hours.keys()} | _days(hours)


def _span(start: time, end: time) -> str:
    return f"{start:%H:%M}-{'24:00' if end == time.min else f'{end:%H:%M}'}"
