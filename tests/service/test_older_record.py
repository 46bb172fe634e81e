"""An older database is put back: what was sent since then counts as sent, and is not sent again."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from calendar_client import answer, edit, prefix
from installation import FIRST_SLOT, Install, Installation
from mail_sink import MailSink
from mailed import mail_table
from servers import Radicale, User
from whole_account import inbox_texts

from connectd.domain.model import Delivery, State
from connectd.service import answers

TEN = {"minutes": 10}
BOB = "bob@example.test"
PutBack = Callable[[], None]


def kept(alice: Installation) -> PutBack:
    """Copy the database as it is now; to call what is given puts the copy in its place."""
    database = alice.config.state
    copy = database.with_name("kept.db")
    alice.store.database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(database, copy)

    def put_back() -> None:
        alice.store.close()
        shutil.copy(copy, database)
        alice.restart()

    return put_back


def invite(alice: Installation, *, on_record: str) -> PutBack:
    """Say yes, and let the invitation go out; give what puts the record of before back."""
    alice.tick()
    put_back = kept(alice)
    edit(alice.user, alice.path(), prefix("OK"))
    alice.tick(**TEN)
    if on_record == "a yes":
        put_back = kept(alice)
    alice.tick(**TEN)
    assert alice.state() is State.INVITED
    return put_back


@pytest.mark.parametrize("on_record", ["a draft", "a yes"])
class TestAMail:
    @pytest.fixture
    def mail(self) -> Iterator[MailSink]:
        with MailSink() as sink:
            yield sink

    @pytest.fixture
    def alice(self, radicale: Radicale, mail: MailSink, install: Install) -> Installation:
        alice = install(radicale.new_user(), more=mail_table(mail.port))
        alice.add()
        return alice

    def test_is_sent_again_on_the_users_word_alone(
        self, alice: Installation, mail: MailSink, on_record: str
    ) -> None:
        invite(alice, on_record=on_record)()
        standing = alice.drafted()
        alice.tick(**TEN)
        alice.tick(**TEN)
        assert (alice.state(), alice.meeting().delivery) == (State.INVITED, Delivery.UNKNOWN)
        assert (len(mail.mails), alice.drafted()) == (1, standing)
        alice.says(answers.resend)
        alice.tick(**TEN)
        first, again = mail.mails
        assert first.recipients == again.recipients
        assert first.message.split(b"Message-ID:")[1][:60] in again.message

    def test_whose_answer_came_meanwhile(
        self, alice: Installation, mail: MailSink, on_record: str
    ) -> None:
        put_back = invite(alice, on_record=on_record)
        edit(alice.user, alice.path(), answer(BOB, "ACCEPTED"))
        put_back()
        alice.tick(**TEN)
        assert alice.state() is State.CONFIRMED
        alice.user.dav.delete(alice.path())
        alice.tick(**TEN)
        alice.tick(**TEN)
        alice.tick(**TEN)
        assert alice.state() is State.CANCELLED
        assert b"method=CANCEL" in mail.mails[-1].message.replace(b'"', b"")
        assert len(mail.mails) == 2

    def test_about_a_meeting_that_has_begun_meanwhile(
        self, alice: Installation, mail: MailSink, on_record: str
    ) -> None:
        put_back = invite(alice, on_record=on_record)
        standing = alice.drafted()
        put_back()
        alice.now = FIRST_SLOT
        alice.tick()
        assert alice.state() is State.INVITED
        alice.tick(hours=1)
        assert len(mail.mails) == 1
        assert alice.drafted().items() >= standing.items(), "a task asks how it was"


@pytest.mark.parametrize("on_record", ["a draft", "a yes"])
def test_the_server_sends_once(pair: tuple[User, User], install: Install, on_record: str) -> None:
    user, bob = pair
    alice = install(user)
    alice.add(email=bob.email)
    put_back = invite(alice, on_record=on_record)
    standing = alice.drafted()
    put_back()
    alice.tick(**TEN)
    alice.tick(**TEN)
    assert (alice.state(), alice.meeting().delivery) == (State.INVITED, Delivery.SERVER)
    assert alice.drafted() == standing
    assert len(inbox_texts(bob)) == 1
