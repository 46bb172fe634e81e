"""Where the agenda of a meeting stands: in the draft, and later in a task or a mail to the user."""

import email
from datetime import date, timedelta

import pytest
from calendar_client import addresses, edit, event_of, move, prefix, set_status
from icalendar import Calendar, Todo
from installation import FIRST_SLOT, Answer, Install, Installation
from mailed import mail_table, words_of
from proxy import Fault, Proxy, Reply
from servers import AnyServer, Radicale, SmtpSink, User, Xandikos

from connectd.domain.identity import follow_up_uid
from connectd.domain.model import Fact, State
from connectd.errors import ConfigError
from connectd.service import answers
from connectd.service.question_files import read_catalogue

END = FIRST_SLOT + timedelta(minutes=45)
SUMMARY = "Coffee with Bob: what to talk about, and how it was"


@pytest.fixture
def drafted(user: User, install: Install) -> Installation:
    return with_draft(install(user, meeting={"horizon_days": 7}, agenda="todo"))


def with_draft(alice: Installation) -> Installation:
    """Put bob on the list, with what was said, and write the draft."""
    alice.add()
    for kind, text in (("promised", "the printing quote"), ("need", "a quiet room")):
        alice.store.add_fact(Fact("bob-baker", kind, text, alice.now.date()), alice.now)
    alice.tick()
    assert alice.state() is State.DRAFTED
    return alice


def send(alice: Installation) -> Installation:
    edit(alice.user, alice.path(), prefix("OK"))
    alice.tick(minutes=5)
    alice.tick(minutes=5)
    assert alice.state() is State.INVITED
    return alice


@pytest.fixture
def invited(drafted: Installation) -> Installation:
    return send(drafted)


def tasks(alice: Installation) -> dict[str, str]:
    return {href: text for href, text in alice.drafted().items() if "BEGIN:VTODO" in text}


def unfolded(text: str) -> str:
    return text.replace("\r\n ", "")


def task_in(text: str) -> Todo:
    (task,) = Calendar.from_ical(text).walk("VTODO")
    assert isinstance(task, Todo)
    return task


def the_task(alice: Installation) -> Todo:
    (text,) = tasks(alice).values()
    return task_in(text)


def asked_of(alice: Installation) -> tuple[str, ...]:
    return alice.meeting().questions


def another_organizer(reply: Reply) -> Reply:
    """Answer as a server does that puts its own organizer into events."""
    body = reply.body.replace(b"ORGANIZER;CN=connectd", b"ORGANIZER;CN=Alice")
    assert body != reply.body
    return Reply(reply.status, reply.headers, body)


def task_name(alice: Installation) -> str:
    return follow_up_uid(alice.store.installation, alice.meeting().uid)


def due(alice: Installation) -> str:
    return str(the_task(alice).decoded("DUE"))


def change_task(alice: Installation, **properties: object) -> None:
    """Do what a task list does when its user edits a task."""
    ((href, text),) = tasks(alice).items()
    calendar = Calendar.from_ical(text)
    (task,) = calendar.walk("VTODO")
    for name, value in properties.items():
        task.pop(name, None)
        task.add(name, value)
    stored = alice.user.dav.get(href).expect(200)
    alice.user.dav.put(href, calendar.to_ical().decode(), etag=stored.etag).expect(200, 201, 204)


