"""What an answer that is no success, and a connection that broke, mean in plain words.

The words of the libraries are never repeated: they may hold a header, and so a password.
"""

import socket
import ssl
from collections.abc import Iterator
from typing import TYPE_CHECKING

from connectd.edges.caldav_server.foreign import clean
from connectd.edges.caldav_server.places import origin_of
from connectd.errors import OutcomeUnknownError, PreconditionError, RefusedError, ServerError

if TYPE_CHECKING:
    from connectd.edges.caldav_server.wire import Answer, Exchange

_MULTISTATUS = 207
_PRECONDITION_FAILED = 412
_NOT_NOW = frozenset({408, 425, 429})
_DEFINITE = frozenset({501, 507})
_REFUSALS = {403: "not allowed to this account", 404: "not there", 410: "not there any more"}


class CompressedError(OSError):
    """An answer came compressed though that was declined, so that its size has no bound."""


class TooLargeError(ServerError):
    """An answer has more bytes than are read of one."""


class NotXmlError(ServerError):
    """An answer that should be XML is none: servers pass on characters that XML cannot hold."""


def failed_read(answer: "Answer") -> ServerError:
    """Return the error that an answer to a read means."""
    where = clean(answer.url)
    if answer.kind == 4:  # noqa: PLR2004 - the 4xx
        return RefusedError(f"{where} is {_refusal(answer)}.")
    if answer.kind == 5:  # noqa: PLR2004 - the 5xx
        return ServerError(
            f"{where} has a problem of its own just now (status {answer.status}).",
            retry_after=answer.retry_after,
        )
    if answer.is_page:
        return ServerError(
            f"{where} answered with a web page: it is no CalDAV server, or something in between "
            "asks for a login."
        )
    kind = NotXmlError if answer.status == _MULTISTATUS else ServerError
    return kind(f"{where} did not answer as a CalDAV server does (status {answer.status}).")


def failed_write(answer: "Answer") -> ServerError:
    """Return the error that an answer to a write means: no, not now, or nobody knows."""
    where = clean(answer.url)
    if answer.status == _PRECONDITION_FAILED:
        return PreconditionError(f"{where} has changed since it was last read.")
    if answer.kind == 3:  # noqa: PLR2004 - the 3xx
        target = clean(answer.headers.get("location", ""))
        return RefusedError(
            f"{where} was not written: the server redirects to {target}, and changes are not sent "
            "elsewhere. If that is the right server, put its URL into the configuration."
        )
    if answer.status in _NOT_NOW:
        return busy(answer)
    if answer.kind == 4 or answer.status in _DEFINITE:  # noqa: PLR2004 - the 4xx
        return RefusedError(f"{where} was not written: it is {_refusal(answer)}.")
    what = "a web page" if answer.is_page else f"status {answer.status}"
    return OutcomeUnknownError(
        f"The server answered a change of {where} with {what}: it may or may not have been made.",
        retry_after=answer.retry_after,
    )


def busy(answer: "Answer") -> ServerError:
    """Return the error of a server that wants to be asked again later."""
    seconds = answer.retry_after
    wait = "later" if seconds is None else f"in {seconds} seconds"
    return ServerError(
        f"{origin_of(answer.url)} has too much to do just now (status {answer.status}): "
        f"try again {wait}.",
        retry_after=seconds,
    )


def no_answer(exchange: "Exchange", error: BaseException) -> ServerError:
    """Return the error of a request without a whole answer.

    A write of which nothing was sent has certainly not been made; of any other, nobody knows.
    """
    where = clean(exchange.url)
    if not exchange.sent:
        return ServerError(f"{origin_of(exchange.url)} cannot be reached: {_obstacle(error)}.")
    if isinstance(error, CompressedError):
        reason = "compressed its answer unasked"
    elif exchange.expired or _is_timeout(error):
        reason = f"gave no whole answer in {exchange.seconds:.3g} seconds"
    else:
        reason = "broke its answer off" if exchange.answered else "closed the connection"
    if exchange.write:
        return OutcomeUnknownError(
            f"It cannot be known whether the change of {where} was made: the server {reason}."
        )
    return ServerError(f"{where} could not be read: the server {reason}.")


def _refusal(answer: "Answer") -> str:
    said = _REFUSALS.get(answer.status, "refused by the server")
    reasons = clean(", ".join(answer.preconditions))
    return f"{said} (status {answer.status}{': ' if reasons else ''}{reasons})"


def _obstacle(error: BaseException) -> str:
    """Say why no connection came about."""
    for cause in _chain(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return (
                f"its certificate is not trusted ({clean(cause.verify_message)}); a private one "
                "needs ca_file in the configuration"
            )
        if isinstance(cause, ssl.SSLError):
            return "no encrypted connection (TLS) could be agreed on"
        if isinstance(cause, socket.gaierror):
            return "there is no such host name, or no network"
        if isinstance(cause, ConnectionRefusedError):
            return "nothing listens there"
    return "it does not answer" if _is_timeout(error) else "the connection could not be made"


def _is_timeout(error: BaseException) -> bool:
    return any(
        isinstance(cause, TimeoutError) or "timeout" in type(cause).__name__.lower()
        for cause in _chain(error)
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and all that caused it, however the libraries tied them together."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        current = waiting.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        tied = (current.__cause__, current.__context__, getattr(current, "reason", None))
        waiting.extend(e for e in (*current.args, *tied) if isinstance(e, BaseException))
