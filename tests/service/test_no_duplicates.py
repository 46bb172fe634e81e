"""Exactly one object for a meeting and one sending of an invitation, whatever gets lost."""

import subprocess
from collections.abc import Callable
from datetime import timedelta

import pytest
from accounts import event
from calendar_client import edit, event_of, move, set_status
from icalendar import Event
from installation import FIRST_SLOT, Install, Installation
from proxy import Fault, Proxy, Reply
from servers import User, wait_until
from whole_account import inbox_texts

from connectd.domain.identity import meeting_uid
from connectd.domain.model import Delivery, Span, State
from connectd.errors import SenselessError
from connectd.service import answers

TAKEN = {"dropped": Fault(drop=True), "502": Fault(reply=Reply(502))}
NOT_TAKEN = {
    "dropped": Fault(forward=False, drop=True),
    "502": Fault(forward=False, reply=Reply(502)),
    "503": Fault(forward=False, reply=Reply(503)),
    "403": Fault(forward=False, reply=Reply(403)),
}
SILENT = Fault(forward=False, drop=True)


@pytest.fixture
def alice(user: User, proxy: Proxy, install: Install) -> Installation:
    alice = install(user, url=proxy.url)
    alice.add()
    return alice


def puts(proxy: Proxy) -> list[str]:
    return [seen.path for seen in proxy.requests if seen.method == "PUT"]


def killed_at_its_put(
    alice: Installation, proxy: Proxy, taken: Callable[[], bool] | None = None
) -> None:
    """Run a tick in a process of its own, and kill it while it waits for the answer to a PUT.

    The server gets the PUT if ``taken`` says how that can be seen there.
    """
    proxy.clear()
    proxy.inject(Fault(forward=taken is not None, hang=True), "PUT")
    command = alice.command("--now", alice.now.isoformat(), "tick")
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: puts(proxy) != [] or process.poll() is not None, "the PUT", 30)
        assert process.poll() is None
        if taken:
            wait_until(taken, "the server to take it", 30)
    finally:
        process.kill()
        process.wait()


