"""Reads all that blocks time: the chosen calendars and the published ones."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from connectd.domain.model import Span
from connectd.domain.view import Unread
from connectd.errors import CredentialsError, RefusedError, ServerError
from connectd.service.feeds import FEEDS, read_feeds
from connectd.service.means import Means
from connectd.service.refreshing import Source, refresh
from connectd.service.survey import Chosen, Survey
from connectd.service.unread import unread_because

_LOOK_BACK = timedelta(days=32)
_DAY = timedelta(days=1)
_READ_FOR = "read_for"


@dataclass(frozen=True, slots=True)
class View:
    """What was read, by URL, and what could not be read whole.

    ``calendars`` lie on the accounts' servers. ``feeds`` are published copies, where nothing
    of ours is looked for: what stands there may long have changed.
    """

    calendars: tuple[str, ...]
    unread: tuple[Unread, ...]
    feeds: tuple[str, ...] = ()

    @property
    def everything(self) -> tuple[str, ...]:
        """All that blocks time."""
        return self.calendars + self.feeds


def window_at(now: datetime, horizon_days: int) -> Span:
    """The window that is read: it slides once a day, at midnight UTC."""
    midnight = datetime.combine(now.date(), time.min, UTC)
    return Span(midnight - _LOOK_BACK, midnight + timedelta(days=horizon_days) + 2 * _DAY)


def read_calendars(
    means: Means, found: Survey, now: datetime, ours: Collection[str], *, afresh: bool = False
) -> View:
    """Read every chosen calendar that changed since the last time, or whose window slid.

    ``ours`` are the UIDs of our own meetings, whose text is kept. A calendar that cannot be
    read whole is named and does not count as read; the others are read all the same. Feeds
    are asked for again ``afresh`` even where a copy of them is a few minutes old.
    """
    _forget_what_was_read_for_others(means)
    window = window_at(now, means.policy.rules.horizon_days)
    read: list[str] = []
    unread: list[Unread] = []
    for chosen in found.chosen:
        means.progress()
        try:
            refresh(means, on_server(means, chosen), window, now, ours)
        except (CredentialsError, ServerError) as error:
            unread.append(unread_because(error, chosen.account, chosen.info.name))
        else:
            read.append(chosen.info.url)
    if not found.unread:
        _forget_others(means, {chosen.info.url for chosen in found.chosen})
    feeds, out_of_date = read_feeds(means, window, now, afresh=afresh)
    return View(tuple(read), (*found.unread, *unread, *out_of_date), feeds)


def on_server(means: Means, chosen: Chosen) -> Source:
    """Where the objects of a calendar on a server come from."""
    server, info = means.servers[chosen.account], chosen.info
    return Source(
        account=chosen.account,
        url=info.url,
        name=info.name,
        version=info.version,
        listing=lambda window: _listing(means, chosen, window),
        fetch=lambda hrefs: server.fetch(info.url, hrefs),
    )


def _listing(means: Means, chosen: Chosen, window: Span) -> dict[str, str]:
    """Every object with an event or a published free/busy time near the window.

    Servers read floating times and whole days in a zone of their choice, hence a day more.
    """
    server = means.servers[chosen.account]
    asked = Span(window.start - _DAY, window.end + _DAY)
    listing = server.listing(chosen.info.url, asked)
    if not chosen.info.components or "VFREEBUSY" in chosen.info.components:
        try:
            listing |= server.listing(chosen.info.url, asked, "VFREEBUSY")
        except RefusedError:
            return listing
    return listing


def _forget_what_was_read_for_others(means: Means) -> None:
    """Have all read anew once the configuration names another zone, or other addresses of mine.

    What a floating time means, and whether I take part, was worked out for those before.
    """
    me = json.dumps([means.config.me.timezone.key, *sorted(means.my_addresses)])
    if means.store.get_note(_READ_FOR) == me:
        return
    with means.store.transaction():
        for account in (*(account.name for account in means.config.accounts), FEEDS):
            for record in means.store.calendars(account):
                means.shelf.forget(record.url, means.store)
        means.store.set_note(_READ_FOR, me)


def _forget_others(means: Means, chosen: set[str]) -> None:
    for account in means.config.accounts:
        for record in means.store.calendars(account.name):
            if record.url not in chosen:
                means.shelf.forget(record.url, means.store)
