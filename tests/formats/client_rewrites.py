"""Drafts as calendar clients store them after their user did something to them.

What khal 0.14, plann 1.3 and calcurse 4.7 wrote when they were run on a draft, and what
the others are known to write: Thunderbird 153, Evolution 3.46, GNOME Calendar 43, Etar with
DAVx5, KOrganizer.
"""

# ruff: noqa: RUF001 (our titles have an en dash between their words)

import re
from collections.abc import Callable

from sample_drafts import unfolded

from connectd.domain.model import Form

Rewrite = Callable[[str], str]

_ASKED = r"^ATTENDEE;[^\r]*:mailto:alice@example\.test"
_STAMPED = (r"^DTSTAMP:[^\r]*", "DTSTAMP:20261123T100000Z\r\nLAST-MODIFIED:20261123T100000Z")
_STANDARD_TIME = (
    "BEGIN:STANDARD\r\nDTSTART;VALUE=DATE-TIME:20261025T020000\r\nTZNAME:CET\r\n"
    "TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\n"
)
_SUMMER_TIME = (
    "BEGIN:DAYLIGHT\r\nDTSTART;VALUE=DATE-TIME:20270328T030000\r\nTZNAME:CEST\r\n"
    "TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:DAYLIGHT\r\n"
)


def changed(text: str, *changes: tuple[str, str]) -> str:
    """The object, unfolded, with each pattern replaced once in its event; all must be there."""
    head, event = unfolded(text).split("BEGIN:VEVENT")
    for pattern, line in changes:
        event, count = re.subn(
            pattern, lambda _, line=line: line, event, count=1, flags=re.MULTILINE
        )
        assert count == 1, pattern
    return f"{head}BEGIN:VEVENT{event}"


def added(*lines: str) -> tuple[str, str]:
    """The change that puts lines at the end of the event."""
    return "^END:VEVENT", "\r\n".join((*lines, "END:VEVENT"))


def by(product: str, text: str) -> str:
    return re.sub(r"PRODID:[^\r]*", f"PRODID:{product}", text)


def i_am(parameters: str) -> str:
    return f"ATTENDEE;{parameters}:mailto:alice@example.test"


def without_zone(text: str) -> str:
    return re.sub("BEGIN:VTIMEZONE.*END:VTIMEZONE\r\n", "", text, flags=re.DOTALL)


def thunderbird_button(partstat: str) -> Rewrite:
    return lambda text: by(
        "-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN",
        changed(
            text,
            (_ASKED, i_am(f'CN="Alice Example";PARTSTAT={partstat};ROLE=REQ-PARTICIPANT')),
            _STAMPED,
            added(
                "X-MOZ-LASTACK:20261123T100000Z",
                "X-MOZ-GENERATION:1",
                "X-MOZ-RECEIVED-SEQUENCE:0",
                "X-MOZ-RECEIVED-DTSTAMP:20261123T090102Z",
                "X-MOZ-SEND-INVITATIONS:FALSE",
            ),
        ),
    )


def thunderbird_status(status: str) -> Rewrite:
    return lambda text: by(
        "-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN",
        changed(
            text,
            ("^STATUS:TENTATIVE", f"STATUS:{status}"),
            _STAMPED,
            ("^SEQUENCE:0", "SEQUENCE:1"),
            added("X-MOZ-GENERATION:2"),
        ),
    )


def nextcloud(partstat: str) -> Rewrite:
    return lambda text: by(
        "-//IDN nextcloud.com//Calendar app 5.0//EN",
        changed(
            text,
            (_ASKED, i_am(f"CN=Alice;PARTSTAT={partstat};ROLE=REQ-PARTICIPANT;RSVP=TRUE")),
            _STAMPED,
        ),
    )


def evolution(text: str) -> str:
    """The status set to Confirmed; times in a zone of libical's."""
    zone = "/freeassociation.sourceforge.net/Europe/Berlin"
    return by(
        "-//Ximian//NONSGML Evolution Calendar//EN",
        changed(
            text,
            ("^STATUS:TENTATIVE", "STATUS:CONFIRMED"),
            ("^SEQUENCE:0", "SEQUENCE:2"),
            ("^DTSTART;TZID=Europe/Berlin", f"DTSTART;TZID={zone}"),
            ("^DTEND;TZID=Europe/Berlin", f"DTEND;TZID={zone}"),
            added("CREATED:20261123T100000Z", "LAST-MODIFIED:20261123T100001Z", "CLASS:PUBLIC"),
        ).replace("TZID:Europe/Berlin", f"TZID:{zone}"),
    )


