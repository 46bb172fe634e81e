"""The configuration: one TOML file, read once into values that cannot change.

Everything wrong with it is reported together: first what each value is by itself
(``config_keys``), then what the values mean together (``config_together``). It stands on
the way of every command and has to be quick to import: hence named tuples, which take a
seventh of the time of frozen dataclasses to define, and no import of anything heavy.
"""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

from connectd.config_keys import WEEKDAYS, Tables, check_shape
from connectd.config_together import categories_of, check_together
from connectd.domain.model import Cadence, Goal, Hours, MeetingRules, Month, Policy
from connectd.errors import ConfigError

if TYPE_CHECKING:
    from connectd.config_as_if import Wish

_USUAL_PORT = {"tls": 465, "starttls": 587, "none": 25}
_NOT_YET_KNOWN = Month(1, 1)


class Person(NamedTuple):
    """The user: ``[me]``. The first address is the organizer's.

    ``country`` (ISO 3166-1) and ``subdivision`` say whose public holidays are days off.
    """

    name: str
    emails: tuple[str, ...]
    timezone: ZoneInfo
    country: str | None = None
    subdivision: str | None = None


class Account(NamedTuple):
    """One ``[[account]]``: a CalDAV server, and what its calendars mean.

    ``busy``, ``ignore``, ``drafts`` and ``accepted`` are display names or URLs of calendars,
    ``*`` in ``busy`` stands for all of them. Only one account has ``drafts``.
    """

    name: str
    url: str
    username: str
    email: str
    password_command: tuple[str, ...] | None
    token_command: tuple[str, ...] | None
    busy: tuple[str, ...]
    ignore: tuple[str, ...]
    drafts: str | None
    accepted: str | None
    draft_form: Literal["auto", "invitation", "plain"]
    ca_file: Path | None


class Feed(NamedTuple):
    """One ``[[feed]]``: a published calendar that blocks time. The URL may be a secret."""

    name: str
    url: str
    ca_file: Path | None = None


class Delivery(NamedTuple):
    """How invitations are to be sent: ``[delivery]``."""

    sender: Literal["auto", "server", "mail", "manual"]


class Invitation(NamedTuple):
    """What invitations say: ``[invitation]``.

    ``text`` has the placeholders of ``domain.invitation_text``; None is the usual text.
    ``booking_url`` is where the other person can pick another time.
    """

    text: str | None
    booking_url: str | None


class Mail(NamedTuple):
    """The SMTP server for invitations by mail; ``from_`` is the sender's address.

    Without a ``username`` there is no login.
    """

    host: str
    port: int
    security: Literal["tls", "starttls", "none"]
    username: str | None
    from_: str
    password_command: tuple[str, ...] | None = None
    token_command: tuple[str, ...] | None = None
    ca_file: Path | None = None


class People(NamedTuple):
    """The address book that people come from: ``[people]``.

    ``group`` is the vCard category, or group, of those who are on the list; ``account`` the
    ``[[account]]`` whose credentials open the address book. ``url`` is where it is looked for,
    None for the account's own URL. ``category`` is for those whose card names none of ours.
    """

    group: str
    account: str
    url: str | None
    category: str | None


class Agenda(NamedTuple):
    """Where the agenda of a meeting goes once others can read the event: ``[agenda]``."""

    where: Literal["todo", "mail", "none"]


class Digest(NamedTuple):
    """The weekly digest: ``[digest]``. ``weekday`` counts from Monday = 0, ``hour`` is local."""

    weekday: int
    hour: int
    by: Literal["mail", "calendar", "none"]


class Daemon(NamedTuple):
    """How the daemon runs: ``[daemon]``. ``notices`` is how it tells what needs the user."""

    every_minutes: int
    notices: Literal["desktop", "mail", "none"] = "desktop"


class Config(NamedTuple):
    """Everything the user has configured; ``state`` is the path of the database.

    ``goal_starts`` is None where the configuration leaves it to the month of installation;
    ``policy`` may then be used only after ``with_start``.
    """

    path: Path
    me: Person
    accounts: tuple[Account, ...]
    feeds: tuple[Feed, ...]
    policy: Policy
    goal_starts: Month | None
    delivery: Delivery
    invitation: Invitation
    mail: Mail | None
    people: People | None
    agenda: Agenda
    digest: Digest | None
    daemon: Daemon
    state: Path

    @property
    def drafts_account(self) -> Account:
        """The one account into which drafts are written."""
        return next(account for account in self.accounts if account.drafts)

    def with_start(self, installed: Month) -> "Config":
        """The same, with the goal counted from ``installed`` on unless the file says otherwise."""
        goal = self.policy.goal._replace(starts=self.goal_starts or installed)
        return self._replace(policy=self.policy._replace(goal=goal))


def config_path(option: str | None, environment: Mapping[str, str]) -> Path:
    """Where the configuration is: as the option says, or CONNECTD_CONFIG, or the XDG folder."""
    chosen = option or environment.get("CONNECTD_CONFIG")
    if chosen:
        return Path(chosen)
    return _xdg(environment, "XDG_CONFIG_HOME", ".config") / "connectd" / "config.toml"


def usual_state(environment: Mapping[str, str]) -> Path:
    """The database where the configuration names no other."""
    return _xdg(environment, "XDG_STATE_HOME", ".local/state") / "connectd" / "connectd.db"


