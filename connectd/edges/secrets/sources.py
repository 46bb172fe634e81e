"""Where the secret of an account comes from: the first source that is set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from connectd.edges.secrets.command import output_of
from connectd.edges.secrets.core_dumps import forbid_core_dumps
from connectd.edges.secrets.desktop_keyring import LIMIT_SECONDS, SERVICE, password_of
from connectd.errors import CredentialsError


@dataclass(frozen=True, slots=True)
class Secret:
    """A password, or with ``bearer`` an OAuth 2 access token (RFC 6750)."""

    value: str = field(repr=False)
    bearer: bool = False


def fetch(
    account_name: str,
    *,
    password_command: Sequence[str] | None,
    token_command: Sequence[str] | None,
    environment: Mapping[str, str],
    limit_seconds: float = LIMIT_SECONDS,
    whose: str = "",
) -> Secret:
    """The account's secret, from the first source that is set.

    In order: ``password_command`` or ``token_command``, whichever the configuration has; a
    file named after the account in ``$CREDENTIALS_DIRECTORY``; the keyring, where it is the
    password of the user ``account_name`` for the service ``connectd``. A source that is set
    and fails is an error, never a reason to try the next one. ``whose`` is what messages call
    something that is no account. From then on the process leaves no core dump.

    Raises KeyringLockedError while the keyring is locked, CredentialsError where there is no
    secret, or it did not come in time.
    """
    forbid_core_dumps()
    owner = whose or f'account "{account_name}"'
    if password_command:
        what = f"the password_command of {owner} ({password_command[0]})"
        printed = output_of(password_command, environment, limit_seconds, what)
        return Secret(_first_line(printed, what))
    if token_command:
        what = f"the token_command of {owner} ({token_command[0]})"
        return _bearer(output_of(token_command, environment, limit_seconds, what), what)
    if (from_file := _from_directory(account_name, environment)) is not None:
        return Secret(from_file)
    if (password := password_of(account_name, limit_seconds)) is not None:
        return Secret(password)
    entry = f'put it there for the service "{SERVICE}" and the user "{account_name}"'
    raise CredentialsError(
        f"there is no password for {owner} in the keyring: "
        f"{entry if whose else 'run `connectd setup`'}, or set a password_command."
    )


def _first_line(output: bytes, what: str) -> str:
    """The first line without its end, as UTF-8."""
    try:
        line = output.partition(b"\n")[0].removesuffix(b"\r").decode()
    except UnicodeDecodeError:
        raise CredentialsError(f"{what} gave something that is not UTF-8 text.") from None
    if not line:
        raise CredentialsError(f"{what} gave an empty first line; it must hold the secret.")
    return line


def _bearer(output: bytes, what: str) -> Secret:
    token = _first_line(output, what)
    if not token.isascii() or not token.isprintable() or " " in token:
        raise CredentialsError(f"{what} gave something that is no access token.")
    return Secret(token, bearer=True)


def _from_directory(account_name: str, environment: Mapping[str, str]) -> str | None:
    """The file that the service manager put there for the account, if it did."""
    directory = environment.get("CREDENTIALS_DIRECTORY")
    if not directory:
        return None
    path = Path(directory) / account_name
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CredentialsError(f"the credential {path} cannot be read: {error.strerror}.") from None
    return _first_line(content, f"the credential {path}")
