"""Everything that can go wrong, as one tree: each error owns its exit status.

The message says what is wrong and what to do next, in one or two sentences; it is shown
to the user as it is.
"""


class ConnectdError(Exception):
    """Something the user can act on; a bug is never one of these."""

    exit_status = 1


class ConfigError(ConnectdError):
    """The configuration is missing or wrong. ``problems`` are all of them, each with its key."""

    exit_status = 3

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class StoreError(ConnectdError):
    """The database cannot be used as it is."""

    exit_status = 3


class CredentialsError(ConnectdError):
    """Credentials are missing, or the server refused them."""

    exit_status = 4


class ServerError(ConnectdError):
    """A server could not be reached or did not answer as a CalDAV server does."""

    exit_status = 5


class OutcomeUnknownError(ServerError):
    """A write may or may not have happened: look (GET) before anything else is done."""


class RefusedError(ServerError):
    """The server answered and said no (403, 409, 415, 507, …); trying again changes nothing."""


class SenselessError(ConnectdError):
    """The request makes no sense now: unknown contact, ambiguous name, nothing to complete."""

    exit_status = 6


class AlreadyRunningError(ConnectdError):
    """Another connectd holds this state directory."""

    exit_status = 6


class PreconditionError(ServerError):
    """The object is not the version we know (412): read again and decide again."""


class TooCostlyError(ConnectdError):
    """Reading something foreign took more time or memory than it may."""
