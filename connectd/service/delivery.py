"""Who brings an invitation to the contact: exactly one of the server, connectd and the user."""

from connectd.domain.model import Delivery
from connectd.edges.caldav_server import Home
from connectd.formats.calendar_writer import Asked
from connectd.service.means import Means


def sends_by(means: Means, home: Home) -> Delivery:
    """How an invitation that lies in an account with this home reaches the contact.

    ``sender`` in the configuration decides; ``auto`` takes the server where it schedules
    (RFC 6638), else a mail (RFC 6047) where a mail server is configured.
    """
    sender = means.config.delivery.sender
    if sender in ("auto", "server") and home.schedules:
        return Delivery.SERVER
    if sender in ("auto", "mail") and means.mail:
        return Delivery.MAIL
    return Delivery.MANUAL


def asked(delivery: Delivery, home: Home) -> Asked:
    """How the contact stands in the stored object.

    Some servers that schedule send to every ATTENDEE, whatever SCHEDULE-AGENT says. Where
    such a server is not to send, the contact does not stand in the object at all.
    """
    if delivery is Delivery.SERVER:
        return Asked.BY_SERVER
    return Asked.NOT_HERE if home.schedules else Asked.BY_US