def load(path: Path, environment: Mapping[str, str], as_if: Sequence["Wish"] = ()) -> Config:
    """Read the configuration file; raises ConfigError naming everything that is wrong.

    ``as_if`` is put over what the file says; raises WrongInputError where that is wrong.
    """
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        missing = (
            f"there is no configuration at {path}: run `connectd setup` to write one, "
            "or copy config.example.toml there and edit it"
        )
        raise ConfigError([missing]) from None
    except IsADirectoryError:
        raise ConfigError([f"{path} is a directory, not a configuration file"]) from None
    except OSError as error:
        raise ConfigError([f"{path} cannot be read: {error.strerror}"]) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        unreadable = f"{path} is not UTF-8 text (see line {line}); save it as UTF-8"
        raise ConfigError([unreadable]) from error
    return parse(text, path, environment, as_if)


def parse(
    text: str, path: Path, environment: Mapping[str, str], as_if: Sequence["Wish"] = ()
) -> Config:
    """Read the text of a configuration that stands at ``path``; raises as ``load`` does."""
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigError([f"is not valid TOML: {error}"], str(path)) from error
    tables, problems = _checked(document)
    if problems:
        raise ConfigError(problems, str(path))
    if as_if:
        from connectd.config_as_if import put_over, refusal  # noqa: PLC0415 - seldom needed

        tables, problems = _checked(put_over(document, as_if))
        if problems:
            raise refusal(problems, as_if)
    return _build(tables, path, environment)


def _checked(document: dict[str, Any]) -> tuple[Tables, list[str]]:
    tables, problems = check_shape(document)
    return tables, problems + check_together(tables)


def _build(tables: Tables, path: Path, environment: Mapping[str, str]) -> Config:
    me = Person(**tables.single["me"].values)
    mail = tables.single.get("mail")
    goal = tables.single["goal"].values
    state = tables.single["state"].values["path"]
    return Config(
        path=path,
        me=me,
        accounts=tuple(_account(table.values, me, path, environment) for table in tables.accounts),
        feeds=tuple(_feed(table.values, path, environment) for table in tables.feeds),
        policy=_policy(tables, me.timezone),
        goal_starts=goal["starts"],
        delivery=Delivery(**tables.single["delivery"].values),
        invitation=Invitation(**tables.single["invitation"].values),
        mail=_mail(mail.values, me, path, environment) if mail else None,
        people=_people(tables),
        agenda=Agenda(**tables.single["agenda"].values),
        digest=_digest(tables),
        daemon=Daemon(**tables.single["daemon"].values),
        state=(_located(state, path, environment) if state else usual_state(environment)),
    )


def _account(
    values: dict[str, Any], me: Person, path: Path, environment: Mapping[str, str]
) -> Account:
    ca_file = values["ca_file"]
    return Account(
        **values
        | {
            "email": values["email"] or me.emails[0],
            "ca_file": _located(ca_file, path, environment) if ca_file else None,
        }
    )


def _feed(values: dict[str, Any], path: Path, environment: Mapping[str, str]) -> Feed:
    ca_file = values["ca_file"]
    located = _located(ca_file, path, environment) if ca_file else None
    return Feed(values["name"], values["url"], located)


def _policy(tables: Tables, zone: ZoneInfo) -> Policy:
    days = tables.single["hours"].values
    hours: Hours = {number: days[day] for number, day in enumerate(WEEKDAYS) if days[day]}
    goal = tables.single["goal"].values
    written = {name: Cadence(**table.values) for name, table in tables.categories.items()}
    return Policy(
        zone=zone,
        hours=hours,
        goal=Goal(goal["people_per_month"], goal["months"], goal["starts"] or _NOT_YET_KNOWN),
        rules=MeetingRules(**tables.single["meeting"].values),
        categories={name: written.get(name, Cadence()) for name in categories_of(written)},
    )


def _mail(values: dict[str, Any], me: Person, path: Path, environment: Mapping[str, str]) -> Mail:
    ca_file = values["ca_file"]
    return Mail(
        host=values["host"],
        port=values["port"] or _USUAL_PORT[values["security"]],
        security=values["security"],
        username=values["username"],
        from_=values["from"] or me.emails[0],
        password_command=values["password_command"],
        token_command=values["token_command"],
        ca_file=_located(ca_file, path, environment) if ca_file else None,
    )


def _people(tables: Tables) -> People | None:
    table = tables.single.get("people")
    if table is None:
        return None
    drafts = next(one.values["name"] for one in tables.accounts if one.values["drafts"])
    return People(**table.values | {"account": table.values["account"] or drafts})


def _digest(tables: Tables) -> Digest | None:
    """By mail where there is a mail server, unless the file says otherwise."""
    table = tables.single.get("digest")
    if table is None:
        return None
    usual: Literal["mail", "calendar"] = "mail" if "mail" in tables.single else "calendar"
    values = table.values
    return Digest(WEEKDAYS.index(values["day"]), values["hour"], values["by"] or usual)


def _located(written: str, config: Path, environment: Mapping[str, str]) -> Path:
    """A path of the configuration: ``~/`` is home, a relative one starts beside the file."""
    if written.startswith("~/"):
        return _home(environment) / written[2:]
    return config.absolute().parent / written


def _xdg(environment: Mapping[str, str], variable: str, default: str) -> Path:
    """An XDG folder; the specification has relative values ignored."""
    chosen = Path(environment.get(variable, ""))
    return chosen if chosen.is_absolute() else _home(environment) / default


def _home(environment: Mapping[str, str]) -> Path:
    home = environment.get("HOME")
    return Path(home) if home else Path.home()
