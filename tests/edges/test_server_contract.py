"""What connectd relies on, shown on every kind of server that the tests can start."""

from datetime import timedelta
from itertools import pairwise

import pytest
from accounts import HOUR, event, server_for
from servers import AnyServer, Cyrus, Davical, User, Xandikos, wait_until

from connectd.domain.model import Span
from connectd.edges.caldav_server import CalDavServer, CalendarInfo, Credential, Home
from connectd.errors import CredentialsError, PreconditionError, RefusedError, ServerError

DAY = Span(HOUR.start - timedelta(hours=9), HOUR.start + timedelta(hours=15))
NEXT_DAY = Span(DAY.end, DAY.end + timedelta(days=1))
OLD = '"a version of long ago"'
KEEP_MESSAGES = (Xandikos, Cyrus, Davical)


def named(uid: str, title: str = "First") -> str:
    return event(uid, HOUR, title)


def invitation(uid: str, organizer: User, *guests: str) -> str:
    people = [
        f"ORGANIZER:mailto:{organizer.email}",
        f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{organizer.email}",
        *(f"ATTENDEE;RSVP=TRUE;PARTSTAT=NEEDS-ACTION:mailto:{guest}" for guest in guests),
    ]
    return event(uid, HOUR, "First", *people)


@pytest.fixture(scope="module", params=["radicale", "xandikos", "cyrus", "davical", "sogo"])
def anywhere(request: pytest.FixtureRequest) -> AnyServer:
    server: AnyServer = request.getfixturevalue(request.param)
    return server


@pytest.fixture
def user(anywhere: AnyServer) -> User:
    return anywhere.new_user()


@pytest.fixture
def home(server: CalDavServer) -> Home:
    return server.discover()


@pytest.fixture
def href(user: User) -> str:
    return f"{user.calendar}meeting.ics"


def info(server: CalDavServer, home: Home, url: str) -> CalendarInfo:
    [found] = [calendar for calendar in server.calendars(home) if calendar.url == url]
    return found


class TestFindingTheCalendars:
    @pytest.mark.parametrize("known", ["url", "home", "calendar"])
    def test_every_url_a_user_may_know_leads_home(self, user: User, known: str) -> None:
        server = server_for(user, getattr(user, known))
        assert server.discover().home == user.home
        server.close()

    def test_whether_it_sends_invitations_is_known(self, user: User, home: Home) -> None:
        assert home.schedules is user.schedules
        assert not home.sabre
        assert (home.inbox is not None) is user.schedules
        assert (home.outbox is not None) is user.schedules

    def test_whose_account_it_is_is_known_where_it_sends(self, user: User, home: Home) -> None:
        assert home.addresses == ((user.email,) if user.schedules else ())

    def test_the_calendar_of_what_comes_in_is_known(self, user: User, home: Home) -> None:
        assert home.default_calendar == (user.calendar if user.schedules else None)

    def test_the_calendars_are_listed(self, user: User, server: CalDavServer, home: Home) -> None:
        calendar = info(server, home, user.calendar)
        assert calendar.name
        assert calendar.version
        assert calendar.writable
        assert not calendar.components or "VEVENT" in calendar.components

    def test_a_wrong_password_is_said(self, user: User) -> None:
        server = server_for(user, credential=lambda: Credential(user.name, "wrong"))
        with pytest.raises(CredentialsError):
            server.discover()
        server.close()

    def test_what_is_forbidden_is_no_wrong_password(
        self, anywhere: AnyServer, user: User, server: CalDavServer
    ) -> None:
        other = anywhere.new_user("carol")
        # Xandikos stumbles over its own no, and answers 500
        stumbles = user.dav.get(other.calendar).status >= 500
        with pytest.raises(ServerError if stumbles else RefusedError):
            server.create(f"{other.calendar}meeting.ics", named("meeting"))
        assert other.dav.objects(other.calendar) == {}


