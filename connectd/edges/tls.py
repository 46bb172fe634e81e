"""Looks at the certificate that a server shows, by the rules that hold for all connections."""

import contextlib
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from connectd.errors import ServerError

_WAIT_SECONDS = 10.0
# of this machine nothing is told
_MYSELF = "[127.0.0.1]"


def certificate_end(
    host: str, port: int, *, ca_file: Path | None = None, starttls: bool = False
) -> datetime:
    """Return until when the certificate of a server holds, once it has been verified.

    ``starttls`` is for a mail server that speaks in the clear first (RFC 3207). Raises
    ServerError where there is no encrypted connection, or the certificate is not to be
    trusted: expired, for another name, from an unknown authority.
    """
    connection = _after_starttls if starttls else _from_the_first_byte
    with _told_plainly(host, port), connection(host, port, _trust(ca_file)) as encrypted:
        shown = encrypted.getpeercert() or {}
        return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)


def _trust(ca_file: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError:
        raise ServerError(f"The ca_file {ca_file} cannot be read, or holds none.") from None


@contextlib.contextmanager
def _from_the_first_byte(host: str, port: int, trust: ssl.SSLContext) -> Iterator[ssl.SSLSocket]:
    with (
        socket.create_connection((host, port), timeout=_WAIT_SECONDS) as plain,
        trust.wrap_socket(plain, server_hostname=host) as encrypted,
    ):
        yield encrypted


@contextlib.contextmanager
def _after_starttls(host: str, port: int, trust: ssl.SSLContext) -> Iterator[ssl.SSLSocket]:
    import smtplib  # noqa: PLC0415 - takes a while, and few need it

    try:
        with contextlib.closing(smtplib.SMTP(host, port, _MYSELF, _WAIT_SECONDS)) as mail:
            mail.starttls(context=trust)
            if isinstance(mail.sock, ssl.SSLSocket):
                yield mail.sock
                return
    except smtplib.SMTPException:
        pass
    raise ServerError(f"{host} (port {port}) offers no STARTTLS.")


@contextlib.contextmanager
def _told_plainly(host: str, port: int) -> Iterator[None]:
    where = f"{host} (port {port})"
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        why = str(error.verify_message).rstrip(".")
        raise ServerError(f"The certificate of {where} is not trusted: {why}.") from None
    except ssl.SSLError:
        raise ServerError(f"No encrypted connection to {where} could be agreed on.") from None
    except TimeoutError:
        raise ServerError(f"{where} does not answer.") from None
    except (OSError, UnicodeError) as error:
        why = str(getattr(error, "strerror", None) or "the connection failed")
        raise ServerError(f"{where} cannot be reached: {why}.") from None
