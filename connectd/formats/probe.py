"""An event with which `connectd setup` and `doctor` try whether a calendar can be written."""

from datetime import datetime, timedelta

from icalendar import Event

from connectd.formats.calendar_object import calendar_with, text_of

PROBE_UID = "connectd-setup-probe"


def probe(email: str, now: datetime, uid: str = PROBE_UID) -> str:
    """An event of a quarter of an hour, now, that blocks no time and asks nobody.

    ``email`` is the user's own, so that a copy left behind by a crash explains itself.
    """
    event = Event()
    event.add("UID", uid)
    event.add("DTSTAMP", now)
    event.add("DTSTART", now)
    event.add("DTEND", now + timedelta(minutes=15))
    event.add("SUMMARY", "connectd tries whether it can write here")
    event.add("DESCRIPTION", f"Written for {email} by connectd; it may be deleted.")
    event.add("TRANSP", "TRANSPARENT")
    return text_of(calendar_with(event))
