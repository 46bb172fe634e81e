"""What all calendar objects and messages that connectd writes have in common."""

from icalendar import Calendar, Component

from connectd import __version__
from connectd.formats.wording import one_line

_LONGEST_NAME = 200


def calendar_with(*components: Component) -> Calendar:
    """A calendar of our own (RFC 5545 section 3.4) that holds these components."""
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", f"-//connectd//connectd {__version__}//EN")
    for component in components:
        calendar.add_component(component)
    return calendar


def text_of(calendar: Calendar) -> str:
    """The calendar as it is stored or sent, in folded lines that end in CRLF."""
    return str(calendar.to_ical(), "utf-8")


def safe_name(name: str) -> str:
    """A name on one line, also as parameter: few readers know a quote in there (RFC 6868)."""
    return one_line(name, _LONGEST_NAME).replace('"', "'")
