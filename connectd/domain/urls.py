"""Which URLs connectd may be told to use: encrypted ones, or ones on this very machine."""

import re
from urllib.parse import urlsplit

HOLDS_A_LOGIN = "must hold no user name or password"

_UNFIT_FOR_URL = re.compile(r"[\x00-\x20\x7f-\x9f\\<>\"]")
_LOOPBACK = re.compile(r"127(\.[0-9]{1,2}){3}")
_LONGEST = 2000


def url_problem(url: str) -> str | None:
    """What is wrong with a URL, as the end of a sentence about it; None if nothing is.

    The message never repeats the URL: there may be a secret in it.
    """
    try:
        parts = urlsplit(url)
        usable = parts.port != 0 and not _UNFIT_FOR_URL.search(url) and len(url) <= _LONGEST
    except ValueError:
        usable = False
    if not usable:
        return "is no well-formed URL such as https://dav.example.test/"
    if parts.scheme in {"webcal", "webcals"}:
        return f"must start with https:// instead of {parts.scheme}://"
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return "must be a URL such as https://dav.example.test/"
    if "@" in parts.netloc:
        return HOLDS_A_LOGIN
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        return "must start with https:// (plain http only to this machine)"
    return None


def ascii_host(host: str) -> str:
    """Return the name in the letters that the name system knows (RFC 5890), in lower case.

    In these, a name that only looks like another one looks unlike it.
    """
    try:
        return host.lower().encode("idna").decode("ascii")
    except UnicodeError:
        return host.lower()


def is_loopback(host: str) -> bool:
    """Whether the name means this very machine, whatever a resolver would say."""
    if host.lower() == "localhost" or _LOOPBACK.fullmatch(host):
        return True
    from ipaddress import ip_address  # noqa: PLC0415  slow to import, and seldom needed

    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
