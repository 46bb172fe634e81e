"""Invitations by mail where the server sends none: each exactly once."""

from datetime import timedelta

import pytest
from calendar_client import answer, both, edit, event_of, move, prefix, sequence_of, set_status
from icalendar import Event
from installation import Install, Installation
from mailed import (
    BOB,
    CONTACT,
    calendar_part,
    event_in,
    mail_table,
    methods,
    path,
    said_yes,
    stored,
    words_of,
)
from servers import Radicale, SmtpSink, Xandikos

from connectd.domain.model import Delivery, Fact, State

DAY = timedelta(days=1)


@pytest.fixture
def alice(radicale: Radicale, install: Install, sink: SmtpSink) -> Installation:
    return said_yes(radicale.new_user(), install, sink)


class TestAnInvitation:
    def test_goes_out_once(self, alice: Installation, sink: SmtpSink) -> None:
        assert sink.messages == []
        (deed,) = alice.tick(minutes=5).applied
        assert deed.action == "invite"
        for _ in range(3):
            assert alice.tick(minutes=5).applied == ()
        alice.restart()
        alice.tick(minutes=5)
        (mail,) = sink.messages
        assert (mail.sender, mail.recipients) == (alice.user.email, (BOB,))
        meeting = alice.meeting(CONTACT)
        assert (meeting.state, meeting.delivery) == (State.INVITED, Delivery.MAIL)

    def test_says_what_stands_in_the_calendar(self, alice: Installation, sink: SmtpSink) -> None:
        alice.tick(minutes=5)
        (mail,) = sink.messages
        part = calendar_part(mail)
        assert part.get_param("method") == "REQUEST"
        event, in_calendar = event_in(mail), event_of(stored(alice))
        for name in ("UID", "SEQUENCE", "SUMMARY", "DTSTART", "DTEND", "DESCRIPTION"):
            assert event[name] == in_calendar[name]
        assert event["SUMMARY"] == "Coffee – Alice Example & Bøb Baker"  # noqa: RUF001 (a dash between words)
        assert "SCHEDULE-AGENT=CLIENT" in stored(alice).replace("\r\n ", "")
        assert "SCHEDULE-AGENT" not in mail.calendar

    def test_tells_nothing_that_is_private(
        self, radicale: Radicale, install: Install, sink: SmtpSink
    ) -> None:
        alice = install(radicale.new_user(), more=mail_table(sink.port), goal=3)
        alice.add("Bob Baker", BOB)
        alice.add("Carol Cole", "carol@example.test", "results")
        bob = alice.store.contact("bob-baker")
        assert bob
        alice.store.update_contact(bob._replace(note="PRIVATE-note"))
        alice.store.add_fact(Fact("bob-baker", "need", "PRIVATE-need", alice.now.date()), alice.now)
        alice.tick()
        reasons = alice.meeting().reasons
        assert reasons
        edit(alice.user, alice.path(), prefix("OK"))
        alice.tick(minutes=5)
        alice.tick(minutes=5)
        (mail,) = sink.messages
        shared = alice.user.dav.get(alice.path()).expect(200).text
        for text in (mail.text, mail.calendar, words_of(mail), shared):
            for secret in ("PRIVATE", "Carol", "carol@", "X-CONNECTD-AGENDA", *reasons):
                assert secret not in text.replace("\r\n ", "")

    def test_uses_the_users_own_words(
        self, radicale: Radicale, install: Install, sink: SmtpSink
    ) -> None:
        words = (
            '[invitation]\ntext = "Dear {first_name}, {activity} on {day}? Else {booking_url}"\n'
            'booking_url = "https://cal.example.test/alice"\n'
        )
        alice = install(radicale.new_user(), more=mail_table(sink.port) + words)
        alice.add(email=BOB)
        alice.tick()
        edit(alice.user, alice.path(), prefix("OK"))
        alice.tick(minutes=5)
        alice.tick(minutes=5)
        (mail,) = sink.messages
        said = "Dear Bob, coffee on Wednesday 4 November? Else https://cal.example.test/alice"
        assert event_in(mail)["DESCRIPTION"] == said