class TestMakingCalendars:
    @pytest.fixture
    def made(self, server: CalDavServer, home: Home) -> CalendarInfo:
        return server.make_calendar(home, "Käffchen")

    def test_it_takes_events_and_tasks(self, server: CalDavServer, made: CalendarInfo) -> None:
        assert made.name == "Käffchen"
        assert made.writable
        server.create(f"{made.url}meeting.ics", named("meeting"))
        task = named("task").replace("VEVENT", "VTODO").replace("DTEND", "DUE")
        server.create(f"{made.url}task.ics", task)
        assert list(server.listing(made.url, DAY)) == [f"{made.url}meeting.ics"]
        assert list(server.listing(made.url, DAY, "VTODO")) == [f"{made.url}task.ics"]

    def test_a_second_one_of_that_name_is_another(
        self, server: CalDavServer, home: Home, made: CalendarInfo
    ) -> None:
        again = server.make_calendar(home, made.name)
        assert again.url != made.url
        assert {made.url, again.url} <= {calendar.url for calendar in server.calendars(home)}

    def test_what_comes_in_still_goes_where_it_went(
        self, anywhere: AnyServer, user: User, server: CalDavServer, made: CalendarInfo
    ) -> None:
        if not user.schedules:
            return
        assert server.discover().default_calendar == user.calendar
        other = anywhere.new_user("carol")
        text = invitation("meeting", other, user.email)
        other.dav.put(f"{other.calendar}meeting.ics", text, new=True).expect(201)
        assert len(server.listing(user.calendar, DAY)) == 1
        assert server.listing(made.url, DAY) == {}

    def test_it_can_be_taken_away_again(
        self, server: CalDavServer, home: Home, made: CalendarInfo
    ) -> None:
        server.unmake_calendar(made)
        assert made.url not in {calendar.url for calendar in server.calendars(home)}

    def test_one_that_holds_anything_stays(
        self, server: CalDavServer, home: Home, made: CalendarInfo
    ) -> None:
        server.create(f"{made.url}meeting.ics", named("meeting"))
        server.unmake_calendar(made)
        assert made.url in {calendar.url for calendar in server.calendars(home)}
        assert len(server.listing(made.url, DAY)) == 1


class TestReading:
    def test_the_window_decides_what_is_listed(self, user: User, server: CalDavServer) -> None:
        created = server.create(f"{user.calendar}meeting.ics", named("meeting"))
        later = Span(HOUR.start + timedelta(days=1), HOUR.end + timedelta(days=1))
        server.create(f"{user.calendar}later.ics", event("later", later))
        daily = Span(HOUR.start - timedelta(days=9), HOUR.end - timedelta(days=9))
        server.create(f"{user.calendar}daily.ics", event("daily", daily, "D", "RRULE:FREQ=DAILY"))
        listed = server.listing(user.calendar, DAY)
        assert set(listed) == {f"{user.calendar}meeting.ics", f"{user.calendar}daily.ics"}
        assert listed[created.href] == created.etag
        listed = server.listing(user.calendar, NEXT_DAY)
        assert set(listed) == {f"{user.calendar}later.ics", f"{user.calendar}daily.ics"}

    def test_objects_come_together(self, user: User, server: CalDavServer) -> None:
        hrefs = [f"{user.calendar}meeting-{number}.ics" for number in range(3)]
        created = [server.create(href, named(f"m{n}", "Größe 🙂")) for n, href in enumerate(hrefs)]
        gone = f"{user.calendar}nowhere.ics"
        [batch] = server.fetch(user.calendar, [*hrefs, gone])
        assert [(one.href, one.etag, one.text) for one in batch] == [
            (one.href, one.etag, one.text) for one in created
        ]
        assert "SUMMARY:Größe 🙂" in batch[0].text

    def test_what_is_not_there_is_none(self, server: CalDavServer, href: str) -> None:
        assert server.get(href) is None

    def test_what_waits_in_the_inbox_can_be_read(
        self, anywhere: AnyServer, user: User, server: CalDavServer, home: Home
    ) -> None:
        """Some servers keep a message there, others carry it out and are done with it."""
        if user.schedules:
            other = anywhere.new_user("carol")
            text = invitation("meeting", other, user.email)
            other.dav.put(f"{other.calendar}meeting.ics", text, new=True).expect(201)
        messages = server.inbox(home)
        assert bool(messages) is isinstance(anywhere, KEEP_MESSAGES)
        assert all("UID:meeting" in stored(server, href) for href in messages)
        assert all(messages.values())


