"""Two mails about one meeting, of which one is in trouble: nobody hears a thing twice."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from calendar_client import answer, edit, move, prefix, set_status
from installation import Install, Installation
from introduced import ADA, BOB, agreed, introduction, three
from mailed import event_in, mail_table
from proxy import Fault, Proxy
from servers import Radicale, SentMail, SmtpSink, User

from connectd.domain.model import Delivery, State
from connectd.edges.smtp import Stage
from connectd.edges.store import Mail
from connectd.errors import SenselessError
from connectd.service import answers

ADAS, BOBS = "ada@example.test", "bob@example.test"
DAY = timedelta(days=1)


@pytest.fixture
def later() -> Iterator[SmtpSink]:
    """Return a second mail server, for when the first one is gone."""
    later = SmtpSink()
    yield later
    later.stop()


@pytest.fixture
def alice(radicale: Radicale, install: Install, sink: SmtpSink) -> Installation:
    """Alice, whose invitation stands while nothing could be mailed."""
    alice = agreed(install(radicale.new_user(), more=mail_table(sink.port)), ADAS, BOBS)
    alice.tick()
    edit(alice.user, alice.path(ADA), prefix("OK"))
    alice.tick(minutes=5)
    sink.stop()
    alice.tick(minutes=5)
    assert three(alice).state is State.INVITED
    assert three(alice).delivery_detail == "waits to be mailed"
    return alice


def use(alice: Installation, later: SmtpSink, sink: SmtpSink) -> None:
    alice.configure(f"port = {sink.port}", f"port = {later.port}")


def waiting(alice: Installation) -> tuple[Mail, Mail]:
    to_ada, to_bob = alice.store.mails_of(three(alice).uid)
    return to_ada, to_bob


def readers(mails: list[SentMail]) -> list[str]:
    return sorted(address for mail in mails for address in mail.recipients)


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("stage", list(Stage))
def test_after_a_crash_in_any_stage_of_one_nothing_is_mailed_twice(
    alice: Installation, sink: SmtpSink, later: SmtpSink, stage: Stage, which: int
) -> None:
    """The record as it is when the program is killed right after this stage was noted."""
    alice.store.save_mail_stage(waiting(alice)[which].message_id, stage)
    use(alice, later, sink)
    for _ in range(3):
        alice.tick(minutes=5)
    other = (BOBS, ADAS)[which]
    may_have_left = stage in (Stage.HANDED_OVER, Stage.ACCEPTED)
    assert readers(later.messages) == ([other] if may_have_left else [ADAS, BOBS])
    in_doubt = stage is Stage.HANDED_OVER
    assert three(alice).delivery is (Delivery.UNKNOWN if in_doubt else Delivery.MAIL)
    if in_doubt:
        who = (ADA, BOB)[which]
        assert f"{who}: it cannot be known whether the mail arrived" in three(alice).delivery_detail
        assert f"mailed to {other}" in three(alice).delivery_detail


def test_only_the_mail_in_doubt_is_sent_again(
    alice: Installation, sink: SmtpSink, later: SmtpSink
) -> None:
    ada, bob = alice.store.contact(ADA), alice.store.contact(BOB)
    assert ada
    assert bob
    alice.store.save_mail_stage(waiting(alice)[1].message_id, Stage.HANDED_OVER)
    use(alice, later, sink)
    alice.tick(minutes=5)
    zone = alice.config.me.timezone
    with pytest.raises(SenselessError):
        answers.resend(alice.store, ada, alice.now, zone)
    answers.resend(alice.store, bob, alice.now, zone)
    alice.tick(minutes=5)
    assert readers(later.messages) == [ADAS, BOBS]
    assert three(alice).delivery is Delivery.MAIL


def test_a_move_before_the_mails_left_makes_one_mail_for_each(
    alice: Installation, sink: SmtpSink, later: SmtpSink
) -> None:
    edit(alice.user, alice.path(ADA), move(DAY))
    alice.tick(minutes=5)
    use(alice, later, sink)
    alice.tick(minutes=5)
    assert readers(later.messages) == [ADAS, BOBS]
    for mail in later.messages:
        assert event_in(mail).decoded("DTSTART") == three(alice).span.start


def test_only_who_may_have_heard_of_it_hears_that_it_is_off(
    alice: Installation, sink: SmtpSink, later: SmtpSink
) -> None:
    alice.store.save_mail_stage(waiting(alice)[1].message_id, Stage.ACCEPTED)
    alice.tick(minutes=5)
    edit(alice.user, alice.path(ADA), set_status("CANCELLED"))
    alice.tick(minutes=5)
    use(alice, later, sink)
    alice.tick(minutes=5)
    assert [(mail.method, mail.recipients) for mail in later.messages] == [("CANCEL", (BOBS,))]


def test_an_address_that_changed_meanwhile_gets_what_concerns_it(
    alice: Installation, sink: SmtpSink, later: SmtpSink
) -> None:
    """Who was told at an old address is told there that it is off."""
    use(alice, later, sink)
    alice.tick(minutes=5)
    bob = alice.store.contact(BOB)
    assert bob
    alice.store.update_contact(bob._replace(emails=("bob@work.test",)))
    edit(alice.user, alice.path(ADA), set_status("CANCELLED"))
    alice.tick(minutes=5)
    off = [mail.recipients for mail in later.messages if mail.method == "CANCEL"]
    assert sorted(off) == [(ADAS,), (BOBS,)]


def test_a_mail_in_doubt_is_sent_again_though_the_address_is_another_now(
    alice: Installation, sink: SmtpSink, later: SmtpSink
) -> None:
    ada, bob = (alice.store.contact(who) for who in (ADA, BOB))
    assert ada
    assert bob
    alice.store.save_mail_stage(waiting(alice)[1].message_id, Stage.HANDED_OVER)
    use(alice, later, sink)
    alice.tick(minutes=5)
    bob = bob._replace(emails=("bob@work.test",))
    alice.store.update_contact(bob)
    zone = alice.config.me.timezone
    with pytest.raises(SenselessError):
        answers.resend(alice.store, ada, alice.now, zone)
    answers.resend(alice.store, bob, alice.now, zone)
    alice.tick(minutes=5)
    assert readers(later.messages) == [ADAS, BOBS]


@pytest.mark.parametrize("heard", [True, False])
def test_without_a_mail_server_any_more_a_no_is_recorded_and_the_user_tells_the_other(
    alice: Installation, sink: SmtpSink, later: SmtpSink, *, heard: bool
) -> None:
    if heard:
        use(alice, later, sink)
        alice.tick(minutes=5)
        assert readers(later.messages) == [ADAS, BOBS]
    alice.configure(mail_table(later.port if heard else sink.port), "")
    edit(alice.user, alice.path(ADA), answer(BOBS, "DECLINED"))
    alice.tick(minutes=5)
    meeting = three(alice)
    assert meeting.state is State.TURNED_DOWN
    assert meeting.delivery is (Delivery.MANUAL if heard else Delivery.MAIL)
    assert ("please tell them yourself" in meeting.delivery_detail) == heard
    assert {mail.method for mail in alice.store.mails_of(meeting.uid)} == {"REQUEST"}


class TestAPlaceInDoubt:
    """The calendar server's answer to a write is lost."""

    @pytest.fixture
    def alice(self, user: User, proxy: Proxy, install: Install, sink: SmtpSink) -> Installation:
        sends = '[delivery]\nsender = "mail"\n'
        alice = install(user, url=proxy.url, more=mail_table(sink.port) + sends)
        return agreed(alice, ADAS, BOBS)

    def test_of_the_draft_leaves_one_and_the_introduction_knows_it(
        self, alice: Installation, proxy: Proxy
    ) -> None:
        proxy.inject(Fault(drop=True), "PUT")
        alice.tick()
        alice.restart()
        alice.tick(minutes=5)
        (meeting,) = alice.store.meetings()
        assert len(alice.drafted()) == 1
        assert introduction(alice).meeting == meeting.uid

    def test_of_the_invitation_mails_each_once(
        self, alice: Installation, proxy: Proxy, sink: SmtpSink
    ) -> None:
        alice.tick()
        edit(alice.user, alice.path(ADA), set_status("CONFIRMED"))
        alice.tick(minutes=5)
        proxy.inject(Fault(drop=True), "PUT")
        alice.tick(minutes=5)
        alice.restart()
        for _ in range(2):
            alice.tick(minutes=5)
        assert three(alice).state is State.INVITED
        assert introduction(alice).introduced_at
        assert readers(sink.messages) == [ADAS, BOBS]
