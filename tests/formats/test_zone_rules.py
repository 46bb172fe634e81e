"""The VTIMEZONE that goes with our objects, read by another library."""

import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical

from connectd.formats.zone_rules import zone_rules

ZONES = [
    "Europe/Berlin",
    "Europe/Dublin",
    "America/New_York",
    "America/Nuuk",
    "America/St_Johns",
    "Africa/Casablanca",
    "Asia/Jerusalem",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
]


DAY = timedelta(days=1)


def offset(moment: datetime, zone: ZoneInfo) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()


@pytest.mark.parametrize(
    ("name", "year"),
    [*((name, 2026) for name in ZONES), ("Asia/Pyongyang", 2018), ("Europe/Istanbul", 2016)],
)
def test_the_rules_agree_with_the_zone_database(name: str, year: int) -> None:
    zone = ZoneInfo(name)
    text = zone_rules(zone, datetime(year, 12, 1, tzinfo=UTC)).to_ical().decode()
    written = tzical(io.StringIO(text)).get(name)
    hour = datetime(year, 1, 1, tzinfo=UTC)
    while hour < datetime(year + 2, 1, 1, tzinfo=UTC):
        near_a_change = offset(hour - DAY, zone) != offset(hour + DAY, zone)
        wall = hour.astimezone(zone).replace(tzinfo=None, fold=0)
        told_twice = wall.replace(tzinfo=zone).astimezone(UTC) != hour
        if not told_twice:
            assert wall.replace(tzinfo=written).utcoffset() == offset(hour, zone), wall
        hour += timedelta(minutes=30) if near_a_change else timedelta(hours=9)


def test_what_repeats_every_year_is_a_rule() -> None:
    text = zone_rules(ZoneInfo("Europe/Berlin"), datetime(2026, 12, 1, tzinfo=UTC)).to_ical()
    assert b"DTSTART:20250330T020000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\n" in text
    assert b"RDATE" not in text


def test_what_follows_the_moon_is_a_list_of_dates() -> None:
    text = zone_rules(ZoneInfo("Africa/Casablanca"), datetime(2026, 12, 1, tzinfo=UTC)).to_ical()
    assert b"RDATE:" in text
    assert b"RRULE" not in text


def test_a_zone_that_never_changes_has_one_rule() -> None:
    text = zone_rules(ZoneInfo("Asia/Kolkata"), datetime(2026, 12, 1, tzinfo=UTC)).to_ical()
    assert text.count(b"BEGIN:STANDARD") == 1
    assert b"TZOFFSETTO:+0530" in text