class TestWriting:
    def test_what_a_draft_carries_is_kept(self, server: CalDavServer, href: str) -> None:
        marks = ("STATUS:TENTATIVE", "TRANSP:OPAQUE", "X-CONNECTD-MEETING:0123-4567")
        created = server.create(href, event("meeting", HOUR, "? Käffchen", *marks))
        lines = created.text.split("\r\n")
        assert {*marks, "SUMMARY:? Käffchen", "DTSTART:20261201T090000Z"} <= set(lines)
        assert "ORGANIZER" not in created.text
        assert "ATTENDEE" not in created.text

    def test_nothing_is_created_over_something(self, server: CalDavServer, href: str) -> None:
        server.create(href, named("meeting"))
        with pytest.raises(PreconditionError):
            server.create(href, named("meeting", "Second"))
        assert "First" in stored(server, href)

    def test_the_version_is_known_after_every_write(
        self, user: User, server: CalDavServer, href: str
    ) -> None:
        texts = [invitation("meeting", user, guest) for guest in ("a@elsewhere.test",) * 2]
        first = server.create(href, texts[0])
        second = server.replace(href, texts[1].replace("First", "Second"), first.etag or "")
        assert first.etag
        assert second.etag
        assert first.etag != second.etag
        assert server.listing(user.calendar, DAY) == {href: second.etag}
        found = server.get(href)
        assert found is not None
        assert (found.etag, found.text) == (second.etag, second.text)
        third = server.replace(href, texts[0], second.etag)
        server.remove(href, third.etag or "")
        assert server.get(href) is None

    def test_only_the_version_that_was_read_is_replaced(
        self, server: CalDavServer, href: str
    ) -> None:
        first = server.create(href, named("meeting"))
        server.replace(href, named("meeting", "Second"), first.etag or "")
        for stale in (first.etag or "", OLD):
            with pytest.raises(PreconditionError):
                server.replace(href, named("meeting", "Third"), stale)
        assert "Second" in stored(server, href)

    def test_what_is_gone_is_not_written_anew(
        self, user: User, server: CalDavServer, href: str
    ) -> None:
        first = server.create(href, named("meeting"))
        user.dav.delete(href).expect(200, 204)
        with pytest.raises(PreconditionError):
            server.replace(href, named("meeting", "Second"), first.etag or "")
        assert server.get(href) is None

    def test_only_the_version_that_was_read_is_removed(
        self, server: CalDavServer, href: str
    ) -> None:
        first = server.create(href, named("meeting"))
        second = server.replace(href, named("meeting", "Second"), first.etag or "")
        for stale in (first.etag or "", OLD):
            with pytest.raises(PreconditionError):
                server.remove(href, stale)
        assert "Second" in stored(server, href)
        server.remove(href, second.etag or "")
        assert server.get(href) is None
        server.remove(href, second.etag or "")

    def test_a_uid_that_is_taken_elsewhere_is_not_a_wrong_password(
        self, server: CalDavServer, home: Home, href: str
    ) -> None:
        """Some servers keep a UID in one calendar only, and say so with a 403."""
        made = server.make_calendar(home, "Connections")
        server.create(href, named("meeting"))
        try:
            server.create(f"{made.url}meeting.ics", named("meeting"))
        except RefusedError:
            assert server.get(f"{made.url}meeting.ics") is None
        assert "First" in stored(server, href)


class TestVersions:
    """A calendar may have changed unless it has a version, and the same as before."""

    def test_every_change_may_be_one(
        self, user: User, server: CalDavServer, home: Home, href: str
    ) -> None:
        def version() -> str | None:
            return info(server, home, user.calendar).version

        seen = [version()]
        first = server.create(href, named("meeting"))
        seen.append(version())
        second = server.replace(href, named("meeting", "Second"), first.etag or "")
        seen.append(version())
        server.remove(href, second.etag or "")
        seen.append(version())
        assert all(before is None or before != after for before, after in pairwise(seen))

    def test_nothing_happens_and_it_stays(
        self, user: User, server: CalDavServer, home: Home, href: str
    ) -> None:
        server.create(href, named("meeting"))
        wait_until(lambda: info(server, home, user.calendar).version is not None, "a version")
        before = info(server, home, user.calendar).version
        server.listing(user.calendar, DAY)
        server.get(href)
        list(server.fetch(user.calendar, [href]))
        assert info(server, home, user.calendar).version == before

    def test_what_comes_in_may_be_a_change(
        self, anywhere: AnyServer, user: User, server: CalDavServer, home: Home
    ) -> None:
        if not user.schedules:
            return
        before = info(server, home, user.calendar).version
        other = anywhere.new_user("carol")
        text = invitation("meeting", other, user.email)
        other.dav.put(f"{other.calendar}meeting.ics", text, new=True).expect(201)
        after = info(server, home, user.calendar).version
        assert after is None or after != before


def stored(server: CalDavServer, href: str) -> str:
    found = server.get(href)
    assert found is not None
    return found.text