class TestADraft:
    @pytest.mark.parametrize("fault", TAKEN)
    def test_whose_answer_is_lost_is_looked_up(
        self, alice: Installation, proxy: Proxy, fault: str
    ) -> None:
        proxy.inject(TAKEN[fault], "PUT")
        report = alice.tick()
        assert [deed.action for deed in report.applied] == ["draft"]
        assert report.failures == ()
        self._there_is_one(alice, proxy, puts_made=1)

    @pytest.mark.parametrize("fault", NOT_TAKEN)
    def test_that_never_arrived_is_written_again(
        self, alice: Installation, proxy: Proxy, fault: str
    ) -> None:
        proxy.inject(NOT_TAKEN[fault], "PUT")
        (failure,) = alice.tick().failures
        assert (failure.action, failure.contact) == ("draft", "bob-baker")
        assert alice.drafted() == {}
        assert alice.meetings() == []
        alice.tick(minutes=5)
        self._there_is_one(alice, proxy, puts_made=2)

    def test_of_which_nothing_is_known_is_looked_up_later(
        self, alice: Installation, proxy: Proxy
    ) -> None:
        proxy.inject(TAKEN["dropped"], "PUT")
        # one look before the PUT, and every one after it
        proxy.inject(Fault(), "GET")
        proxy.inject(SILENT, "GET", times=100)
        (failure,) = alice.tick().failures
        assert "look again" in failure.reason
        alice.restart()
        (failure,) = alice.tick(minutes=5).failures
        assert failure.action == "draft"
        proxy.clear()
        assert [deed.detail for deed in alice.tick(minutes=5).applied] == [
            "found again after an interruption"
        ]
        self._there_is_one(alice, proxy, puts_made=0)

    def test_is_found_again_after_a_kill(self, alice: Installation, proxy: Proxy) -> None:
        killed_at_its_put(alice, proxy, lambda: self._written(alice) != {})
        report = alice.tick(minutes=5)
        assert [deed.detail for deed in report.applied] == ["found again after an interruption"]
        self._there_is_one(alice, proxy, puts_made=1)
        edit(alice.user, alice.path(), set_status("CONFIRMED"))
        alice.tick(minutes=5)
        assert alice.state() is State.ACCEPTED

    def test_that_a_kill_stopped_is_written_again(self, alice: Installation, proxy: Proxy) -> None:
        killed_at_its_put(alice, proxy)
        alice.tick(minutes=5)
        self._there_is_one(alice, proxy, puts_made=2)

    def test_answered_before_it_was_found_again_is_answered(
        self, alice: Installation, proxy: Proxy
    ) -> None:
        killed_at_its_put(alice, proxy, lambda: self._written(alice) != {})
        (href,) = self._written(alice)
        edit(alice.user, href, set_status("CONFIRMED"))
        alice.tick(minutes=5)
        assert alice.state() is State.ACCEPTED

    def test_of_which_nothing_is_known_cannot_be_answered_in_the_shell(
        self, alice: Installation, proxy: Proxy
    ) -> None:
        killed_at_its_put(alice, proxy)
        for say in (answers.accept, answers.decline):
            with pytest.raises(SenselessError, match="just being written"):
                alice.says(say)
        alice.tick(minutes=5)
        alice.says(answers.accept)
        alice.tick(minutes=5)
        assert alice.state() is State.INVITED

    def test_does_not_overwrite_what_lies_in_its_place(
        self, alice: Installation, proxy: Proxy
    ) -> None:
        alice.configure(
            'drafts = "Connections"', f'drafts = "{proxy.through(alice.user.calendar)}"'
        )
        uid = meeting_uid(alice.store.installation, "bob-baker", 1)
        text = event(uid, Span(FIRST_SLOT, FIRST_SLOT + timedelta(hours=1)), "My own")
        alice.user.dav.put(f"{alice.user.calendar}{uid}.ics", text, new=True).expect(201)
        (failure,) = alice.tick().failures
        assert failure.reason == "Something else lies where the draft should be."
        ((_, kept),) = alice.user.dav.objects(alice.user.calendar).items()
        assert event_of(kept)["SUMMARY"] == "My own"
        assert alice.meetings() == []

    @staticmethod
    def _written(alice: Installation) -> dict[str, str]:
        return alice.user.dav.objects(f"{alice.user.home}connections/")

    @staticmethod
    def _there_is_one(alice: Installation, proxy: Proxy, *, puts_made: int) -> None:
        alice.tick(minutes=5)
        assert len(puts(proxy)) == puts_made
        ((href, text),) = alice.drafted().items()
        (meeting,) = alice.meetings()
        assert href.endswith(f"{meeting.uid}.ics")
        assert str(event_of(text)["UID"]) == meeting.uid
        assert (meeting.state, meeting.attempt) == (State.DRAFTED, 1)
        assert alice.store.unfinished_intents() == ()


