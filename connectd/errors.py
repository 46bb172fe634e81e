"""Everything that can go wrong, as one tree: each error owns its exit status.

The message says what is wrong and what to do next, in one or two sentences; it is shown
to the user as it is.
"""


class ConnectdError(Exception):
    """Something the user can act on; a bug is never one of these."""

    exit_status = 1


class ConfigError(ConnectdError):
    """The configuration is missing or wrong. ``problems`` are all of them, each with its key.

    ``source`` is the file they were found in, which the message then begins with.
    """

    exit_status = 3

    def __init__(self, problems: list[str], source: str = "") -> None:
        self.problems = problems
        lines = [f"{source} cannot be used:", *(f"  {p}" for p in problems)] if source else problems
        super().__init__("\n".join(lines))


class ImportFileError(ConnectdError):
    """A file of people cannot be imported. ``problems`` are all of them, each with its line."""

    exit_status = 2

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(_nothing_imported(problems))


def _nothing_imported(problems: list[str], shown: int = 30) -> str:
    more = len(problems) - shown
    listed = problems[:shown] + ([f"… and {more} more problems"] if more > 0 else [])
    return "\n".join(["Nothing was imported:", *listed])


class WrongInputError(ConnectdError):
    """What was typed or given cannot be taken as it is."""

    exit_status = 2


class StoreError(ConnectdError):
    """The database cannot be used as it is."""

    exit_status = 3


class CredentialsError(ConnectdError):
    """Credentials are missing, or the server refused them."""

    exit_status = 4


class AccountPausedError(CredentialsError):
    """The server refused these credentials before, so that nothing was sent with them again."""


class LoginRefusedError(CredentialsError):
    """The mail server looked at the login and refused it; again and again, it may lock it."""


class KeyringLockedError(CredentialsError):
    """The keyring is locked: the credentials are there, and can be had once it is unlocked."""


class ServerError(ConnectdError):
    """A server could not be reached or did not answer as a CalDAV server does.

    ``retry_after`` is how many seconds it asked us to wait, None where it said nothing.
    """

    exit_status = 5

    def __init__(self, message: str, *, retry_after: int | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class LedElsewhereError(ServerError):
    """The server leads to ``url`` on another host, which the credentials are not for (yet)."""

    def __init__(self, message: str, url: str) -> None:
        self.url = url
        super().__init__(message)


class OutcomeUnknownError(ServerError):
    """A write may or may not have happened: look (GET) before anything else is done."""


class RefusedError(ServerError):
    """The server answered and said no (403, 409, 415, 507, …); trying again changes nothing."""


class SenselessError(ConnectdError):
    """The request makes no sense now: unknown contact, ambiguous name, nothing to complete."""

    exit_status = 6


class AlreadyListedError(SenselessError):
    """People of a file are on the list already. ``problems`` name them all, each with its line."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(_nothing_imported(problems))


class AlreadyRunningError(ConnectdError):
    """Another connectd holds this state directory."""

    exit_status = 6


class ServiceManagerError(ConnectdError):
    """The service manager of the user is not there, or does not do as asked."""

    exit_status = 6


class PreconditionError(ServerError):
    """The object is not the version we know (412): read again and decide again."""


class UnreadableEventError(ConnectdError):
    """A calendar object is not, or is no longer, an event that can be understood."""


class UnreadableCardError(ConnectdError):
    """A vCard cannot be understood."""


class TooCostlyError(ConnectdError):
    """Reading something foreign took more time or memory than it may."""


class DemoError(ConnectdError):
    """A step of the demo did not happen as it is told."""
