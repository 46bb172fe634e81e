"""The weekly digest on real servers: once a week, to the user alone."""

import email
from datetime import timedelta
from email.header import decode_header, make_header

import pytest
from calendar_client import edit, event_of, retitle
from installation import Install, Installation
from mailed import mail_table
from proxy import Fault, Proxy, Reply
from servers import Radicale, SmtpSink, User

from connectd.domain.identity import digest_uid
from connectd.domain.model import Encounter, Fact
from connectd.service.outcomes import Applied, Failure
from connectd.service.tick import tick

BY_MAIL, IN_CALENDAR = '[digest]\nby = "mail"\n', '[digest]\nby = "calendar"\n'
WEEK = timedelta(days=7)


def letters(alice: Installation, **later: float) -> list[Applied]:
    """Make a tick; return what it tells of letters."""
    return [deed for deed in alice.tick(**later).applied if deed.action == "letter"]


def failures(alice: Installation, **later: float) -> list[Failure]:
    return [one for one in alice.tick(**later).failures if one.action == "letter"]


class TestByMail:
    @pytest.fixture
    def alice(self, radicale: Radicale, install: Install, sink: SmtpSink) -> Installation:
        alice = install(radicale.new_user(), more=mail_table(sink.port) + BY_MAIL)
        alice.add()
        return alice

    def test_it_goes_to_oneself_on_monday_morning(
        self, alice: Installation, sink: SmtpSink
    ) -> None:
        alice.now -= timedelta(seconds=1)
        assert letters(alice) == []
        (told,) = letters(alice, seconds=1)
        assert told.detail == "the digest of week 2026-W45, for you alone"
        (mail,) = sink.messages
        assert mail.recipients == (alice.user.email,)
        message = email.message_from_string(mail.text)
        subject = str(make_header(decode_header(message["Subject"])))
        assert subject == "Your week: 0 meetings held, 0 of 1 people met in 2026-11"
        payload = message.get_payload(decode=True)
        assert isinstance(payload, bytes)
        assert "- Wed 4 Nov, 09:00: coffee with Bob Baker" in payload.decode()

    def test_once_a_week_whatever_happens(self, alice: Installation, sink: SmtpSink) -> None:
        assert len(letters(alice)) == 1
        for later in ({"minutes": 5}, {"days": 3}, {"days": -5}, {"days": 8}):
            alice.restart()
            assert letters(alice, **later) == []
        alice.configure('timezone = "Europe/Berlin"', 'timezone = "Pacific/Kiritimati"')
        assert letters(alice) == []
        alice.configure('by = "mail"', 'by = "mail"\nday = "sunday"\nhour = 0')
        assert letters(alice) == []
        assert len(sink.messages) == 1

    def test_one_that_was_missed_comes_later_and_only_that_of_this_week(
        self, alice: Installation, sink: SmtpSink
    ) -> None:
        assert len(letters(alice, days=24)) == 1
        assert letters(alice, hours=1) == []
        assert len(letters(alice, days=4)) == 1
        assert len(sink.messages) == 2

    def test_while_the_mail_server_is_down_it_waits(
        self, alice: Installation, sink: SmtpSink
    ) -> None:
        port = sink.port
        alice.configure(f"port = {port}", "port = 9")
        (failure,) = failures(alice)
        assert "is not mailed yet" in failure.reason
        alice.configure("port = 9", f"port = {port}")
        alice.tick(minutes=5)
        alice.tick(minutes=5)
        assert len(sink.messages) == 1

    def test_after_an_outage_of_weeks_only_the_last_one_comes(
        self, alice: Installation, sink: SmtpSink
    ) -> None:
        alice.store.add_encounter(Encounter("bob-baker", alice.now.date()))
        port = sink.port
        alice.configure(f"port = {port}", "port = 9")
        for later in ({}, {"days": 7}, {"days": 7}):
            (failure,) = failures(alice, **later)
            assert "is not mailed yet" in failure.reason
            (waiting,) = alice.store.waiting_letters()
        assert waiting.key == "digest/2026-W47"
        alice.configure("port = 9", f"port = {port}")
        alice.tick(minutes=5)
        (mail,) = sink.messages
        assert "Bob Baker, Mon 2 Nov" in mail.text

    def test_the_mail_server_comes_back_with_the_next_digest(
        self, alice: Installation, sink: SmtpSink
    ) -> None:
        port = sink.port
        alice.configure(f"port = {port}", "port = 9")
        alice.tick()
        alice.configure("port = 9", f"port = {port}")
        alice.tick(days=7)
        assert len(sink.messages) == 1

    def test_each_meeting_stands_in_one_digest(self, alice: Installation, sink: SmtpSink) -> None:
        alice.tick()
        alice.store.add_encounter(Encounter("bob-baker", alice.now.date() - timedelta(days=3)))
        alice.tick(days=7)
        alice.tick(days=7)
        told = ["Bob Baker, Fri 30 Oct" in mail.text for mail in sink.messages]
        assert told == [False, True, False]

    def test_three_people_together_are_one_meeting(
        self, alice: Installation, sink: SmtpSink
    ) -> None:
        alice.add("Ann Ames", "ann@example.test")
        for person in ("ann-ames", "bob-baker"):
            alice.store.add_encounter(Encounter(person, alice.now.date(), "done", "m-1"))
        alice.tick()
        (mail,) = sink.messages
        assert "- Ann Ames and Bob Baker, Mon 2 Nov" in mail.text
        assert "1 meeting held" in mail.text

    def test_a_tick_that_is_to_stop_sends_none(self, alice: Installation, sink: SmtpSink) -> None:
        tick(alice.now, alice.means, wanted=lambda: False)
        assert sink.messages == []
        assert len(letters(alice)) == 1

    def test_goes_to_the_user_alone(self, alice: Installation, sink: SmtpSink) -> None:
        secret = Fact("bob-baker", "promised", "SECRET", alice.now.date(), due=alice.now.date())
        alice.store.add_fact(secret, alice.now)
        alice.tick()
        (mail,) = sink.messages
        assert "SECRET" in mail.text
        assert mail.recipients == (alice.user.email,)


