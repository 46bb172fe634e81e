"""Asks when others on the server are busy, by way of the schedule outbox (RFC 6638 section 5)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote

from connectd.edges.caldav_server.foreign import clean
from connectd.edges.caldav_server.multistatus import CALDAV, DAV
from connectd.edges.caldav_server.outcomes import failed_read
from connectd.edges.caldav_server.transport import Transport
from connectd.edges.caldav_server.values import FreeBusyAnswer, Home
from connectd.errors import RefusedError

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

CAP = 2 * 1024 * 1024
_OK = 200


def ask(
    transport: Transport, home: Home, question: str, within: float
) -> tuple[FreeBusyAnswer, ...]:
    """Return what the server says of each person whom ``question`` names."""
    if home.outbox is None:
        raise RefusedError(f"{clean(home.principal)} has no schedule outbox.")
    answer = transport.ask(home.outbox, question, cap=CAP, within=within)
    if (
        answer.status != _OK
        or answer.tree is None
        or answer.tree.tag != CALDAV + "schedule-response"
    ):
        raise failed_read(answer)
    return tuple(_answers(answer.tree))


def _answers(tree: "Element") -> Iterator[FreeBusyAnswer]:
    for response in tree.iterfind(CALDAV + "response"):
        recipient = response.find(CALDAV + "recipient")
        if recipient is None:
            continue
        # one server in the field (SOGo) writes the address without a DAV:href around it
        href = recipient.findtext(DAV + "href") or recipient.text or ""
        scheme, _, address = href.strip().partition(":")
        if scheme.lower() == "mailto":
            status = clean(response.findtext(CALDAV + "request-status") or "")
            text = response.findtext(CALDAV + "calendar-data")
            yield FreeBusyAnswer(unquote(address).lower(), status, text or None)
