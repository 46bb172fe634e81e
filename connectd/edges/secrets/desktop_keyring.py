"""The desktop's keyring: asked in time, trusted by name, and not pressed while it is locked."""

from collections.abc import Callable
from contextlib import closing
from importlib import import_module
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING, TypeVar

from connectd.edges.secrets.core_dumps import forbid_core_dumps
from connectd.errors import CredentialsError, KeyringLockedError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "connectd"
LIMIT_SECONDS = 30.0
_FREEDESKTOP = "keyring.backends.SecretService"
_TRUSTED = (
    (_FREEDESKTOP, "Keyring"),
    ("keyring.backends.kwallet", "DBusKeyring"),
    ("keyring.backends.kwallet", "DBusKeyringKWallet4"),
    ("keyring.backends.macOS", "Keyring"),
)
_INSTEAD = "set a password_command instead"
_has_asked_to_be_unlocked = Event()
"""Set once this process has shown its user a question for the keyring's password."""

Result = TypeVar("Result")


def keyring_is_there(*, limit_seconds: float = LIMIT_SECONDS) -> bool:
    """Whether there is a keyring that can be trusted; a locked one is there, too."""
    try:
        _ask_keyring(_trusted_backend, limit_seconds)
    except CredentialsError:
        return False
    return True


def store_in_keyring(
    account_name: str, password: str, *, limit_seconds: float = LIMIT_SECONDS
) -> str | None:
    """Keep the password in the desktop's keyring; return the one it replaces, or None.

    Raises CredentialsError where there is no keyring that can be trusted.
    """

    def store() -> str | None:
        backend = _trusted_backend()
        before = backend.get_password(SERVICE, account_name)
        backend.set_password(SERVICE, account_name, password)
        return before

    return _ask_keyring(store, limit_seconds)


def remove_from_keyring(account_name: str, *, limit_seconds: float = LIMIT_SECONDS) -> None:
    """Forget the password, if there is one; raises CredentialsError as ``store_in_keyring``."""

    def remove() -> None:
        backend = _trusted_backend()
        if backend.get_password(SERVICE, account_name) is not None:
            backend.delete_password(SERVICE, account_name)

    _ask_keyring(remove, limit_seconds)


def password_of(account_name: str, limit_seconds: float = LIMIT_SECONDS) -> str | None:
    """The password of an account, None where the keyring has none for it.

    A keyring that is locked asks its user for its own password: once, not each time that
    somebody looks. Raises KeyringLockedError while it is, else as ``store_in_keyring``.
    """

    def look_up() -> str | None:
        backend = _trusted_backend()
        _ask_to_unlock_once(backend)
        return backend.get_password(SERVICE, account_name)

    return _ask_keyring(look_up, limit_seconds) or None


def _ask_to_unlock_once(backend: "KeyringBackend") -> None:
    """Let the keyring ask its user, if it has not asked before and is locked still."""
    if not _is_known_to_be_locked(backend):
        _has_asked_to_be_unlocked.clear()
    elif _has_asked_to_be_unlocked.is_set():
        raise _locked()
    else:
        _has_asked_to_be_unlocked.set()


def _is_known_to_be_locked(backend: "KeyringBackend") -> bool:
    """Whether looking into it means asking its user; only the Secret Service can say before."""
    if type(backend).__module__ != _FREEDESKTOP:
        return False
    import secretstorage  # noqa: PLC0415  slow to import, and there on Linux only
    from secretstorage.collection import DEFAULT_COLLECTION  # noqa: PLC0415  as above

    path = getattr(backend, "preferred_collection", DEFAULT_COLLECTION)
    with closing(secretstorage.dbus_init()) as connection:
        try:
            return secretstorage.Collection(connection, path).is_locked()
        except secretstorage.ItemNotFoundException:
            return False


def _trusted_backend() -> "KeyringBackend":
    """The desktop's own keyring, also from behind a chain; never a file, never nothing."""
    import keyring  # noqa: PLC0415  slow to import, and most commands need no secret
    from keyring import core  # noqa: PLC0415  as above
    from keyring.backends.chainer import ChainerBackend  # noqa: PLC0415  as above
    from keyring.backends.fail import Keyring as NoBackend  # noqa: PLC0415  as above

    chosen = keyring.get_keyring()
    if isinstance(chosen, NoBackend) and not (core.load_env() or core.load_config()):
        chosen = _come_since() or chosen
    backends = list(chosen.backends) if isinstance(chosen, ChainerBackend) else [chosen]
    for backend in backends:
        if (type(backend).__module__, type(backend).__name__) in _TRUSTED:
            return backend
    if not backends or isinstance(chosen, NoBackend):
        raise CredentialsError(f"no keyring is running here; {_INSTEAD}.")
    name = f"{type(chosen).__module__}.{type(chosen).__name__}"
    raise CredentialsError(f"the keyring {name} does not keep passwords safe; {_INSTEAD}.")


def _come_since() -> "KeyringBackend | None":
    """A trusted keyring that was not there yet when the library looked, which it does once."""
    for module, name in _TRUSTED:
        backend: type[KeyringBackend] = getattr(import_module(module), name)
        if backend.viable:
            return backend()
    return None


def _ask_keyring(ask: Callable[[], Result], limit_seconds: float) -> Result:
    """Ask in a thread of its own: a locked keyring may wait for its user for ever."""
    forbid_core_dumps()
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
        return _locked()
    return CredentialsError(f"the keyring failed ({type(error).__name__}); {_INSTEAD}.")


def _locked() -> KeyringLockedError:
    return KeyringLockedError(f"the keyring is locked; unlock it, or {_INSTEAD}.")