class TestTheDraft:
    def test_says_what_to_talk_about_and_the_questions_are_on_record(
        self, drafted: Installation
    ) -> None:
        words = str(event_of(drafted.user.dav.get(drafted.path()).expect(200).text)["DESCRIPTION"])
        agenda = words.partition("To talk about with Bob Baker:\n")[2]
        questions = drafted.meeting().questions
        assert agenda.split("\n") == [
            "- Bob Baker, business",
            "- No meeting on record yet",
            "- You promised: the printing quote",
            "- They need: a quiet room",
            *(f"- Question: {question}" for question in questions),
            "- Ask one follow-up question: the second answer is often the real one",
        ]
        assert len(questions) == 2
        drafted.restart()
        assert drafted.meeting().questions == questions

    def test_asks_the_same_after_one_that_came_to_nothing(self, drafted: Installation) -> None:
        asked = drafted.meeting().questions
        drafted.says(answers.decline)
        drafted.tick(days=7)
        assert drafted.meeting().attempt == 2
        assert drafted.meeting().questions == asked

    def test_asks_something_else_after_a_meeting(self, invited: Installation) -> None:
        asked = set(invited.meeting().questions)
        invited.now = END
        invited.says(answers.done)
        invited.tick(days=30)
        again = set(invited.meeting().questions)
        assert invited.meeting().attempt == 2
        assert len(again) == 2
        assert not again & asked

    def test_says_the_same_where_it_had_to_be_written_in_the_plain_form(
        self, radicale: Radicale, install: Install
    ) -> None:
        user = radicale.new_user()
        with Proxy(user.url) as proxy:
            for fault in (Fault(), Fault(change=another_organizer)):
                proxy.inject(fault, "GET", part=".ics")
            alice = with_draft(install(user, url=proxy.url))
        event = event_of(user.dav.get(alice.path()).expect(200).text)
        assert "ORGANIZER" not in event
        words = str(event["DESCRIPTION"]).partition("To talk about with Bob Baker:\n")[2]
        for line in ("- They need: a quiet room", *map("- Question: {}".format, asked_of(alice))):
            assert line in words.split("\n")
        assert len(asked_of(alice)) == 2

    def test_holds_the_users_own_questions(self, user: User, install: Install) -> None:
        alice = install(user)
        own = alice.config_file.with_name("questions.toml")
        own.write_text('[connect]\nreplace = true\nquestions = ["How is the boat?"]\n')
        alice.configure("people_per_month = 1", "people_per_month = 2")
        with_draft(alice)
        assert alice.meeting().questions == ("How is the boat?",)

    def test_waits_while_they_cannot_be_read(self, user: User, install: Install) -> None:
        alice = install(user)
        own = alice.config_file.with_name("questions.toml")
        own.write_text('[connect]\nquestions = ["", 1]\n[dinner]\n')
        with pytest.raises(ConfigError) as caught:
            read_catalogue(alice.config_file)
        assert len(caught.value.problems) == 3
        assert str(own) in str(caught.value)
        own.write_bytes(b"\xff")
        with pytest.raises(ConfigError, match="UTF-8"):
            read_catalogue(alice.config_file)
        own.unlink()
        own.mkdir()
        with pytest.raises(ConfigError, match="cannot be read"):
            read_catalogue(alice.config_file)
        own.rmdir()
        assert read_catalogue(alice.config_file)


