"""The questions of `connectd setup` up to the first look at the calendars: server and password.

The host is shown, and agreed to, before a password goes there.
"""

import shlex
from contextlib import suppress
from dataclasses import replace
from shutil import which
from typing import NamedTuple

from connectd import config_checks as checks
from connectd.cli import setup_words as words
from connectd.cli.setup_prompts import ask, checked, is_yes, say
from connectd.cli.setup_ways import Ways
from connectd.config import Account, Config
from connectd.edges.caldav_server import CalDavServer, CalendarInfo, Home
from connectd.errors import CredentialsError, LedElsewhereError, ServerError, WrongInputError
from connectd.service.finding_server import FoundBy, Place
from connectd.service.setup import Wishes

_TRIES = 3
_RUNS_A_COMMAND = "!"
_YES = frozenset({"y", "yes"})
_NO = frozenset({"n", "no"})
_NEW = Account(
    name="main",
    url="",
    username="",
    email="",
    password_command=None,
    token_command=None,
    busy=("*",),
    ignore=(),
    drafts=None,
    accepted=None,
    draft_form="auto",
    ca_file=None,
)


class Reached(NamedTuple):
    """An account that lets us in, and what is there. ``password`` was typed, and is to be kept."""

    wished: Wishes
    password: str | None
    server: CalDavServer
    home: Home
    calendars: tuple[CalendarInfo, ...]


def reach(wished: Wishes, known: Config | None, password: str | None, ways: Ways) -> Reached:
    """Ask for what is not wished for yet, until a server lets us in and shows its calendars.

    ``password`` is the one that was given already, if any. Raises CredentialsError after three
    refusals; what was refused is asked for again before, so that nobody is locked out.
    """
    if not wished.email:
        default = known.me.emails[0] if known else ""
        email = ask("Your e-mail address", checked(checks.address, "an e-mail address"), default)
        wished = replace(wished, email=email)
    places = _first_places(wished, known, ways)
    refusals, again = 0, False
    while True:
        wished = replace(wished, url=places[0].url)
        wished, password = _login(wished, known, places[0], password, ways, again=again)
        try:
            return _enter(places, wished, known, password, ways)
        except LedElsewhereError as error:
            say(words.led_to(error.url))
            if is_yes("May your password go there?"):
                places = (_given(error.url),)
                continue
            places = _other_places(ways)
        except CredentialsError as error:
            refusals += 1
            if refusals == _TRIES:
                raise CredentialsError(f"{error} Nothing was written.") from error
            say(str(error))
        except ServerError as error:
            say(str(error))
            places = _other_places(ways)
        # what was meant for one server, or was refused by it, is not sent again unasked
        wished = replace(wished, password_command=None, token_command=None)
        password, again = None, True


def account_of(wished: Wishes, known: Config | None) -> Account:
    """The account as it would be configured; what is not wished for stays, or is usual."""
    so_far = known.drafts_account if known else _NEW
    return so_far._replace(
        url=wished.url or so_far.url,
        username=wished.username or so_far.username,
        email=wished.email or so_far.email,
        password_command=wished.password_command or so_far.password_command,
        token_command=wished.token_command or so_far.token_command,
    )


def _first_places(wished: Wishes, known: Config | None, ways: Ways) -> tuple[Place, ...]:
    """Where to look first: what was given, what is configured, else what can be found."""
    if wished.url:
        return (_given(wished.url),)
    if known:
        url = known.drafts_account.url
        said = ask("Your calendar server", _not_empty, url)
        return (_given(url),) if said == url else _found(said, ways)
    email = wished.email or ""
    say(f"Looking for the calendar server of {email.rpartition('@')[2]} …")
    try:
        return _agreed(ways.find(email), email, ways)
    except (ServerError, WrongInputError) as error:
        say(str(error))
        return _other_places(ways)


def _other_places(ways: Ways) -> tuple[Place, ...]:
    return _found(ask("The address of your calendar server", _not_empty), ways)


def _found(said: str, ways: Ways) -> tuple[Place, ...]:
    """Where the address leads that was typed; asked for again until it leads to a server."""
    try:
        return _agreed(ways.find(said), said, ways)
    except (ServerError, WrongInputError) as error:
        say(str(error))
        return _other_places(ways)


