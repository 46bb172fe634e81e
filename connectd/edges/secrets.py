"""Passwords and tokens of accounts: from a command, the service manager, or the keyring.

A secret is fetched when it is needed and kept nowhere. No error made here holds one: neither
the output of a command nor its arguments, nor an exception that could carry them along.
"""

import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

from connectd.errors import CredentialsError, KeyringLockedError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_SERVICE = "connectd"
_LIMIT_SECONDS = 30.0
_TRUSTED = {
    ("keyring.backends.SecretService", "Keyring"),
    ("keyring.backends.kwallet", "DBusKeyring"),
    ("keyring.backends.kwallet", "DBusKeyringKWallet4"),
    ("keyring.backends.macOS", "Keyring"),
}
_TRY_IT = "run it in a terminal to see"
_INSTEAD = "set a password_command instead"

Result = TypeVar("Result")


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
    limit_seconds: float = _LIMIT_SECONDS,
    whose: str = "",
) -> Secret:
    """The account's secret, from the first source that is set.

    In order: ``password_command`` or ``token_command``, whichever the configuration has; a
    file named after the account in ``$CREDENTIALS_DIRECTORY``; the keyring, where it is the
    password of the user ``account_name`` for the service ``connectd``. A source that is set
    and fails is an error, never a reason to try the next one. ``whose`` is what messages call
    something that is no account.

    Raises KeyringLockedError while the keyring is locked, CredentialsError where there is no
    secret, or it did not come in time.
    """
    owner = whose or f'account "{account_name}"'
    if password_command:
        what = f"the password_command of {owner} ({password_command[0]})"
        return Secret(_first_line(_run(password_command, environment, limit_seconds, what), what))
    if token_command:
        what = f"the token_command of {owner} ({token_command[0]})"
        return _bearer(_run(token_command, environment, limit_seconds, what), what)
    if (from_file := _from_directory(account_name, environment)) is not None:
        return Secret(from_file)
    if (password := _from_keyring(account_name, limit_seconds)) is not None:
        return Secret(password)
    entry = f'put it there for the service "{_SERVICE}" and the user "{account_name}"'
    raise CredentialsError(
        f"there is no password for {owner} in the keyring: "
        f"{entry if whose else 'run `connectd setup`'}, or set a password_command."
    )


def store_in_keyring(
    account_name: str, password: str, *, limit_seconds: float = _LIMIT_SECONDS
) -> str | None:
    """Keep the password in the desktop's keyring; return the one it replaces, or None.

    Raises CredentialsError where there is no keyring that can be trusted.
    """

    def store() -> str | None:
        backend = _trusted_backend()
        before = backend.get_password(_SERVICE, account_name)
        backend.set_password(_SERVICE, account_name, password)
        return before

    return _ask_keyring(store, limit_seconds)


def remove_from_keyring(account_name: str, *, limit_seconds: float = _LIMIT_SECONDS) -> None:
    """Forget the password, if there is one; raises CredentialsError as ``store_in_keyring``."""

    def remove() -> None:
        backend = _trusted_backend()
        if backend.get_password(_SERVICE, account_name) is not None:
            backend.delete_password(_SERVICE, account_name)

    _ask_keyring(remove, limit_seconds)


def _run(
    command: Sequence[str], environment: Mapping[str, str], limit_seconds: float, what: str
) -> bytes:
    """The command's output. Its stderr is not kept: what it says there may be the secret."""
    try:
        process = subprocess.Popen(  # noqa: S603  the user's own command, run without a shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=dict(environment),
            start_new_session=True,
        )
    except OSError as error:
        raise CredentialsError(
            f"{what} cannot be run: {error.strerror}. Check the command in the configuration."
        ) from None
    with process:
        try:
            output, _ = process.communicate(timeout=limit_seconds)
        except subprocess.TimeoutExpired:
            raise CredentialsError(
                f"{what} was stopped after {limit_seconds:g} seconds; {_TRY_IT} what it waits for."
            ) from None
        finally:
            if process.returncode is None:
                _end(process)
    if process.returncode != 0:
        raise CredentialsError(f"{what} {_ending(process.returncode)}; {_TRY_IT} why.")
    return output


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the command and whatever it started, or its output would stay open."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _ending(status: int) -> str:
    return f"failed with status {status}" if status > 0 else f"was ended by signal {-status}"


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


def _from_keyring(account_name: str, limit_seconds: float) -> str | None:
    def look_up() -> str | None:
        return _trusted_backend().get_password(_SERVICE, account_name)

    return _ask_keyring(look_up, limit_seconds) or None


def _trusted_backend() -> "KeyringBackend":
    """The desktop's own keyring, also from behind a chain; never a file, never nothing."""
    import keyring  # noqa: PLC0415  slow to import, and most commands need no secret
    from keyring.backends.chainer import ChainerBackend  # noqa: PLC0415  as above
    from keyring.backends.fail import Keyring as NoBackend  # noqa: PLC0415  as above

    chosen = keyring.get_keyring()
    backends = list(chosen.backends) if isinstance(chosen, ChainerBackend) else [chosen]
    for backend in backends:
        if (type(backend).__module__, type(backend).__name__) in _TRUSTED:
            return backend
    if not backends or isinstance(chosen, NoBackend):
        raise CredentialsError(f"no keyring is running here; {_INSTEAD}.")
    name = f"{type(chosen).__module__}.{type(chosen).__name__}"
    raise CredentialsError(f"the keyring {name} does not keep passwords safe; {_INSTEAD}.")


def _ask_keyring(ask: Callable[[], Result], limit_seconds: float) -> Result:
    """Ask in a thread of its own: a locked keyring may wait for its user for ever."""
    answers: SimpleQueue[Result | Exception] = SimpleQueue()

    def answer() -> None:
        try:
            answers.put(ask())
        except Exception as error:  # noqa: BLE001  raised again below, in the caller's thread
            answers.put(error)

    Thread(target=answer, name="keyring", daemon=True).start()
    try:
        found = answers.get(timeout=limit_seconds)
    except Empty:
        raise KeyringLockedError(
            f"the keyring gave no answer in {limit_seconds:g} seconds; unlock it, or {_INSTEAD}."
        ) from None
    if isinstance(found, CredentialsError):
        raise found
    if isinstance(found, Exception):
        raise _keyring_problem(found) from found
    return found


def _keyring_problem(error: Exception) -> CredentialsError:
    """Backends let the errors of their own libraries through, so any can come up here."""
    from keyring.errors import KeyringLocked  # noqa: PLC0415  slow to import

    if isinstance(error, KeyringLocked):
        return KeyringLockedError(f"the keyring is locked; unlock it, or {_INSTEAD}.")
    return CredentialsError(f"the keyring failed ({type(error).__name__}); {_INSTEAD}.")
