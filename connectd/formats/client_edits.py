"""Changes a calendar object as a calendar client does when its user presses a button.

Works on the text, line by line: nothing else in the object is touched or lost.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from connectd.domain.model import Span
from connectd.formats.line_edits import (
    each,
    edited,
    head_and_value,
    parameters_of,
    with_parameter,
)


def answered(text: str, email: str, partstat: str) -> str:
    """The object after the attendee ``email`` pressed a button (RFC 5545 section 3.2.12)."""

    def answer(line: str) -> str:
        head, value = head_and_value(line)
        asked = parameters_of(head).get("PARTSTAT") == "NEEDS-ACTION"
        if not asked or value.lower() != f"mailto:{email.lower()}":
            return line
        return f"{with_parameter(head, 'PARTSTAT', partstat)}:{value}"

    return edited(text, {"ATTENDEE": each(answer)})


def moved(text: str, span: Span) -> str:
    """The object after its event was dragged to ``span``; it stays in its time zone."""

    def to(moment: datetime, line: str) -> str:
        head, _ = head_and_value(line)
        return f"{head}:{_local(moment, head)}"

    return edited(
        text,
        {
            "DTSTART": each(lambda line: to(span.start, line)),
            "DTEND": each(lambda line: to(span.end, line)),
        },
    )


def retitled(text: str, before: str) -> str:
    """The object after ``before`` was typed in front of its title."""

    def retitle(line: str) -> str:
        head, title = head_and_value(line)
        return f"{head}:{before}{title}"

    return edited(text, {"SUMMARY": each(retitle)})


def _local(moment: datetime, head: str) -> str:
    """A time as the property's own parameters want it: local to its TZID, or UTC."""
    if zone := parameters_of(head).get("TZID"):
        return f"{moment.astimezone(ZoneInfo(zone)):%Y%m%dT%H%M%S}"
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
