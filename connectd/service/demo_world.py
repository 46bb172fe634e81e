"""The world that the demo plays in: Alice, her calendars, the people on her list.

All of it is made up, and every address ends in a name that belongs to nobody (RFC 2606).
Days are counted from the Monday on which the story begins.
"""

import json
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from connectd.domain.model import Month
from connectd.formats.people import PersonRow, read_csv

ME = "Alice Example"
MY_ADDRESS = "alice@example.test"
USERNAME = "alice"
ZONE = ZoneInfo("Europe/Berlin")
MET_IN_CALENDAR = "noor-nasser"
"""Whom Alice met without connectd's doing: it stands in her calendar."""
BACK_FROM_VACATION = 10
"""The first working day after the vacation."""

_PEOPLE = """\
name,email,category,kind
Bob Baker,bob.baker@example.test,results,coffee
Dana Dietrich,dana.dietrich@example.test,results,video
Erik Eklund,erik.eklund@example.test,results,walk
Farah Fields,farah.fields@example.org,results,coffee
Carol Cole,carol.cole@example.test,organization,coffee
Gus Grant,gus.grant@example.test,organization,walk
Hana Hoshi,hana.hoshi@example.org,organization,coffee
Ivo Ivanov,ivo.ivanov@example.test,organization,call
Maya Moreno,maya.moreno@example.org,business,coffee
Noor Nasser,noor.nasser@example.org,business,call
Omar Okafor,omar.okafor@example.org,business,video
Paula Pinto,paula.pinto@example.org,business,coffee
"""

MET_DAYS_AGO = {
    "bob-baker": 75,
    "dana-dietrich": 12,
    "erik-eklund": 41,
    "farah-fields": 24,
    "gus-grant": 50,
    "hana-hoshi": 38,
    "ivo-ivanov": 20,
    "maya-moreno": 110,
    "omar-okafor": 70,
    "paula-pinto": 33,
}
"""When Alice met people before she had connectd; she met Carol never."""

_BERLIN = "TZID=Europe/Berlin"
_NEW_YORK = "TZID=America/New_York"
_WEEK = ("MO", "TU", "WE", "TH", "FR")
_ZONES = {
    "Europe/Berlin": """\
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
DTSTART:19810329T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
""",
    "America/New_York": """\
BEGIN:VTIMEZONE
TZID:America/New_York
BEGIN:DAYLIGHT
DTSTART:20070311T020000
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20071104T020000
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
END:STANDARD
END:VTIMEZONE
""",
}


def first_monday(moment: datetime) -> date:
    """The first Monday of the month that ``moment`` lies in, where Alice lives."""
    first = moment.astimezone(ZONE).date().replace(day=1)
    return first + timedelta(days=-first.weekday() % 7)


def moment(monday: date, days: int, clock: str) -> datetime:
    """The local time ``clock`` so many days after the first Monday, in UTC."""
    local = datetime.combine(_day(monday, days), time.fromisoformat(clock), ZONE)
    return local.astimezone(UTC)


def configuration(url: str, password: Path, monday: date) -> str:
    """What stands in Alice's configuration file; the database lies beside it."""
    return f"""\
[me]
name = {json.dumps(ME)}
emails = [{json.dumps(MY_ADDRESS)}]
timezone = {json.dumps(ZONE.key)}

[goal]
people_per_month = 3
months = 6
starts = "{Month.of(monday)}"

[[account]]
name = "main"
url = {json.dumps(url)}
username = {json.dumps(USERNAME)}
password_command = ["cat", {json.dumps(str(password))}]
busy = ["*"]
drafts = "Connections"

[categories.results]
ideal_days = 30

[categories.organization]
ideal_days = 45

[categories.business]
ideal_days = 60

[state]
path = "connectd.db"
"""


def people(categories: Collection[str]) -> list[PersonRow]:
    """Everybody on Alice's list, as her CSV file has them."""
    return read_csv(_PEOPLE, categories)


def calendars(monday: date) -> dict[str, tuple[str, ...]]:
    """The objects of each calendar by its name, as calendar clients wrote them."""
    return {"Work": _work(monday), "Private": _private(monday), "Family": _family(monday)}