class TestTheTask:
    def test_keeps_the_agenda_from_the_sending_on(self, drafted: Installation) -> None:
        edit(drafted.user, drafted.path(), prefix("OK"))
        drafted.tick(minutes=5)
        assert tasks(drafted) == {}
        report = drafted.tick(minutes=5)
        assert [deed.action for deed in report.applied] == ["invite", "follow_up"]
        task = the_task(drafted)
        assert task["SUMMARY"] == SUMMARY
        words = str(task["DESCRIPTION"])
        assert words.startswith("To talk about with Bob:\n- Bob Baker, business\n")
        for question in drafted.meeting().questions:
            assert f"- Question: {question}\n" in words
        assert "connectd missed bob-baker" in words
        assert task["CLASS"] == "PRIVATE"
        assert "ATTENDEE" not in task
        assert "ORGANIZER" not in task
        assert due(drafted) == "2026-11-05"
        shared = drafted.user.dav.get(drafted.path()).expect(200).text
        assert "To talk about" not in unfolded(shared)
        assert "printing" not in unfolded(shared)

    def test_is_written_once(self, invited: Installation) -> None:
        before = tasks(invited)
        for _ in range(2):
            assert invited.tick(minutes=5).applied == ()
        invited.restart()
        assert invited.tick(minutes=5).applied == ()
        invited.now = END
        assert invited.tick().applied == ()
        assert tasks(invited) == before

    def test_is_taken_as_it_is_where_its_writing_was_interrupted(
        self, user: User, proxy: Proxy, install: Install
    ) -> None:
        alice = with_draft(install(user, url=proxy.url, agenda="todo"))
        edit(alice.user, alice.path(), prefix("OK"))
        alice.tick(minutes=5)
        proxy.inject(Fault(drop=True), "PUT", task_name(alice))
        assert len(alice.tick(minutes=5).failures) == 1
        before = tasks(alice)
        assert len(before) == 1
        alice.restart()
        (deed,) = alice.tick(minutes=5).applied
        assert deed.action == "follow_up"
        assert tasks(alice) == before
        assert alice.tick(minutes=5).applied == ()

    def test_ticked_off_early_completes_the_meeting_only_when_it_is_over(
        self, invited: Installation
    ) -> None:
        change_task(invited, STATUS="COMPLETED", COMPLETED=invited.now)
        assert invited.tick(minutes=5).applied == ()
        invited.now = END - timedelta(minutes=1)
        assert invited.tick().applied == ()
        assert invited.store.encounters() == ()
        (deed,) = invited.tick(minutes=1).applied
        assert (deed.action, invited.state()) == ("complete", State.MET)
        assert len(tasks(invited)) == 1

    def test_goes_away_when_the_meeting_is_called_off(self, invited: Installation) -> None:
        edit(invited.user, invited.path(), set_status("CANCELLED"))
        invited.tick(minutes=5)
        assert invited.state() is State.CANCELLED
        assert tasks(invited) == {}

    @pytest.mark.parametrize("answer", [answers.done, answers.missed])
    def test_goes_away_when_the_shell_says_how_it_was(
        self, invited: Installation, answer: Answer
    ) -> None:
        invited.now = END
        invited.says(answer)
        invited.tick(minutes=5)
        assert tasks(invited) == {}

    def test_that_the_user_deleted_is_not_written_again(self, invited: Installation) -> None:
        ((href, _),) = tasks(invited).items()
        invited.user.dav.delete(href).expect(200, 204)
        invited.tick(minutes=5)
        invited.now = END
        assert invited.tick().applied == ()
        assert tasks(invited) == {}

    def test_is_written_after_the_end_where_it_could_not_be_before(
        self, user: User, install: Install
    ) -> None:
        alice = send(with_draft(install(user, meeting={"horizon_days": 7})))
        assert tasks(alice) == {}
        alice.configure('where = "none"', 'where = "todo"')
        alice.now = END
        alice.tick()
        assert the_task(alice)["SUMMARY"] == "How was it with Bob?"
        assert "To talk about" not in the_task(alice)["DESCRIPTION"]


class TestItsDueDay:
    def test_follows_the_meeting_and_nothing_else_changes(self, invited: Installation) -> None:
        change_task(invited, LOCATION="Café", PRIORITY=1)
        ((href, before),) = tasks(invited).items()
        edit(invited.user, invited.path(), move(timedelta(days=2)))
        invited.tick(minutes=5)
        assert due(invited) == "2026-11-07"
        assert tasks(invited)[href].replace("20261107", "20261105") == before
        assert invited.tick(minutes=5).applied == ()

    def test_of_the_users_own_choice_stays(self, invited: Installation) -> None:
        change_task(invited, DUE=date(2026, 11, 20))
        edit(invited.user, invited.path(), move(timedelta(days=2)))
        for _ in range(2):
            invited.tick(minutes=5)
        assert due(invited) == "2026-11-20"
        change_task(invited, DUE=date(2026, 11, 5))
        edit(invited.user, invited.path(), move(timedelta(days=-1)))
        invited.tick(minutes=5)
        assert due(invited) == "2026-11-05"

    def test_stays_where_the_task_is_ticked_off(self, invited: Installation) -> None:
        change_task(invited, STATUS="COMPLETED")
        edit(invited.user, invited.path(), move(timedelta(days=2)))
        invited.tick(minutes=5)
        assert due(invited) == "2026-11-05"

    def test_follows_later_where_the_server_refused(
        self, user: User, proxy: Proxy, install: Install
    ) -> None:
        alice = send(with_draft(install(user, url=proxy.url, agenda="todo")))
        edit(alice.user, alice.path(), move(timedelta(days=1)))
        proxy.inject(Fault(forward=False, reply=Reply(503)), "PUT", task_name(alice))
        (failure,) = alice.tick(minutes=5).failures
        assert failure.action == "follow_up"
        assert due(alice) == "2026-11-05"
        alice.tick(minutes=5)
        assert due(alice) == "2026-11-06"


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