def gnome(title: str) -> Rewrite:
    return lambda text: changed(
        text,
        (r"^SUMMARY:[^\r]*", f"SUMMARY:{title}"),
        ("^SEQUENCE:0", "SEQUENCE:3"),
        added("LAST-MODIFIED:20261123T100001Z", "CREATED:20261123T100000Z"),
    )


def etar(partstat: str) -> Rewrite:
    """DAVx5 makes the user the organizer and writes no VTIMEZONE."""

    def rewrite(text: str) -> str:
        text = changed(
            text,
            (r"^ORGANIZER;[^\r]*", "ORGANIZER:mailto:alice@example.test"),
            ("(?<=CHAIR);SCHEDULE-AGENT=CLIENT", ""),
            (_ASKED, i_am(f"CN=Alice;RSVP=TRUE;ROLE=REQ-PARTICIPANT;PARTSTAT={partstat}")),
            ("^SEQUENCE:0", "SEQUENCE:1"),
            (r"^DTSTAMP:[^\r]*", "DTSTAMP:20261123T100000Z"),
            added(
                "BEGIN:VALARM",
                "TRIGGER:-PT10M",
                "ACTION:DISPLAY",
                "DESCRIPTION:? Bob Baker – coffee",
                "END:VALARM",
            ),
        )
        return by(
            "DAVx5/4.5-ose ical4j/3.2.19 (ws.xsoh.etar)",
            without_zone(text),
        )

    return rewrite


def korganizer(partstat: str) -> Rewrite:
    """Attendees that are no mail addresses are dropped, X- properties kept."""
    return lambda text: by(
        "-//K Desktop Environment//NONSGML libkcal 4.3//EN",
        changed(
            text,
            (r"^ATTENDEE;CN=connectd[^\r]*:urn[^\r]*\r\n", ""),
            (_ASKED, i_am(f"CN=Alice;RSVP=TRUE;PARTSTAT={partstat};CUTYPE=INDIVIDUAL;X-UID=94512")),
            _STAMPED,
            added("CREATED:20261123T090102Z"),
        ),
    )


def khal(*changes: tuple[str, str]) -> Rewrite:
    """khal counts SEQUENCE up and writes the zone as two single changes."""

    def rewrite(text: str) -> str:
        rules = re.compile("(TZID:Europe/Berlin\r\n).*(?=END:VTIMEZONE)", re.DOTALL)
        return by(
            "-//PIMUTILS.ORG//NONSGML khal / icalendar //EN",
            rules.sub(
                rf"\1{_STANDARD_TIME}{_SUMMER_TIME}",
                changed(text, ("^SEQUENCE:0", "SEQUENCE:1"), *changes),
            ),
        )

    return rewrite


def khal_title(title: str) -> Rewrite:
    return khal((r"^SUMMARY:[^\r]*", f"SUMMARY:{title}"))


def khal_move(text: str) -> str:
    """To 5 December, 10:00 in Berlin, which khal writes as a floating time without a zone."""
    moved = khal(
        (r"^DTSTART;[^\r]*", "DTSTART;VALUE=DATE-TIME:20261205T100000"),
        (r"^DTEND;[^\r]*", "DTEND;VALUE=DATE-TIME:20261205T104500"),
    )(text)
    return without_zone(moved)


def plann(status: str) -> Rewrite:
    """plann writes the properties in another order, with SEQUENCE one higher."""
    return lambda text: changed(
        text,
        (r"^SEQUENCE:0\r\n", ""),
        (r"^SUMMARY:[^\r]*\r\n", ""),
        (r"^STATUS:TENTATIVE\r\n", ""),
        added("SEQUENCE:1", f"STATUS:{status}", "SUMMARY:? Bob Baker – coffee"),
    )


