"""Tries on the server what is to be configured: which calendars there are, and may be written."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime

from connectd.config import Account
from connectd.edges.caldav_server import CalDavServer, CalendarInfo, Home
from connectd.errors import ConfigError, ConnectdError
from connectd.formats.calendar_writer import href_of
from connectd.formats.probe import PROBE_UID, probe
from connectd.service.survey import named

Calendars = tuple[CalendarInfo, ...]


def check_names(account: Account, calendars: Calendars) -> None:
    """Every calendar named must be there; the one for drafts may be new, but not ambiguous.

    One to be ignored may be missing: nothing is lost with it. Raises ConfigError.
    """
    there = ", ".join(sorted(info.name for info in calendars)) or "none"
    wanted = [("busy", name) for name in account.busy if name not in ("*", account.drafts)]
    if account.accepted:
        wanted.append(("accepted", account.accepted))
    problems = [
        f"account “{account.name}”, {key}: there is no calendar “{name}” (there are: {there})"
        for key, name in wanted
        if not named(calendars, name)
    ]
    if len(named(calendars, account.drafts or "")) > 1:
        problems.append(
            f"account “{account.name}”, drafts: several calendars are called "
            f"“{account.drafts}”; put the URL of the right one there"
        )
    if problems:
        raise ConfigError(problems)


@contextmanager
def drafts_calendar(
    server: CalDavServer, home: Home, calendars: Calendars, account: Account
) -> Iterator[tuple[CalendarInfo, bool]]:
    """The calendar for drafts, made where it is missing and unmade if anything then fails."""
    wanted = account.drafts or ""
    if there := named(calendars, wanted):
        yield there[0], False
        return
    if "://" in wanted:
        raise ConfigError([f"account “{account.name}”, drafts: there is no calendar at {wanted}"])
    with ExitStack() as undoing:
        # before it is made: where somebody interrupts the making, nobody knows how far it came
        undoing.callback(_unmake, server, home, calendars, wanted)
        yield server.make_calendar(home, wanted), True
        undoing.pop_all()


def try_writing(server: CalDavServer, drafts: CalendarInfo, email: str, now: datetime) -> None:
    """Write an event that blocks no time, read it back, and take it away again.

    Raises RefusedError where the calendar cannot be written, ServerError.
    """
    href = href_of(drafts.url, PROBE_UID)
    _take_away(server, href)
    with ExitStack() as undoing:
        undoing.callback(_take_away_after_all, server, href)
        stored = server.create(href, probe(email, now))
        if stored.etag:
            server.remove(href, stored.etag)
        undoing.pop_all()


def _unmake(server: CalDavServer, home: Home, before: Calendars, name: str) -> None:
    """Take away the calendar of this name that was not there before, if there is one."""
    server.close()
    known = {info.url for info in before}
    for info in named(server.calendars(home), name):
        if info.url not in known:
            server.unmake_calendar(info)


def _take_away_after_all(server: CalDavServer, href: str) -> None:
    """After a failure, which is what the user is to hear of, whatever comes up here."""
    server.close()
    with suppress(ConnectdError):
        _take_away(server, href)


def _take_away(server: CalDavServer, href: str) -> None:
    if (there := server.get(href)) and there.etag:
        server.remove(href, there.etag)
