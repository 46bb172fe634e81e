"""What else is reached over the network: published calendars, and the mail server."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from connectd.config import Config, Mail
from connectd.edges.store import Store
from connectd.service.doctor.accounts import source_of
from connectd.service.doctor.calendars import unreadable
from connectd.service.doctor.checks import Check, carried_out, fine, in_time, wrong
from connectd.service.doctor.instruments import Instruments, means_for
from connectd.service.feeds import read_feeds
from connectd.service.means import Means
from connectd.service.reading import window_at

_SERVER = 5
_SECRET_SECONDS = 40.0  # a little more than commands and keyrings are given


def look_at_feeds(
    config: Config, store: Store, now: datetime, instruments: Instruments
) -> Iterator[Check]:
    """Fetch and read every published calendar."""
    for feed in config.feeds:
        means = means_for(config._replace(feeds=(feed,)), store, instruments, {})
        look = partial(_look_at_feed, feed.name, means, now)
        yield from carried_out("feed", feed.name, look, timed=True)


def _look_at_feed(name: str, means: Means, now: datetime) -> Iterator[Check]:
    window = window_at(now, means.config.policy.rules.horizon_days)
    read, unread = read_feeds(means, window, now, afresh=True)
    record = means.store.feed(name)
    if unread:
        yield wrong("feed", unread[0].reason, name, status=_SERVER)
    elif record and record.error:
        detail = f"could not be fetched, and its last copy stands in: {record.error}"
        yield wrong("feed", detail, name, status=_SERVER)
    else:
        yield fine("feed", "it was fetched and read", name)
        yield from unreadable(means, list(read), name)


def look_at_mail(
    mail: Mail, instruments: Instruments, resume: Callable[[], None]
) -> Iterator[Check]:
    """Log in to the mail server as for a mail, and send none; ``resume`` is called if it works."""
    subject = mail.host

    def look() -> Iterator[Check]:
        login = in_time(_SECRET_SECONDS, lambda: instruments.login_of(mail))
        server = instruments.mail_server(mail, (lambda: login) if login else None)
        in_time(2 * instruments.limit_seconds, server.check)
        resume()
        how = "it takes mail without a login"
        if login:
            directory = instruments.environment.get("CREDENTIALS_DIRECTORY")
            source = source_of("mail", mail.password_command, mail.token_command, directory)
            how = f"it takes the login of {mail.username}, whose password comes from {source}"
        yield fine("mail", f"{how}; nothing was sent", subject)

    yield from carried_out("mail", subject, look, timed=True)