def _agreed(places: tuple[Place, ...], said: str, ways: Ways) -> tuple[Place, ...]:
    """Those on the first server, once it is agreed to; whoever typed just its name has agreed."""
    server = words.server_in(places[0].url)
    here = tuple(place for place in places if words.server_in(place.url) == server)
    if server == words.server_in(said):
        return here
    say(words.found(places[0], said))
    answer = ask(
        "Enter sends your password there; or type another address"
        if places[0].same_domain
        else "Type yes to send your password there all the same, or another address",
        _not_empty,
        server if places[0].same_domain else "",
    )
    if answer.casefold() in _NO:
        return _other_places(ways)
    return here if answer.casefold() in {*_YES, server} else _found(answer, ways)


def _login(
    wished: Wishes,
    known: Config | None,
    place: Place,
    password: str | None,
    ways: Ways,
    *,
    again: bool,
) -> tuple[Wishes, str | None]:
    """The user name and the password; what is known and was not refused is not asked for."""
    if wished.username is None or again:
        account = account_of(wished, known)
        theirs = place.provider.username_for(account.email) if place.provider else account.email
        proposed = account.username or theirs
        name = ask("Your user name there", checked(checks.username, "your user name"), proposed)
        wished = replace(wished, username=name)
    before = known.drafts_account if known else None
    is_known = before and (before.url, before.username) == (wished.url, wished.username)
    has_command = wished.password_command or wished.token_command
    if password is not None or has_command or (is_known and not again):
        return wished, password
    if place.provider and (advice := words.about_passwords(place.provider)):
        say(advice)
    return _ask_password(wished, before, place, ways)


def _ask_password(
    wished: Wishes, before: Account | None, place: Place, ways: Ways
) -> tuple[Wishes, str | None]:
    """The password, or the command that prints it: where that is used already, or nothing else is.

    Where tokens alone are taken, it is the command that prints one.
    """
    if (place.provider and place.provider.token) or (before and before.token_command):
        command = ask("The command that prints an OAuth 2 token", split_command)
        return replace(wished, token_command=command), None
    if not ways.has_keyring():
        say(words.NO_KEYRING)
    elif not (before and before.password_command):
        server = words.server_in(place.url)
        question = f"Password for {wished.username} at {server} (kept in your keyring)"
        password, prints_it = ask(question, _password_or_command, unseen=True)
        return replace(wished, password_command=prints_it), password
    command = ask("The command that prints your password", split_command)
    return replace(wished, password_command=command), None


def _password_or_command(typed: str) -> tuple[str | None, tuple[str, ...] | None]:
    """One of both: what looks like a command but names no program is a password."""
    if typed.startswith(_RUNS_A_COMMAND):
        with suppress(WrongInputError):
            command = split_command(typed)
            if which(command[0]):
                return None, command
    return _not_empty(typed), None


def split_command(command: str) -> tuple[str, ...]:
    """The words of a command as a shell would split them; raises WrongInputError."""
    try:
        parts = tuple(shlex.split(command.removeprefix(_RUNS_A_COMMAND)))
    except ValueError as error:
        raise WrongInputError(f"The command cannot be split: {error}.") from error
    if not parts:
        raise WrongInputError("The command is empty.")
    return parts


def _enter(
    places: tuple[Place, ...],
    wished: Wishes,
    known: Config | None,
    password: str | None,
    ways: Ways,
) -> Reached:
    """Log in at the first of the places that is a calendar server; all are on one host."""
    problems: list[ServerError] = []
    for place in places:
        here = replace(wished, url=place.url)
        server = ways.connect(account_of(here, known), password)
        try:
            home = server.discover()
            there = sorted(server.calendars(home), key=lambda info: info.name.casefold())
            return Reached(here, password, server, home, tuple(there))
        except (CredentialsError, LedElsewhereError):
            server.close()
            raise
        except ServerError as error:
            server.close()
            problems.append(error)
    raise problems[0]


def _given(url: str) -> Place:
    """A place that was named by its URL."""
    return Place(url, words.server_in(url), FoundBy.GIVEN, None, same_domain=True)


def _not_empty(typed: str) -> str:
    if not typed:
        raise WrongInputError("Please type it, or leave with Ctrl-C: nothing was written yet.")
    return typed
