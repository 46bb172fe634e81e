"""A first look at calendars on real servers: whole days alone, and the usual hours."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from accounts import event, server_for
from installation import CountedReader
from proxy import Fault, Proxy, Reply
from servers import Cyrus, Radicale, User

from connectd.domain.habits import DEFAULT_HOURS
from connectd.domain.model import Span
from connectd.edges.caldav_server import CalDavServer
from connectd.service.first_look import FirstLook, HoursFrom, look_at

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
DAY = timedelta(days=1)
Look = Callable[[User], FirstLook]


def whole_day(uid: str, day: str, *more: str) -> str:
    lines = [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//Tests//EN", "BEGIN:VEVENT"),
        *(f"UID:{uid}", "DTSTAMP:20261101T000000Z", f"DTSTART;VALUE=DATE:{day}", "SUMMARY:Day"),
        *(*more, "END:VEVENT", "END:VCALENDAR", ""),
    ]
    return "\r\n".join(lines)


def at(day: datetime, minutes: int = 60) -> Span:
    return Span(day, day + timedelta(minutes=minutes))


def put(user: User, calendar: str, *texts: str) -> None:
    for number, text in enumerate(texts):
        user.dav.put(f"{calendar}{number}.ics", text, new=True).expect(201)


def made(user: User, name: str, *texts: str) -> str:
    url = f"{user.home}{name.lower()}/"
    user.dav.mkcalendar(url, name).expect(201)
    put(user, url, *texts)
    return url


def meetings() -> list[str]:
    """Two a day, from Monday to Friday, for eight weeks: one series for each."""
    monday = datetime(2026, 10, 5, tzinfo=UTC)
    rule = "RRULE:FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR"
    early, late = (at(monday + timedelta(hours=hour)) for hour in (7, 13))
    return [event("early", early, "Stand-up", rule), event("late", late, "Review", rule)]


@pytest.fixture
def opened() -> Iterator[list[CalDavServer]]:
    servers: list[CalDavServer] = []
    yield servers
    for server in servers:
        server.close()


@pytest.fixture
def look(opened: list[CalDavServer], reader: CountedReader) -> Callable[..., FirstLook]:
    def look(user: User, url: str | None = None) -> FirstLook:
        server = server_for(user, url)
        opened.append(server)
        home = server.discover()
        return look_at(server, home, server.calendars(home), reader, BERLIN, NOW)

    return look


def names(found: FirstLook) -> set[str]:
    return {calendar.name for calendar in found.all_day_only}


def test_birthdays_and_holidays_are_told_from_calendars_with_meetings(
    radicale: Radicale, look: Look
) -> None:
    alice = radicale.new_user()
    made(alice, "Birthdays", whole_day("b", "19800305", "RRULE:FREQ=YEARLY"))
    made(alice, "Holidays", whole_day("c", "20261225"), whole_day("n", "20270101"))
    made(alice, "Past", whole_day("p", "20261101"))
    made(alice, "Trips", whole_day("t", "20261201"), event("flight", at(NOW + 300 * DAY)))
    made(alice, "Meetings", whole_day("t", "20261201"), event("met", at(NOW - 30 * DAY)))
    made(alice, "Long ago", whole_day("l", "20200101"))
    made(alice, "Empty")
    unclear = whole_day("u", "20261203", "RRULE:FREQ=WEEKLY;BYDAY=MO,TH;BYSETPOS=1")
    made(alice, "Unclear", whole_day("w", "20261224"), unclear)

    found = look(alice)

    assert names(found) == {"Birthdays", "Holidays", "Past"}
    assert found.hours == DEFAULT_HOURS
    assert found.hours_from == HoursFrom.DEFAULT


def test_hours_come_from_the_meetings_of_the_last_weeks(radicale: Radicale, look: Look) -> None:
    alice = radicale.new_user()
    put(alice, alice.calendar, *meetings())
    found = look(alice)
    assert found.hours_from == HoursFrom.CALENDAR
    # by the clock in winter time, where the series moves by an hour: the extremes do not count
    assert found.hours == dict.fromkeys(range(5), ((time(8), time(16)),))
    assert found.all_day_only == ()


class TestOnCyrus:
    def test_what_the_user_told_the_server_comes_first(self, cyrus: Cyrus, look: Look) -> None:
        alice = cyrus.new_user()
        put(alice, alice.calendar, *meetings())
        tell(alice, "FREQ=WEEKLY;BYDAY=MO,TH")
        found = look(alice)
        assert found.hours_from == HoursFrom.AVAILABILITY
        assert found.hours == dict.fromkeys((0, 3), ((time(10), time(14)),))

    def test_what_is_not_understood_there_is_passed_over(self, cyrus: Cyrus, look: Look) -> None:
        alice = cyrus.new_user()
        tell(alice, "FREQ=YEARLY")
        assert look(alice).hours_from == HoursFrom.DEFAULT


def tell(user: User, rule: str) -> None:
    lines = [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//Tests//EN"),
        *("BEGIN:VAVAILABILITY", "UID:a", "DTSTAMP:20261101T000000Z"),
        *("BEGIN:AVAILABLE", "UID:b", "DTSTAMP:20261101T000000Z"),
        "DTSTART;TZID=Europe/Berlin:20260105T100000",
        "DTEND;TZID=Europe/Berlin:20260105T140000",
        *(f"RRULE:{rule}", "END:AVAILABLE", "END:VAVAILABILITY", "END:VCALENDAR", ""),
    ]
    body = (
        '<propertyupdate xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><set><prop>'
        f"<C:calendar-availability>{chr(10).join(lines)}</C:calendar-availability></prop></set>"
        "</propertyupdate>"
    )
    user.dav.proppatch(f"{user.home}Inbox/", body).expect(207)


@pytest.mark.parametrize(
    ("fault", "asked"),
    [(Reply(403), 3), (Reply(500), 1), (None, 1)],
    ids=["refused", "trouble", "dropped"],
)
def test_a_calendar_that_cannot_be_read_is_no_calendar_of_whole_days(
    radicale: Radicale, look: Callable[..., FirstLook], fault: Reply | None, asked: int
) -> None:
    alice = radicale.new_user()
    for name in ("One", "Two"):
        made(alice, name, whole_day("w", "20261224"))
    with Proxy(alice.url) as proxy:
        broken = Fault(forward=False, reply=fault, drop=fault is None)
        proxy.inject(broken, "REPORT", times=50)
        found = look(alice, proxy.url)
        reports = [seen for seen in proxy.requests if seen.method == "REPORT"]
    assert found == FirstLook((), DEFAULT_HOURS, HoursFrom.DEFAULT)
    assert len({seen.path for seen in reports}) == asked