def calcurse(title: str) -> Rewrite:
    """A new object: of the draft, only its time (floating), title and description are left."""

    def rewrite(text: str) -> str:
        found = re.search(r"^DESCRIPTION:[^\r]*", unfolded(text), re.MULTILINE)
        assert found
        return "\r\n".join(
            (
                "BEGIN:VCALENDAR",
                "VERSION:2.0",
                "PRODID:-//calcurse//NONSGML v4.7.1//EN",
                "BEGIN:VEVENT",
                "UID:95895da92ffb53804f37ff477a15b74c4c16cd72",
                "DTSTART:20261201T100000",
                "DURATION:P0DT0H45M0S",
                f"SUMMARY:{title}",
                found[0],
                "END:VEVENT",
                "END:VCALENDAR",
                "",
            )
        )

    return rewrite


_OK, _NO = "OK ? Bob Baker – coffee", "NO ? Bob Baker – coffee"
_BOTH, _BUTTONS, _PLAIN = (Form.INVITATION, Form.PLAIN), (Form.INVITATION,), (Form.PLAIN,)

YESES: dict[str, tuple[tuple[Form, ...], Rewrite]] = {
    "Thunderbird, button": (_BUTTONS, thunderbird_button("ACCEPTED")),
    "Thunderbird, status": (_PLAIN, thunderbird_status("CONFIRMED")),
    "Nextcloud": (_BUTTONS, nextcloud("ACCEPTED")),
    "Evolution": (_BOTH, evolution),
    "GNOME Calendar": (_BOTH, gnome(_OK)),
    "Etar": (_BUTTONS, etar("ACCEPTED")),
    "KOrganizer": (_BUTTONS, korganizer("ACCEPTED")),
    "khal, title": (_BOTH, khal_title(_OK)),
    "khal, category": (_BOTH, khal(added("CATEGORIES:ACCEPT"))),
    "plann": (_BOTH, plann("CONFIRMED")),
}
NOES: dict[str, tuple[tuple[Form, ...], Rewrite]] = {
    "Thunderbird, button": (_BUTTONS, thunderbird_button("DECLINED")),
    "Thunderbird, status": (_PLAIN, thunderbird_status("CANCELLED")),
    "Nextcloud": (_BUTTONS, nextcloud("DECLINED")),
    "GNOME Calendar": (_BOTH, gnome(_NO)),
    "Etar": (_BUTTONS, etar("DECLINED")),
    "KOrganizer": (_BUTTONS, korganizer("DECLINED")),
    "khal, title": (_BOTH, khal_title(_NO)),
    "khal, category": (_BOTH, khal(added("CATEGORIES:DECLINE"))),
    "plann": (_BOTH, plann("CANCELLED")),
}
NEITHER: dict[str, tuple[tuple[Form, ...], Rewrite]] = {
    "Thunderbird, maybe": (_BUTTONS, thunderbird_button("TENTATIVE")),
    "Etar, saved": (_BUTTONS, etar("NEEDS-ACTION")),
    "KOrganizer, saved": (_BUTTONS, korganizer("NEEDS-ACTION")),
    "GNOME Calendar, saved": (_BOTH, gnome("? Bob Baker – coffee")),
    "khal, another title": (_BOTH, khal_title("? Sushi with Bob")),
    "colour, reminder and dismissal": (
        _BOTH,
        lambda text: changed(
            text,
            added(
                "COLOR:turquoise",
                "X-APPLE-CALENDAR-COLOR:#FF2968FF",
                "X-MOZ-LASTACK:20261123T100000Z",
                "X-MOZ-SNOOZE-TIME:20261123T100000Z",
                "BEGIN:VALARM",
                "ACTION:DISPLAY",
                "TRIGGER:-PT15M",
                "DESCRIPTION:OK",
                "END:VALARM",
            ),
        ),
    ),
}


def cases(
    rewrites: dict[str, tuple[tuple[Form, ...], Rewrite]],
) -> dict[str, tuple[Form, Rewrite]]:
    """Each rewrite with each form that it can be made of, by a name for the test."""
    return {
        f"{name} ({form})": (form, rewrite)
        for name, (forms, rewrite) in rewrites.items()
        for form in forms
    }
