"""What stands on the agenda of a draft, and of the task that keeps it once it is sent."""

from datetime import date, timedelta

import pytest
from agenda_meetings import (
    END,
    SUMMARY,
    another_organizer,
    asked_of,
    change_task,
    due,
    send,
    task_name,
    tasks,
    the_task,
    unfolded,
    with_draft,
)
from calendar_client import edit, event_of, move, prefix, set_status
from installation import Answer, Install, Installation
from proxy import Fault, Proxy, Reply
from servers import Radicale, User

from connectd.domain.model import State
from connectd.errors import ConfigError
from connectd.service import answers
from connectd.service.question_files import read_catalogue


@pytest.fixture
def drafted(user: User, install: Install) -> Installation:
    return with_draft(install(user, meeting={"horizon_days": 7}, agenda="todo"))


@pytest.fixture
def invited(drafted: Installation) -> Installation:
    return send(drafted)


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

    @pytest.mark.parametrize("hours", [24, 48, 0], ids=["again", "further", "back"])
    def test_follows_after_a_change_that_came_about_without_an_answer(
        self, user: User, proxy: Proxy, install: Install, hours: int
    ) -> None:
        alice = send(with_draft(install(user, url=proxy.url, agenda="todo")))
        edit(alice.user, alice.path(), move(timedelta(days=1)))
        proxy.inject(Fault(drop=True), "PUT", task_name(alice))
        assert alice.tick(minutes=5).failures
        assert due(alice) == "2026-11-06"
        edit(alice.user, alice.path(), move(timedelta(hours=hours) - timedelta(days=1)))
        for _ in range(2):
            alice.tick(minutes=5)
        after = date(2026, 11, 5) + timedelta(hours=hours)
        assert due(alice) == after.isoformat()

    def test_is_left_alone_where_the_server_will_not_have_it_changed(
        self, user: User, proxy: Proxy, install: Install
    ) -> None:
        alice = send(with_draft(install(user, url=proxy.url, agenda="todo")))
        edit(alice.user, alice.path(), move(timedelta(days=1)))
        proxy.inject(Fault(forward=False, reply=Reply(403)), "PUT", task_name(alice), times=9)
        (failure,) = alice.tick(minutes=5).failures
        assert failure.action == "follow_up"
        proxy.clear()
        for _ in range(2):
            assert alice.tick(minutes=5).failures == ()
        assert due(alice) == "2026-11-05"

    def test_follows_later_where_the_server_was_busy(
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
