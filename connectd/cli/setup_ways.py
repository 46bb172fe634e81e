"""What `connectd setup` works with: the ways to servers, to the keyring and to this machine."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from connectd.cli.building import build_server
from connectd.cli.invocation import Invocation
from connectd.config import Account
from connectd.edges import secrets, this_machine
from connectd.edges.caldav_server import CalDavServer, CalendarInfo, Credential, Home
from connectd.edges.confined import Confined
from connectd.edges.dns import Names
from connectd.edges.web import Web
from connectd.errors import WrongInputError
from connectd.service.finding_server import Place, find_server, known_providers
from connectd.service.first_look import FirstLook, look_at


@dataclass(frozen=True, slots=True)
class Ways:
    """The edges of a setup; ``ca_file`` is trusted in place of the usual authorities."""

    call: Invocation
    ca_file: str | None

    def find(self, said: str) -> tuple[Place, ...]:
        """Find calendar servers by an address, a host or a URL; raises as ``find_server``."""
        ca_file = Path(self.ca_file) if self.ca_file else None
        return find_server(said, Names(), Web(), known_providers(), ca_file=ca_file)

    def connect(self, account: Account, password: str | None) -> CalDavServer:
        """The server of an account, asked with the typed password where there is one."""
        ca_file = self.ca_file or (str(account.ca_file) if account.ca_file else None)
        if password is None:
            trusted = account._replace(ca_file=Path(ca_file) if ca_file else None)
            return build_server(trusted, self.call.environment)
        credential = Credential(account.username, password)
        return CalDavServer(account.name, account.url, lambda: credential, ca_file=ca_file)

    def look(
        self, server: CalDavServer, home: Home, calendars: tuple[CalendarInfo, ...], zone: ZoneInfo
    ) -> FirstLook:
        """See which calendars hold whole days alone, and which hours are usual."""
        with Confined("connectd.formats.confined_readers:read") as reader:
            return look_at(server, home, calendars, reader, zone, self.call.now())

    def has_keyring(self) -> bool:
        """Whether there is a keyring that can keep a password."""
        return secrets.keyring_is_there()

    def users_name(self) -> str:
        """The user's name as this machine knows it; empty if it does not."""
        return this_machine.users_name()

    def time_zone(self) -> str:
        """The time zone of this machine; empty if it does not tell."""
        return this_machine.time_zone(self.call.environment)

    def keeping(self, password: str | None) -> Callable[[Account], AbstractContextManager[None]]:
        """Where a typed password stays; a failure inside leaves the keyring as it was."""

        def keep(account: Account) -> AbstractContextManager[None]:
            return nullcontext() if password is None else _in_keyring(account, password)

        return keep


@contextmanager
def _in_keyring(account: Account, password: str) -> Iterator[None]:
    if account.password_command or account.token_command:
        raise WrongInputError(
            f"The account “{account.name}” has a command for its password, which comes first. "
            "Take it out of the configuration to use the keyring."
        )
    with ExitStack() as undoing:
        # first the way back: somebody may interrupt the storing
        if (before := secrets.password_of(account.name)) is None:
            undoing.callback(secrets.remove_from_keyring, account.name)
        else:
            undoing.callback(secrets.store_in_keyring, account.name, before)
        secrets.store_in_keyring(account.name, password)
        yield
        undoing.pop_all()
