"""The calendars of one account: read as a tick reads them, and drafts tried for real."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from time import monotonic

from connectd.config import Account
from connectd.domain.model import Span
from connectd.domain.view import Unreadable
from connectd.edges.caldav_server import CalDavServer, CalendarInfo
from connectd.errors import ServerError
from connectd.formats.calendar_writer import href_of
from connectd.formats.plain_text import clean
from connectd.formats.probe import probe
from connectd.service.doctor.checks import Check, carried_out, fine, warning, wrong
from connectd.service.doctor.instruments import READING_SECONDS, hurried
from connectd.service.means import Means
from connectd.service.reading import on_server, window_at
from connectd.service.refreshing import refresh
from connectd.service.survey import Chosen, Survey, named, survey

PROBE_UID = "connectd-doctor-probe"

_SHOWN = 20
_SERVER = 5


class CalendarLook:
    """``means`` hold a copy of the database in memory, and this account alone."""

    def __init__(
        self,
        account: Account,
        means: Means,
        server: CalDavServer,
        calendars: tuple[CalendarInfo, ...],
        limit_seconds: float,
    ) -> None:
        self._account = account
        self._means = means
        self._server = server
        self._calendars = calendars
        self._limit_seconds = limit_seconds
        self._found: Survey | None = None

    def checks(self, now: datetime) -> Iterator[Check]:
        """Read every calendar that counts, then write a draft and take it away again."""
        yield from carried_out("calendar", self._account.name, lambda: self._choose(now))
        if self._found is None:
            return
        read: list[str] = []
        for chosen in self._found.chosen:
            look = partial(self._read, chosen, now)
            for check in carried_out("calendar", _called(chosen), look, timed=True):
                if not check.exit_status:
                    read.append(chosen.info.url)
                yield check
        yield from carried_out(
            "events", self._account.name, lambda: unreadable(self._means, read, self._account.name)
        )
        if self._account.drafts:
            yield from carried_out(
                "drafts", self._account.name, lambda: self._try_drafts(now), timed=True
            )

    def _choose(self, now: datetime) -> Iterator[Check]:
        """See which calendars the configuration means; what it names has to be there."""
        with hurried(self._server, self._limit_seconds):
            found = survey(self._means, now, may_create=False)
        there = ", ".join(sorted(info.name for info in self._calendars)) or "none"
        advice = f"correct the name in the configuration; there are: {there}"
        for missing in found.unread:
            yield wrong("calendar", missing.reason, missing.calendar, advice=advice, status=_SERVER)
        accepted = self._account.accepted
        if accepted and not named(self._calendars, accepted):
            detail = "there is no such calendar, so that moving a draft there says nothing"
            yield wrong("calendar", detail, f"{self._account.name}: {accepted}", advice=advice)
        for name in self._account.ignore:
            if not named(self._calendars, name):
                detail = "is to be ignored, and is not there"
                yield warning("calendar", detail, advice, f"{self._account.name}: {name}")
        if not found.chosen and not found.unread:
            detail = "no calendar of this account blocks any time"
            yield warning("calendar", detail, "name some under busy", self._account.name)
        self._found = found

    def _read(self, chosen: Chosen, now: datetime) -> Iterator[Check]:
        """Read one calendar, as if something had changed in it."""
        means, began = self._means, monotonic()
        source = replace(on_server(means, chosen), version=None)
        window = window_at(now, self._means.config.policy.rules.horizon_days)
        ours = {meeting.uid for meeting in means.store.meetings() if not meeting.released}
        known = set(means.shelf.of(source.url, means.store))
        with hurried(self._server, READING_SECONDS):
            refresh(means, source, window, now, ours)
        number = len(means.shelf.of(source.url, means.store))
        new = len(set(means.shelf.of(source.url, means.store)) - known)
        yield fine(
            "calendar",
            f"read in {monotonic() - began:.1f} seconds: {_objects(number)} {_days(window)}"
            f"{_uses(chosen)}{f', {new} of them for the first time' if 0 < new < number else ''}",
            _called(chosen),
        )

    def _try_drafts(self, now: datetime) -> Iterator[Check]:
        """Write an event that blocks no time, read it back, and take it away again."""
        drafts = self._found.drafts if self._found else None
        if drafts is None:
            if self._found and not self._found.unread:
                detail = "there is no such calendar yet; the first tick makes it"
                yield fine("drafts", detail, f"{self._account.name}: {self._account.drafts}")
            return
        with hurried(self._server, self._limit_seconds):
            _write_and_remove(
                self._server, drafts.info.url, probe(self._account.email, now, PROBE_UID)
            )
        yield fine("drafts", "a draft for trial was written, read and removed", _called(drafts))


def _write_and_remove(server: CalDavServer, calendar: str, event: str) -> None:
    """Store the event, and leave nothing behind; also what an earlier look left goes."""
    href = href_of(calendar, PROBE_UID)
    _take_away(server, href)
    try:
        server.create(href, event)
    except BaseException:
        # also where Ctrl-C or a lost answer leaves open whether it is there
        with suppress(ServerError):
            _take_away(server, href)
        raise
    _take_away(server, href)
    if server.get(href) is not None:
        raise ServerError("What was written to try it could not be taken away again.")


def _take_away(server: CalDavServer, href: str) -> None:
    if (there := server.get(href)) and there.etag:
        server.remove(href, there.etag)


def unreadable(means: Means, calendars: list[str], subject: str) -> Iterator[Check]:
    """Name every event that could not be read for certain, and what it costs."""
    found = tuple(means.shelf.unreadable(calendars, means.store))
    for event in found[:_SHOWN]:
        yield _unreadable(event)
    if len(found) > _SHOWN:
        advice = "connectd plan --json lists them all"
        yield warning("events", f"{len(found) - _SHOWN} more could not be read", advice, subject)
    if not found:
        yield fine("events", "all of them could be read", subject)


def _unreadable(event: Unreadable) -> Check:
    return warning(
        "events",
        f"“{clean(event.title or event.uid)}” could not be read: {clean(event.reason)}. "
        f"Kept free of drafts: {clean(event.blocks)}",
        "correct or delete it in your calendar program",
        clean(event.calendar),
    )


def _called(chosen: Chosen) -> str:
    return f"{chosen.account}: {chosen.info.name}"


def _uses(chosen: Chosen) -> str:
    if chosen.drafts:
        return "; drafts go there"
    return "; moving a draft there says yes" if chosen.accepted else ""


def _objects(number: int) -> str:
    return "1 event" if number == 1 else f"{number} events"


def _days(window: Span) -> str:
    return f"from {window.start:%Y-%m-%d} to {window.end:%Y-%m-%d}"