def _work(monday: date) -> tuple[str, ...]:
    vacation = ",".join(_local(monday, day, "09:15") for day in (4, 7, 8, 9))
    return (
        _event(
            "Stand-up",
            _times(monday, -28, "09:15", "09:30"),
            f"RRULE:FREQ=WEEKLY;BYDAY={','.join(_WEEK)}",
            f"EXDATE;{_BERLIN}:{vacation}",
        ),
        _event("Team meeting", _times(monday, -28, "10:00", "11:30"), "RRULE:FREQ=WEEKLY"),
        _event("Planning", _times(monday, -27, "13:00", "16:30"), "RRULE:FREQ=WEEKLY;INTERVAL=2"),
        _event(
            "Call with the New York office",
            _times(monday, -26, "09:00", "10:00", _NEW_YORK),
            "RRULE:FREQ=WEEKLY",
        ),
        _event("Budget review", _times(monday, 2, "09:45", "12:00")),
        _event(
            "Sales pitch by a vendor",
            _times(monday, 3, "09:45", "12:00"),
            "ORGANIZER;CN=A Vendor:mailto:vendor@example.org",
            "ATTENDEE;CN=A Vendor;PARTSTAT=ACCEPTED:mailto:vendor@example.org",
            f"ATTENDEE;CN={ME};PARTSTAT=DECLINED:mailto:{MY_ADDRESS}",
        ),
        _event("Writing", _times(monday, BACK_FROM_VACATION, "09:30", "12:00")),
        _event(
            "Coffee with Noor",
            _times(monday, -18, "13:00", "14:00"),
            f"ORGANIZER;CN={ME}:mailto:{MY_ADDRESS}",
            f"ATTENDEE;CN={ME};PARTSTAT=ACCEPTED:mailto:{MY_ADDRESS}",
            "ATTENDEE;CN=Noor Nasser;PARTSTAT=ACCEPTED:mailto:noor.nasser@example.org",
        ),
    )


def _private(monday: date) -> tuple[str, ...]:
    return (
        _event("Dentist", _times(monday, 1, "08:30", "10:00")),
        _event("Lunch with Lea", _times(monday, 0, "12:00", "13:00")),
        _event("Choir", _times(monday, -27, "19:00", "21:00"), "RRULE:FREQ=WEEKLY"),
    )


def _family(monday: date) -> tuple[str, ...]:
    return (
        _event("Kids: swimming", _times(monday, -25, "16:00", "17:00"), "RRULE:FREQ=WEEKLY"),
        _event("Vacation in the mountains", _whole_days(monday, 4, BACK_FROM_VACATION)),
        _event("Grandma's birthday", _whole_days(monday, 2, 3), "RRULE:FREQ=YEARLY", free=True),
    )


def _event(title: str, times: tuple[str, ...], *more: str, free: bool = False) -> str:
    uid = "".join(letter for letter in title.lower() if letter.isalpha())
    event = [
        "BEGIN:VEVENT",
        f"UID:{uid}@example.test",
        "DTSTAMP:20200101T000000Z",
        *times,
        f"SUMMARY:{title}",
        f"TRANSP:{'TRANSPARENT' if free else 'OPAQUE'}",
        *more,
        "END:VEVENT",
    ]
    zones = [rules for name, rules in _ZONES.items() if any(f"TZID={name}" in t for t in times)]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Example//A calendar client//EN",
        *"".join(zones).splitlines(),
        *event,
        "END:VCALENDAR",
        "",
    ]
    return "\r\n".join(lines)


def _times(monday: date, days: int, start: str, end: str, zone: str = _BERLIN) -> tuple[str, ...]:
    return (
        f"DTSTART;{zone}:{_local(monday, days, start)}",
        f"DTEND;{zone}:{_local(monday, days, end)}",
    )


def _whole_days(monday: date, first: int, until: int) -> tuple[str, ...]:
    return (
        f"DTSTART;VALUE=DATE:{_day(monday, first):%Y%m%d}",
        f"DTEND;VALUE=DATE:{_day(monday, until):%Y%m%d}",
    )


def _local(monday: date, days: int, clock: str) -> str:
    return f"{_day(monday, days):%Y%m%d}T{clock.replace(':', '')}00"


def _day(monday: date, days: int) -> date:
    return monday + timedelta(days=days)
