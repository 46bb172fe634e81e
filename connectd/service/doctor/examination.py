"""One examination: every look in its turn, however the others turn out."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from connectd.edges.store import Store
from connectd.service.doctor.accounts import AccountLook
from connectd.service.doctor.bundle import Subject
from connectd.service.doctor.checks import Check, carried_out
from connectd.service.doctor.here import configuration, permissions, text_of, time_zones
from connectd.service.doctor.instruments import Instruments
from connectd.service.doctor.others import look_at_feeds, look_at_mail
from connectd.service.doctor.places import look_at_places
from connectd.service.doctor.records import database, last_tick
from connectd.service.doctor.service_state import service_state
from connectd.service.doctor.versions import look_at_versions
from connectd.service.handing_over import end_rest
from connectd.service.pausing import resume


class Examination:
    """Looks at everything as of ``now``, without disturbing a connectd that runs meanwhile.

    ``config`` is what can be used of the configuration, ``store`` a copy of the database in
    memory that also holds what was read; the same without what is wrong or damaged.
    """

    def __init__(
        self, path: Path, environment: Mapping[str, str], now: datetime, instruments: Instruments
    ) -> None:
        self._path = path
        self._now = now
        self._instruments = instruments
        self.config, self._first = configuration(path, environment, now)
        # before anything opens the database, which closes it to others
        self._first += carried_out("permissions", "", lambda: permissions(self.config))
        self.store, check = database(self.config, now)
        self._first.append(check)

    def checks(self) -> Iterator[Check]:
        """Give the lines as they come."""
        config, store, now, instruments = self.config, self.store, self._now, self._instruments
        yield from self._first
        yield from carried_out("time zone", "", lambda: time_zones(config, store, now))
        yield from look_at_places(config, instruments)
        for account in config.accounts:
            look = AccountLook(account, config, store, instruments, self._resume_account)
            yield from look.checks(now)
        yield from look_at_feeds(config, store, now, instruments)
        if config.mail:
            yield from look_at_mail(config.mail, instruments, self._resume_mail)
        yield from carried_out("service", "", lambda: service_state(instruments.standing(config)))
        yield from carried_out("last tick", "", lambda: last_tick(config, store, now))
        systemd = instruments.systemd
        yield from carried_out("versions", "", lambda: [look_at_versions(systemd())])

    def as_found(self, checks: Iterable[Check]) -> Subject:
        """Give what a report of these lines is about."""
        return Subject(self.config, text_of(self._path), self.store, tuple(checks))

    def close(self) -> None:
        """Let the copy go."""
        self.store.close()

    def _resume_account(self, account: str) -> None:
        """End the pause of an account, in the database itself."""
        self._in_database(lambda store: resume(store, account))

    def _resume_mail(self) -> None:
        """Let mails that wait since a refused login go out with the next tick."""
        self._in_database(end_rest)

    def _in_database(self, change: Callable[[Store], None]) -> None:
        if not self.config.state.exists():
            return
        with Store.open(self.config.state, create=False) as store:
            change(store)