class TestAnInvitation:
    @pytest.fixture
    def user(self, pair: tuple[User, User]) -> User:
        return pair[0]

    @pytest.fixture
    def alice(self, user: User, bob: User, proxy: Proxy, install: Install) -> Installation:
        """Alice, who has said yes; the grace is over at the next tick."""
        alice = install(user, url=proxy.url)
        alice.add(email=bob.email)
        alice.tick()
        edit(alice.user, alice.path(), set_status("CONFIRMED"))
        alice.tick(minutes=5)
        assert alice.state() is State.ACCEPTED
        alice.now += timedelta(minutes=5)
        proxy.clear()
        return alice

    @pytest.mark.parametrize("fault", TAKEN)
    def test_whose_answer_is_lost_is_not_sent_twice(
        self, alice: Installation, bob: User, proxy: Proxy, fault: str
    ) -> None:
        proxy.inject(TAKEN[fault], "PUT")
        assert [deed.action for deed in alice.tick().applied] == ["invite"]
        self._was_sent_once(alice, bob, proxy, puts_made=1)

    @pytest.mark.parametrize("fault", NOT_TAKEN)
    def test_that_never_arrived_is_sent_on_the_next_tick(
        self, alice: Installation, bob: User, proxy: Proxy, fault: str
    ) -> None:
        proxy.inject(NOT_TAKEN[fault], "PUT")
        (failure,) = alice.tick().failures
        assert failure.action == "invite"
        assert alice.state() is State.ACCEPTED
        assert inbox_texts(bob) == []
        alice.tick(minutes=5)
        self._was_sent_once(alice, bob, proxy, puts_made=2)

    def test_of_which_nothing_is_known_is_looked_up_before_anything_else(
        self, alice: Installation, bob: User, proxy: Proxy
    ) -> None:
        proxy.inject(TAKEN["dropped"], "PUT")
        proxy.inject(Fault(), "GET")
        proxy.inject(SILENT, "GET", times=100)
        (failure,) = alice.tick().failures
        assert "look again" in failure.reason
        assert alice.state() is State.ACCEPTED
        alice.tick(minutes=5)
        assert alice.state() is State.ACCEPTED
        assert len(puts(proxy)) == 1
        proxy.clear()
        alice.tick(minutes=5)
        self._was_sent_once(alice, bob, proxy, puts_made=0)

    def test_is_not_sent_twice_after_a_kill(
        self, alice: Installation, bob: User, proxy: Proxy
    ) -> None:
        killed_at_its_put(alice, proxy, lambda: self._sent(alice, bob))
        alice.tick(minutes=5)
        self._was_sent_once(alice, bob, proxy, puts_made=1)

    def test_that_cannot_be_looked_up_yet_waits_for_a_whole_view(
        self, alice: Installation, bob: User, proxy: Proxy
    ) -> None:
        killed_at_its_put(alice, proxy, lambda: self._sent(alice, bob))
        proxy.inject(NOT_TAKEN["502"], "PROPFIND")
        alice.tick(minutes=5)
        assert alice.state() is State.ACCEPTED
        alice.tick(minutes=5)
        assert alice.meeting().delivery is Delivery.SERVER
        self._was_sent_once(alice, bob, proxy, puts_made=1)

    def test_that_a_kill_stopped_is_sent_afterwards(
        self, alice: Installation, bob: User, proxy: Proxy
    ) -> None:
        killed_at_its_put(alice, proxy)
        assert inbox_texts(bob) == []
        alice.tick(minutes=5)
        alice.tick(minutes=5)
        self._was_sent_once(alice, bob, proxy, puts_made=2)

    def test_is_not_seen_in_a_draft_that_the_user_rewrote_meanwhile(
        self, alice: Installation, bob: User, proxy: Proxy
    ) -> None:
        def rewrite(event: Event) -> None:
            event["DESCRIPTION"] = "See you there"
            event["SEQUENCE"] = int(event["SEQUENCE"]) + 1

        killed_at_its_put(alice, proxy)
        edit(alice.user, alice.path(), rewrite)
        alice.tick(minutes=5)
        alice.tick(minutes=5)
        assert alice.state() is State.INVITED
        assert len(inbox_texts(bob)) == 1

    def test_moved_before_it_was_found_again_is_not_sent_twice(
        self, alice: Installation, bob: User, proxy: Proxy
    ) -> None:
        killed_at_its_put(alice, proxy, lambda: self._sent(alice, bob))
        edit(alice.user, alice.path(), move(timedelta(days=1)))
        alice.tick(minutes=5)
        alice.tick(minutes=5)
        assert alice.state() is State.INVITED
        assert alice.meeting().span.start == FIRST_SLOT + timedelta(days=1)
        assert len(puts(proxy)) == 1

    @staticmethod
    def _sent(alice: Installation, bob: User) -> bool:
        ((_, text),) = alice.drafted().items()
        return "ORGANIZER" in text and len(inbox_texts(bob)) == 1

    @staticmethod
    def _was_sent_once(alice: Installation, bob: User, proxy: Proxy, *, puts_made: int) -> None:
        alice.tick(minutes=5)
        assert len(puts(proxy)) == puts_made
        ((_, text),) = alice.drafted().items()
        meeting = alice.meeting()
        assert meeting.state is State.INVITED
        assert (meeting.sequence, event_of(text)["SEQUENCE"]) == (2, 2)
        assert len(bob.dav.objects(bob.calendar)) == 1
        assert len(inbox_texts(bob)) == 1
        assert alice.store.unfinished_intents() == ()
