"""What a single value of the configuration may be.

Each check takes a value as TOML gave it and returns it in the form the program uses, or
raises WrongValueError with what is wrong and what to write instead. A message repeats the
value only where it cannot hold a secret: never a URL, never a command.
"""

import re
from collections.abc import Callable, Iterable
from datetime import time
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from connectd.domain.addresses import valid_address
from connectd.domain.model import Month
from connectd.domain.urls import HOLDS_A_LOGIN, url_problem

Check = Callable[[object], Any]
Spans = tuple[tuple[time, time], ...]

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9 ._@+-]{0,63}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_HOST = re.compile(r"[^\s/@?#\\\[\]]+")
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_SPAN = re.compile(r"([0-2][0-9]):([0-5][0-9])-([0-2][0-9]):([0-5][0-9])")
_MIDNIGHT = 24 * 60
_LONGEST_SHOWN = 60
_LONGEST_INVITATION = 4000


class WrongValueError(ValueError):
    """A value cannot be used; the message completes the sentence that its key begins."""


def shown(value: object) -> str:
    """The value in the user's own notation, short and without control characters."""
    match value:
        case bool():
            return str(value).lower()
        case list():
            return "a list"
        case dict():
            return "a table"
        case str() if len(value) > _LONGEST_SHOWN:
            return f"{shown(value[:_LONGEST_SHOWN])}…"
        case str():
            return f'"{value}"' if value.isprintable() else repr(value)
        case _:
            return str(value)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, or None."""
    from difflib import get_close_matches  # noqa: PLC0415  only needed where something is wrong

    by_folded = {name.casefold(): name for name in known}
    close = get_close_matches(word.casefold(), by_folded, n=1)
    return by_folded[close[0]] if close else None


def text(value: object) -> str:
    """One line of text that is not blank."""
    written = _not_blank(value)
    if _CONTROL.search(written):
        raise WrongValueError("must be a single line without control characters")
    return written


def invitation_text(value: object) -> str:
    """Lines of text in which braces hold known placeholders, or are doubled."""
    written = _not_blank(value)
    if _CONTROL.search(written.replace("\n", "")):
        raise WrongValueError("must hold no tabs or other control characters but line breaks")
    if len(written) > _LONGEST_INVITATION:
        raise WrongValueError(
            f"must be at most {_LONGEST_INVITATION} characters long, not {len(written)}"
        )
    from connectd.domain.invitation_text import mistakes_in  # noqa: PLC0415  if there is a text

    if mistakes := mistakes_in(written):
        raise WrongValueError("; ".join(mistakes))
    return written


def _not_blank(value: object) -> str:
    if not isinstance(value, str):
        raise WrongValueError(f"must be text in quotes, not {shown(value)}")
    if not value.strip():
        raise WrongValueError("is empty")
    return value


def calendars(value: object) -> tuple[str, ...]:
    """Names or URLs of calendars, perhaps none."""
    return tuple(text(item) for item in _texts(value, '["Work", "Family"]'))


def _texts(value: object, example: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        kind = "one with other things in it" if isinstance(value, list) else shown(value)
        raise WrongValueError(f"must be a list of texts such as {example}, not {kind}")
    return value


def whole(low: int, high: int) -> Check:
    """A whole number from ``low`` to ``high``, both included; true and false are none."""

    def check(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise WrongValueError(
                f"must be a whole number from {low} to {high}, not {shown(value)}"
            )
        return value

    return check


def truth(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise WrongValueError(f"must be true or false, without quotes, not {shown(value)}")
    return value


def choice(*names: str) -> Check:
    """One of these words."""

    def check(value: object) -> str:
        if not isinstance(value, str) or value not in names:
            known = ", ".join(f'"{name}"' for name in names)
            raise WrongValueError(f"must be one of {known}, not {shown(value)}")
        return value

    return check


def address(value: object) -> str:
    """One e-mail address, strictly: what is in it ends up in calendars and mails."""
    if not valid_address(text(value)):
        raise WrongValueError(f"{shown(value)} is no e-mail address such as alice@example.test")
    return str(value)


def addresses(value: object) -> tuple[str, ...]:
    """At least one e-mail address."""
    found = _texts(value, '["alice@example.test"]')
    if not found:
        raise WrongValueError("needs at least one e-mail address")
    if wrong := [shown(item) for item in found if not valid_address(item)]:
        verb = "is no e-mail address" if len(wrong) == 1 else "are no e-mail addresses"
        raise WrongValueError(f"{', '.join(wrong)} {verb} such as alice@example.test")
    return tuple(found)


def zone(value: object) -> ZoneInfo:
    """A time zone by its name in the IANA database."""
    name = text(value)
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        meant = _nearest_zone(name)
        advice = f'did you mean "{meant}"?' if meant else 'write one such as "Europe/Berlin"'
        raise WrongValueError(f"{shown(name)} is no known time zone; {advice}") from None


def country(value: object) -> str:
    """A country by its two letters (ISO 3166-1); whether there is one is seen where it is used."""
    code = text(value)
    if not _COUNTRY.fullmatch(code):
        raise WrongValueError(f'must be two capital letters such as "DE", not {shown(code)}')
    return code


def _nearest_zone(name: str) -> str | None:
    from zoneinfo import available_timezones  # noqa: PLC0415  reads a folder tree: only if wrong

    known = sorted(available_timezones())
    city = name.rpartition("/")[2].replace(" ", "_").casefold()
    same_city = [zone for zone in known if zone.rpartition("/")[2].casefold() == city]
    return same_city[0] if same_city else nearest(name, known)


def month(value: object) -> Month:
    """A month, written ``2026-11``."""
    written = _MONTH.fullmatch(value) if isinstance(value, str) else None
    if not written or int(written[1]) < 1:
        raise WrongValueError(f'must be a month such as "2026-11", in quotes, not {shown(value)}')
    return Month(int(written[1]), int(written[2]))


def hours_of_day(value: object) -> Spans:
    """Spans of local time such as ``09:00-12:00``, in any order, none over another.

    An end of ``24:00`` is the midnight at the end of the day, in the result ``time.min``.
    """
    written = sorted((_span(item), item) for item in _texts(value, '["09:00-12:00"]'))
    for (first, first_text), (second, second_text) in pairwise(written):
        if second[0] < first[1]:
            raise WrongValueError(
                f"{shown(first_text)} and {shown(second_text)} overlap; make them one"
            )
    return tuple((_time(start), _time(end)) for (start, end), _ in written)


def _span(written: str) -> tuple[int, int]:
    found = _SPAN.fullmatch(written)
    if not found:
        raise WrongValueError(f'{shown(written)} must look like "09:00-12:00"')
    numbers = [int(part) for part in found.groups()]
    start, end = numbers[0] * 60 + numbers[1], numbers[2] * 60 + numbers[3]
    if start >= _MIDNIGHT or end > _MIDNIGHT:
        raise WrongValueError(f"{shown(written)} is no time of a day; a day ends at 24:00")
    if end <= start:
        raise WrongValueError(
            f"{shown(written)} must end after it starts; midnight at the end of a day is 24:00"
        )
    return start, end


def _time(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


def url(value: object) -> str:
    """An https URL, or plain http to this very machine, without a password in it."""
    written = text(value)
    problem = url_problem(written)
    if problem == HOLDS_A_LOGIN:
        problem += "; write `username`, and keep the password in a password_command or the keyring"
    if problem:
        raise WrongValueError(problem)
    return written


def feed_url(value: object) -> str:
    """The URL of a published calendar; ``webcal`` is what some programs call https there."""
    return url(re.sub(r"(?i)\Awebcals?://", "https://", value) if isinstance(value, str) else value)


def public_url(value: object) -> str:
    """An https URL that other people are to open."""
    written = url(value)
    if urlsplit(written).scheme != "https":
        raise WrongValueError("must start with https://, since other people are to open it")
    return written


def host(value: object) -> str:
    """The name or address of a server, without a port."""
    written = text(value)
    if _HOST.fullmatch(written) and (":" not in written or _is_ip(written)):
        return written
    raise WrongValueError(f"{shown(written)} must be a host name alone, such as smtp.example.test")


def _is_ip(written: str) -> bool:
    from ipaddress import ip_address  # noqa: PLC0415  as above

    try:
        ip_address(written)
    except ValueError:
        return False
    return True


def command(value: object) -> tuple[str, ...]:
    """A program and its arguments, to be run without a shell."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise WrongValueError('must be a list of texts such as ["pass", "show", "dav"]')
    if not value or not value[0].strip():
        raise WrongValueError('names no program; write a list such as ["pass", "show", "dav"]')
    if any("\0" in item for item in value):
        raise WrongValueError("must hold no zero bytes")
    return tuple(value)


def username(value: object) -> str:
    """A user name as HTTP Basic can carry it (RFC 7617 section 2: no colon)."""
    written = text(value)
    if ":" in written:
        raise WrongValueError("must hold no colon")
    return written


def account_name(value: object) -> str:
    """A name that can also be the name of a file in a credentials directory."""
    written = text(value)
    if not _FILE_NAME.fullmatch(written) or written.endswith(" "):
        raise WrongValueError(
            f"{shown(written)} must be at most 64 plain letters, digits, or . _ @ + - inside"
        )
    return written


def file_path(value: object) -> str:
    """The path of a file; ``~/`` is the home directory."""
    written = text(value)
    if written.startswith("~") and not written.startswith("~/"):
        raise WrongValueError("must be a full path, or start with ~/ for your home directory")
    return written