class TestAChange:
    @pytest.fixture
    def alice(self, alice: Installation, sink: SmtpSink) -> Installation:
        alice.tick(minutes=5)
        assert methods(sink) == [("REQUEST", 4)]
        return alice

    @pytest.mark.parametrize("counts", [True, False])
    def test_of_the_time_is_mailed_once(
        self,
        alice: Installation,
        sink: SmtpSink,
        counts: bool,  # noqa: FBT001  whether the client raises the SEQUENCE
    ) -> None:
        start = alice.meeting(CONTACT).span.start
        sequence = sequence_of(stored(alice))

        def count_as_before(event: Event) -> None:
            event["SEQUENCE"] = sequence

        change = move(DAY) if counts else both(move(DAY), count_as_before)
        edit(alice.user, path(alice), change)
        alice.tick(minutes=5)
        alice.tick(minutes=5)
        alice.restart()
        alice.tick(minutes=5)
        assert [method for method, _ in methods(sink)] == ["REQUEST", "REQUEST"]
        first, second = sink.messages
        assert event_in(second)["UID"] == event_in(first)["UID"]
        assert event_in(second)["SEQUENCE"] > event_in(first)["SEQUENCE"]
        assert event_in(second).decoded("DTSTART") == start + DAY
        assert sequence_of(stored(alice)) == event_in(second)["SEQUENCE"]

    def test_of_the_time_takes_their_answer_back(self, alice: Installation) -> None:
        edit(alice.user, path(alice), answer(BOB, "ACCEPTED"))
        alice.tick(minutes=5)
        assert alice.state(CONTACT) is State.CONFIRMED
        edit(alice.user, path(alice), move(DAY))
        alice.tick(minutes=5)
        assert alice.tick(minutes=5).applied == ()
        assert alice.state(CONTACT) is State.INVITED
        edit(alice.user, path(alice), answer(BOB, "ACCEPTED"))
        alice.tick(minutes=5)
        assert alice.state(CONTACT) is State.CONFIRMED

    def test_of_mind_is_mailed_once(self, alice: Installation, sink: SmtpSink) -> None:
        edit(alice.user, path(alice), set_status("CANCELLED"))
        before = stored(alice)
        (deed,) = alice.tick(minutes=5).applied
        assert deed.action == "cancel"
        alice.restart()
        alice.tick(minutes=5)
        assert stored(alice) == before
        request, cancel = sink.messages
        assert cancel.method == "CANCEL"
        assert event_in(cancel)["UID"] == event_in(request)["UID"]
        assert event_in(cancel)["SEQUENCE"] > event_in(request)["SEQUENCE"]
        assert event_in(cancel)["STATUS"] == "CANCELLED"

    @pytest.mark.parametrize("how", ["NO", "✗"])
    def test_of_mind_in_the_title_frees_the_time(
        self, alice: Installation, sink: SmtpSink, how: str
    ) -> None:
        edit(alice.user, path(alice), prefix(how))
        alice.tick(minutes=5)
        alice.tick(minutes=5)
        assert event_of(stored(alice))["STATUS"] == "CANCELLED"
        assert [method for method, _ in methods(sink)] == ["REQUEST", "CANCEL"]

    def test_deleted_in_the_calendar_is_called_off_after_ten_minutes(
        self, alice: Installation, sink: SmtpSink
    ) -> None:
        alice.user.dav.delete(path(alice)).expect(200, 204)
        alice.tick(minutes=5)
        assert len(sink.messages) == 1
        alice.tick(minutes=10)
        alice.tick(minutes=5)
        assert [method for method, _ in methods(sink)] == ["REQUEST", "CANCEL"]
        assert alice.state(CONTACT) is State.CANCELLED

    def test_their_no_frees_the_time_and_is_not_answered(
        self, alice: Installation, sink: SmtpSink
    ) -> None:
        edit(alice.user, path(alice), answer(BOB, "DECLINED"))
        before = sequence_of(stored(alice))
        alice.tick(minutes=5)
        alice.tick(minutes=5)
        assert alice.state(CONTACT) is State.TURNED_DOWN
        assert event_of(stored(alice))["STATUS"] == "CANCELLED"
        assert sequence_of(stored(alice)) == before + 1
        assert len(sink.messages) == 1
        refused = alice.meeting(CONTACT).span
        alice.tick(days=7)
        again = alice.meeting(CONTACT)
        assert (again.attempt, again.state) == (2, State.DRAFTED)
        assert not again.span.overlaps(refused)

    def test_their_perhaps_is_shown(self, alice: Installation) -> None:
        edit(alice.user, path(alice), answer(BOB, "TENTATIVE"))
        (deed,) = alice.tick(minutes=5).applied
        assert (deed.action, deed.detail) == ("reply", "they answered: perhaps")
        assert alice.meeting(CONTACT).reply == "tentative"


@pytest.mark.parametrize("sender", ["mail", "manual"])
def test_a_server_that_schedules_is_not_let_in_where_it_is_not_to_send(
    xandikos: Xandikos, install: Install, sink: SmtpSink, sender: str
) -> None:
    more = mail_table(sink.port) + f'[delivery]\nsender = "{sender}"\n'
    alice = install(xandikos.new_user(), more=more)
    bob = xandikos.new_user("bob")
    alice.add(email=bob.email)
    alice.tick()
    before = len(xandikos.mails())
    edit(alice.user, alice.path(), set_status("CONFIRMED"))
    alice.tick(minutes=5)
    alice.tick(minutes=5)
    meeting = alice.meeting()
    assert meeting.state is State.INVITED
    expected = Delivery.MAIL if sender == "mail" else Delivery.MANUAL
    assert meeting.delivery is expected
    assert len(sink.messages) == (sender == "mail")
    assert bob.dav.objects(bob.calendar) == {}
    assert len(xandikos.mails()) == before
    if sender == "mail":
        edit(alice.user, alice.path(), move(DAY))
        alice.tick(minutes=5)
        edit(alice.user, alice.path(), set_status("CANCELLED"))
        alice.tick(minutes=5)
        assert [mail.method for mail in sink.messages] == ["REQUEST", "REQUEST", "CANCEL"]
        assert bob.dav.objects(bob.calendar) == {}
