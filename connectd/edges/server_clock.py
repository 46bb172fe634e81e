"""Asks a web server what time it is."""

import contextlib
import ssl
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

from connectd import __version__
from connectd.errors import ServerError

_WAIT_SECONDS = 10.0


def server_time(url: str, ca_file: Path | None = None) -> datetime | None:
    """Return the server's own time as its answer to an OPTIONS has it (RFC 9110 section 6.6.1).

    Nobody logs in for it, so any status is an answer. None where it has no date. ``url`` is
    an https URL, or http to this machine. Raises ServerError where there is no answer.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        with contextlib.closing(_connection(parts.scheme, host, parts.port, ca_file)) as connection:
            headers = {"User-Agent": f"connectd/{__version__}"}
            connection.request("OPTIONS", parts.path or "/", headers=headers)
            return _read(connection.getresponse().getheader("Date"))
    except (OSError, HTTPException, ValueError):
        raise ServerError(f"{host} did not say what time it is.") from None


def _connection(scheme: str, host: str, port: int | None, ca_file: Path | None) -> HTTPConnection:
    if scheme == "http":
        return HTTPConnection(host, port, timeout=_WAIT_SECONDS)
    trust = ssl.create_default_context(cafile=ca_file)
    return HTTPSConnection(host, port, timeout=_WAIT_SECONDS, context=trust)


def _read(date: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(date or "").astimezone(UTC)
    except (ValueError, OverflowError):
        return None