@pytest.mark.parametrize("more", ["", '[digest]\nby = "none"\n'])
def test_without_being_asked_for_there_is_none(
    radicale: Radicale, install: Install, sink: SmtpSink, more: str
) -> None:
    alice = install(radicale.new_user(), more=mail_table(sink.port) + more)
    alice.tick()
    alice.tick(days=7)
    assert (sink.messages, alice.drafted()) == ([], {})


class TestInTheCalendar:
    @pytest.fixture
    def alice(self, user: User, proxy: Proxy, install: Install) -> Installation:
        return install(user, url=proxy.url, more=IN_CALENDAR, meeting={"notice_hours": 0})

    def test_it_is_one_private_day_that_takes_no_time(self, alice: Installation) -> None:
        assert len(letters(alice)) == 1
        (text,) = alice.drafted().values()
        event = event_of(text)
        assert str(event["UID"]) == digest_uid(alice.store.installation)
        assert str(event["SUMMARY"]).startswith("Your week: ")
        assert (event["TRANSP"], event["CLASS"]) == ("TRANSPARENT", "PRIVATE")
        assert event["DTSTART"].to_ical() == b"20261102"
        assert not {"ORGANIZER", "ATTENDEE", "STATUS"} & set(event)
        assert "VALARM" not in text

    def test_it_is_replaced_each_week(self, alice: Installation) -> None:
        letters(alice)
        (before,) = alice.drafted()
        assert letters(alice, days=6) == []
        assert len(letters(alice, days=1)) == 1
        ((after, text),) = alice.drafted().items()
        assert after == before
        assert event_of(text)["DTSTART"].to_ical() == b"20261109"

    def test_a_quiet_tick_is_one_request_all_the_same(
        self, alice: Installation, proxy: Proxy
    ) -> None:
        letters(alice)
        calls = alice.reader.calls
        for _ in range(2):
            proxy.clear()
            assert alice.tick(minutes=5).applied == ()
            assert [seen.method for seen in proxy.requests] == ["PROPFIND"]
        assert alice.reader.calls == calls

    def test_it_is_no_draft_no_meeting_and_blocks_nothing(self, alice: Installation) -> None:
        letters(alice)
        alice.add()
        (deed,) = alice.tick(minutes=5).applied
        assert deed.action == "draft"
        assert alice.meeting().span.start.date() == alice.now.date()
        assert alice.store.encounters() == ()
        assert len(alice.drafted()) == 2

    def test_deleted_it_stays_away_until_the_next_week(self, alice: Installation) -> None:
        letters(alice)
        (href,) = alice.drafted()
        alice.user.dav.delete(href).expect(200, 204)
        for _ in range(3):
            assert letters(alice, minutes=30) == []
        assert alice.drafted() == {}
        alice.now += WEEK
        assert len(letters(alice)) == 1
        assert len(alice.drafted()) == 1

    def test_changed_it_is_replaced_all_the_same(self, alice: Installation) -> None:
        letters(alice)
        (href,) = alice.drafted()
        edit(alice.user, href, retitle(lambda title: f"OK {title}"))
        assert alice.tick(minutes=5).applied == ()
        assert len(letters(alice, days=7)) == 1
        assert str(event_of(alice.drafted()[href])["SUMMARY"]).startswith("Your week: ")

    def test_a_change_in_between_is_read_again(self, alice: Installation, proxy: Proxy) -> None:
        letters(alice)
        (href,) = alice.drafted()

        def changed_meanwhile(reply: Reply) -> Reply:
            edit(alice.user, href, retitle(lambda title: f"{title}!"))
            return reply

        proxy.inject(Fault(change=changed_meanwhile), "GET", part=".ics")
        report = alice.tick(days=7)
        assert [deed.action for deed in report.applied] == ["letter"]
        assert report.failures == ()
        assert not str(event_of(alice.drafted()[href])["SUMMARY"]).endswith("!")

    @pytest.mark.parametrize("first", [True, False], ids=["new", "replaced"])
    def test_a_write_without_an_answer_is_looked_up_first(
        self, alice: Installation, proxy: Proxy, *, first: bool
    ) -> None:
        if not first:
            letters(alice)
            alice.now += WEEK
        proxy.inject(Fault(drop=True), "PUT")
        (failure,) = failures(alice)
        assert "weekly digest" in failure.reason
        proxy.clear()
        alice.restart()
        assert len(letters(alice, minutes=5)) == 1
        assert "PUT" not in {seen.method for seen in proxy.requests}
        assert len(alice.drafted()) == 1
        assert letters(alice, minutes=5) == []

    def test_a_write_that_did_not_arrive_is_made_again(
        self, alice: Installation, proxy: Proxy
    ) -> None:
        proxy.inject(Fault(forward=False, reply=Reply(500)), "PUT")
        assert len(failures(alice)) == 1
        assert alice.drafted() == {}
        assert len(letters(alice, minutes=5)) == 1
        assert len(alice.drafted()) == 1

    def test_one_that_was_not_written_is_left_out_once_its_week_is_over(
        self, alice: Installation, proxy: Proxy
    ) -> None:
        proxy.inject(Fault(forward=False, reply=Reply(500)), "PUT")
        assert len(failures(alice)) == 1
        alice.now += timedelta(days=6, hours=23)
        assert letters(alice) == []
        assert len(letters(alice, hours=1)) == 1

    def test_a_server_that_refuses_it_is_not_asked_again_that_week(
        self, alice: Installation, proxy: Proxy
    ) -> None:
        proxy.inject(Fault(forward=False, reply=Reply(403)), "PUT")
        assert len(failures(alice)) == 1
        proxy.clear()
        assert alice.tick(minutes=5).failures == ()
        assert {seen.method for seen in proxy.requests} == {"PROPFIND"}
        assert len(letters(alice, days=7)) == 1

    def test_what_a_refused_one_would_have_told_stands_in_the_next(
        self, alice: Installation, proxy: Proxy
    ) -> None:
        alice.add()
        alice.store.add_encounter(Encounter("bob-baker", alice.now.date() - timedelta(days=1)))
        proxy.inject(Fault(forward=False, reply=Reply(403)), "PUT")
        alice.tick()
        proxy.clear()
        alice.tick(days=7)
        texts = [event_of(text) for text in alice.drafted().values()]
        (told,) = [str(event["DESCRIPTION"]) for event in texts if "Your week" in event["SUMMARY"]]
        assert "Bob Baker, Sun 1 Nov" in told

    def test_something_else_in_its_place_is_left_alone(self, alice: Installation) -> None:
        letters(alice)
        (href,) = alice.drafted()
        stored = alice.user.dav.get(href).expect(200)
        uid = digest_uid(alice.store.installation)
        alice.user.dav.delete(href).expect(200, 204)
        other = stored.text.replace(uid, "another")
        alice.user.dav.put(href, other, new=True).expect(201, 204)
        (failure,) = failures(alice, days=7)
        assert "Something else lies where it should be" in failure.reason
        assert "UID:another" in alice.drafted()[href]
        assert alice.tick(minutes=5).failures == ()
