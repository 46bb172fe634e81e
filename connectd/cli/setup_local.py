"""`connectd setup --local`: the account that the rest of the setup then goes on with."""

import getpass
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from connectd.cli.invocation import at_a_terminal
from connectd.cli.setup_ways import Ways
from connectd.config import Config, load, usual_state
from connectd.edges import secrets
from connectd.edges.user_units import UserUnits
from connectd.errors import CredentialsError, SenselessError, WrongInputError
from connectd.service.local_account import UNIT, LocalAccount, is_local, making_local_account
from connectd.service.setup import Wishes

_NEW_ACCOUNT = "main"
_NO_KEYRING = (
    "There is no keyring here that could keep the password of your calendar server. Have a "
    "program make and keep one, such as `pass generate connectd`, and name it:\n"
    "  connectd setup --local --password-command 'pass show connectd'"
)
_CLIENTS = """\
Your calendars are on this machine now, and answer this machine alone:
  address    {url}
  user name  {username}
  password   {password}
Enter them in your calendar program:
  Thunderbird     New Calendar, On the Network; for people New Address Book, CardDAV
  Evolution       New, Collection Account; under Advanced Options the address as server
  GNOME Calendar  what Evolution has; or Settings, Online Accounts, Calendar, Contacts and Files
  DAVx5           a phone has to reach this machine first: docs/local.md says what that takes"""


@contextmanager
def local_account(
    ways: Ways, path: Path, wished: Wishes, tell: Callable[[str], None]
) -> Iterator[tuple[Wishes, str | None]]:
    """What to set up with: the wishes with the account in them, and its password to be kept.

    ``path`` is the configuration. If it was not written when this is left, all that was made is
    undone; else ``tell`` hears what to enter in calendar programs. Raises SenselessError where
    another account is configured or Radicale is not installed, CredentialsError where nothing
    could keep a password.
    """
    environment = ways.call.environment
    known = load(path, environment) if path.exists() else None
    state = (known.state if known else usual_state(environment)).absolute().parent
    _check(wished, known, state)
    password = _known_password(ways, wished, known)
    username = wished.username or (known.drafts_account.username if known else _login_name())
    before = _identity(path)
    with suppress(_NotWrittenError), ExitStack() as held:
        account = held.enter_context(
            making_local_account(
                state,
                username,
                password,
                UserUnits(environment),
                sys.executable,
                environment,
            )
        )
        by_command = wished.password_command or (known and known.drafts_account.password_command)
        try:
            yield (
                replace(wished, url=account.url, username=username),
                None if by_command else account.password,
            )
        finally:
            is_written = _identity(path) != before
            if is_written:
                held.pop_all().close()
                tell(_told(account, is_in_keyring=not by_command))
        if not is_written:
            raise _NotWrittenError


class _NotWrittenError(Exception):
    """The user has thought better of it."""


def _check(wished: Wishes, known: Config | None, state: Path) -> None:
    if wished.url:
        raise WrongInputError("--local makes a server of your own: leave out --url.")
    if wished.username and not re.fullmatch(r"[A-Za-z0-9._-]+", wished.username):
        raise WrongInputError("--username: with --local, letters, digits, dots and - _ will do.")
    if known and not is_local(known.drafts_account.url, state):
        raise SenselessError(
            f"Your drafts go to {known.drafts_account.url} already. To begin with a calendar "
            f"server of your own instead, move {known.path} away first."
        )


def _known_password(ways: Ways, wished: Wishes, known: Config | None) -> str | None:
    """The password that the user's command prints, or that the keyring has for this account."""
    command = wished.password_command or (known.drafts_account.password_command if known else None)
    if command:
        return secrets.fetch(
            _NEW_ACCOUNT,
            password_command=command,
            token_command=None,
            environment=ways.call.environment,
        ).value
    if not ways.has_keyring():
        raise CredentialsError(_NO_KEYRING)
    return secrets.password_of(known.drafts_account.name) if known else None


def _login_name() -> str:
    return re.sub(r"[^A-Za-z0-9._-]", "", getpass.getuser()) or "me"


def _identity(path: Path) -> tuple[int, int] | None:
    """What changes whenever the configuration is written."""
    with suppress(OSError):
        seen = path.stat()
        return seen.st_ino, seen.st_mtime_ns
    return None


def _shown(account: LocalAccount, *, is_in_keyring: bool) -> str:
    """The password for somebody who sits there; else where it is, so that no file holds it."""
    if not is_in_keyring:
        return "the one that your password command prints"
    if at_a_terminal():
        return account.password
    return f"in your keyring, under connectd and {_NEW_ACCOUNT}"


def _told(account: LocalAccount, *, is_in_keyring: bool) -> str:
    """How to use it."""
    password = _shown(account, is_in_keyring=is_in_keyring)
    told = _CLIENTS.format(url=account.url, username=account.username, password=password)
    if account.absence is None:
        return f"{told}\nThe service {UNIT} of your own keeps the server running."
    return (
        f"{told}\nNothing keeps the server running yet: {account.absence}\nHave it started and "
        f"watched over by what you use for that, as\n  {shlex.join(account.command)}"
    )
