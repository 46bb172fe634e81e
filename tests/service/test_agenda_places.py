"""The agenda in a mail to the user, nowhere, or in a task whatever server and sender there are."""

import email
from datetime import timedelta

import pytest
from agenda_meetings import (
    END,
    SUMMARY,
    due,
    send,
    tasks,
    the_task,
    unfolded,
    with_draft,
)
from calendar_client import addresses, edit, event_of, move, set_status
from installation import Install, Installation
from mailed import mail_table, words_of
from servers import AnyServer, Radicale, SmtpSink, Xandikos


class TestByMail:
    @pytest.fixture
    def alice(self, radicale: Radicale, install: Install, sink: SmtpSink) -> Installation:
        more = mail_table(sink.port)
        return with_draft(install(radicale.new_user(), more=more, agenda="mail"))

    def test_the_user_gets_it_once_and_nobody_else(
        self, alice: Installation, sink: SmtpSink
    ) -> None:
        send(alice)
        for _ in range(2):
            alice.tick(minutes=5)
        alice.restart()
        alice.tick(minutes=5)
        (mine,) = [mail for mail in sink.messages if mail.recipients == (alice.user.email,)]
        assert len(sink.messages) == 2
        subject = email.message_from_string(mine.text)["Subject"]
        assert subject == "What to talk about with Bob"
        words = words_of(mine)
        assert words.startswith("Coffee with Bob Baker: Wednesday, 4 November 2026")
        assert "- You promised: the printing quote" in words
        assert all(question in words for question in alice.meeting().questions)

    def test_the_task_comes_after_the_end_as_it_did(self, alice: Installation) -> None:
        send(alice)
        assert tasks(alice) == {}
        alice.now = END
        alice.tick()
        assert the_task(alice)["SUMMARY"] == "How was it with Bob?"
        assert "To talk about" not in the_task(alice)["DESCRIPTION"]

    def test_it_is_queued_with_the_record_that_the_invitation_is_out(
        self, alice: Installation, sink: SmtpSink
    ) -> None:
        sink.stop()
        send(alice)
        (letter,) = alice.store.waiting_letters()
        assert letter.key == f"agenda/{alice.meeting().uid}"
        assert letter.recipient == alice.user.email


def test_where_it_is_to_stand_nowhere_it_stands_in_the_draft_alone(
    radicale: Radicale, install: Install, sink: SmtpSink
) -> None:
    alice = with_draft(install(radicale.new_user(), more=mail_table(sink.port), agenda="none"))
    assert "To talk about" in unfolded(alice.placement().written)
    send(alice)
    assert tasks(alice) == {}
    assert len(sink.messages) == 1
    assert "To talk about" not in unfolded("".join(alice.drafted().values()))


def test_it_is_kept_too_where_the_user_tells_the_other_person(
    xandikos: Xandikos, install: Install
) -> None:
    more = '[delivery]\nsender = "manual"\n'
    alice = with_draft(install(xandikos.new_user(), more=more, agenda="todo"))
    edit(alice.user, alice.path(), set_status("CONFIRMED"))
    alice.tick(minutes=5)
    alice.tick(minutes=5)
    assert alice.meeting().delivery == "manual"
    assert addresses(event_of(alice.user.dav.get(alice.path()).expect(200).text)) == []
    assert the_task(alice)["SUMMARY"] == SUMMARY


@pytest.mark.parametrize("kind", ["cyrus", "davical", "sogo"])
def test_the_task_lives_with_the_meeting_on_other_servers_too(
    request: pytest.FixtureRequest, kind: str, install: Install
) -> None:
    server: AnyServer = request.getfixturevalue(kind)
    alice = with_draft(install(server.new_user(), agenda="todo"))
    edit(alice.user, alice.path(), set_status("CONFIRMED"))
    alice.tick(minutes=5)
    alice.tick(minutes=5)
    assert the_task(alice)["SUMMARY"] == SUMMARY
    edit(alice.user, alice.path(), move(timedelta(days=2)))
    alice.tick(minutes=5)
    assert due(alice) == "2026-11-07"
    report = alice.tick(minutes=5)
    assert (report.applied, report.failures) == ((), ())
    edit(alice.user, alice.path(), set_status("CANCELLED"))
    alice.tick(minutes=5)
    assert tasks(alice) == {}
