"""The hosts that the configuration names: found, trusted, and of one mind about the time."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from connectd.config import Config
from connectd.edges.host_names import addresses_of
from connectd.edges.server_clock import server_time
from connectd.edges.tls import certificate_end
from connectd.service.doctor.checks import Check, Level, carried_out, fine, in_time, warning
from connectd.service.doctor.instruments import Instruments

_SOON = timedelta(days=14)
_PORTS = {"https": 443, "http": 80}
_FAR_APART = timedelta(seconds=60)
_ADDRESSES_SHOWN = 3
_SERVER = 5


class Place(NamedTuple):
    """Where connections go, and how; ``clock`` is the URL to ask for the time, if any."""

    host: str
    port: int
    how: Literal["https", "http", "tls", "starttls", "none"]
    ca_file: Path | None = None
    clock: str | None = None

    @property
    def name(self) -> str:
        """The host, and the port where it is not the usual one."""
        usual = self.port in _PORTS.values()
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if usual else f"{host}:{self.port}"

    @property
    def encrypted(self) -> bool:
        """Whether a certificate is to be seen there."""
        return self.how in {"https", "tls", "starttls"}


def places_of(config: Config) -> tuple[Place, ...]:
    """Every place that connectd goes to, each once."""
    found = [_of_url(one.url, one.ca_file, clock=True) for one in config.accounts]
    if config.people and config.people.url:
        ca_files = {account.name: account.ca_file for account in config.accounts}
        found.append(_of_url(config.people.url, ca_files.get(config.people.account)))
    found += [_of_url(feed.url, feed.ca_file) for feed in config.feeds]
    if config.mail:
        mail = config.mail
        found.append(Place(mail.host, mail.port, mail.security, mail.ca_file))
    distinct = {place._replace(clock=None): place for place in reversed(found)}
    return tuple(reversed(distinct.values()))


def _of_url(url: str, ca_file: Path | None, *, clock: bool = False) -> Place:
    parts = urlsplit(url)
    how: Literal["https", "http"] = "http" if parts.scheme == "http" else "https"
    port = parts.port or _PORTS[how]
    return Place(parts.hostname or "", port, how, ca_file, url if clock else None)


def look_at_places(config: Config, instruments: Instruments) -> Iterator[Check]:
    """Look every host up, then at its certificate and its clock; one not found is left out."""
    places = places_of(config)
    missing = set()
    for host in dict.fromkeys(place.host for place in places):
        for check in carried_out("dns", host, partial(_look_up, host, instruments), timed=True):
            if check.level is Level.ERROR:
                missing.add(host)
            yield check
    for place in places:
        if place.host in missing:
            continue
        yield from _look_at(place, instruments)


def _look_at(place: Place, instruments: Instruments) -> Iterator[Check]:
    """Look at the clock only where the server can be reached and trusted."""
    trusted = True
    for check in carried_out(
        "certificate", place.name, lambda: [_certificate(place, instruments)], timed=True
    ):
        trusted = check.level is not Level.ERROR
        yield check
    if place.clock and trusted:
        yield from carried_out(
            "clock", place.name, lambda: [_clock(place, place.clock or "", instruments)], timed=True
        )


def _look_up(host: str, instruments: Instruments) -> Iterator[Check]:
    if _is_address(host):
        yield fine("dns", "is an address, which needs no looking up", host)
        return
    addresses = in_time(instruments.limit_seconds, lambda: addresses_of(host))
    more = "" if len(addresses) <= _ADDRESSES_SHOWN else ", …"
    yield fine("dns", f"is at {', '.join(addresses[:_ADDRESSES_SHOWN])}{more}", host)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _certificate(place: Place, instruments: Instruments) -> Check:
    if not place.encrypted:
        return fine("certificate", "is this machine, and needs none", place.name)
    ends = in_time(
        instruments.limit_seconds,
        lambda: certificate_end(
            place.host, place.port, ca_file=place.ca_file, starttls=place.how == "starttls"
        ),
    )
    left = ends - instruments.clock()
    when = f"it can be trusted, and ends on {ends:%Y-%m-%d}"
    if left >= _SOON:
        return fine("certificate", f"{when}, in {left.days} days", place.name)
    advice = "tell whoever runs that server to renew it"
    return warning("certificate", f"{when}, in {_days(left.days)}", advice, place.name)


def _days(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"


def _clock(place: Place, url: str, instruments: Instruments) -> Check:
    before = instruments.clock()
    theirs = in_time(instruments.limit_seconds, lambda: server_time(url, place.ca_file))
    after = instruments.clock()
    if theirs is None:
        return fine("clock", "does not say what time it is", place.name)
    # theirs is cut to whole seconds, and was read at some moment between the two
    apart = max(before - theirs - timedelta(seconds=1), theirs - after, timedelta(0))
    if apart <= _FAR_APART:
        return fine("clock", "agrees with the clock of this machine", place.name)
    whose = "behind" if theirs > after else "ahead of"
    detail = f"this machine's clock is {_in_words(apart)} {whose} the server's"
    advice = "let this machine set its clock by itself (timedatectl set-ntp true)"
    return warning("clock", detail, advice, place.name)


def _in_words(apart: timedelta) -> str:
    minutes = round(apart.total_seconds() / 60)
    if minutes < 120:  # noqa: PLR2004 - two hours
        return "a minute" if minutes <= 1 else f"{minutes} minutes"
    hours = round(minutes / 60)
    return f"{hours} hours" if hours < 48 else f"{round(hours / 24)} days"  # noqa: PLR2004 - two days
