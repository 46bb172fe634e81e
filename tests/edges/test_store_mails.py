"""Mails on record: one of a kind, how far each came, and in which order they wait."""

from datetime import timedelta

import pytest
from store_builders import NOW, meeting

from connectd.edges.store import Mail, Store
from connectd.edges.store.mails import DELIVERED, DROPPED, QUEUED, REFUSED, UNKNOWN


def mail(sequence: int = 1, method: str = "REQUEST", minutes: int = 0) -> Mail:
    return Mail(
        meeting="m-1",
        sequence=sequence,
        method=method,
        message_id=f"<{method}-{sequence}@example.test>",
        sender="alice@example.test",
        recipient="bob@example.test",
        calendar="BEGIN:VCALENDAR",
        message=b"From: Alice\r\n\r\n\xff",
        queued_at=NOW + timedelta(minutes=minutes),
    )


@pytest.fixture
def filled(store: Store) -> Store:
    store.save_meeting(meeting(), was=None)
    return store


def test_a_mail_comes_back_as_it_was(filled: Store) -> None:
    assert filled.queue_mail(mail())
    assert filled.waiting_mails() == filled.mails_of("m-1") == (mail(),)


def test_there_is_no_second_one_of_a_kind(filled: Store) -> None:
    assert filled.queue_mail(mail())
    again = mail()._replace(message=b"other", message_id="<other@example.test>")
    assert not filled.queue_mail(again)
    assert filled.queue_mail(mail(sequence=2))
    assert filled.queue_mail(mail(method="CANCEL"))
    assert filled.mails_of("m-1")[0].message == mail().message


def test_they_wait_in_the_order_in_which_they_came(filled: Store) -> None:
    late, early = mail(sequence=1, minutes=5), mail(sequence=2)
    filled.queue_mail(late)
    filled.queue_mail(early)
    assert filled.waiting_mails() == (early, late)


@pytest.mark.parametrize("stage", [DELIVERED, DROPPED, REFUSED, UNKNOWN])
def test_one_that_came_to_an_end_waits_no_longer(filled: Store, stage: str) -> None:
    filled.queue_mail(mail())
    filled.save_mail_stage(mail().message_id, stage, "said")
    assert filled.waiting_mails() == ()
    (ended,) = filled.mails_of("m-1")
    assert (ended.stage, ended.said) == (stage, "said")


@pytest.mark.parametrize("stage", [QUEUED, "connecting", "handed_over"])
def test_one_on_its_way_still_waits_for_its_end(filled: Store, stage: str) -> None:
    filled.queue_mail(mail())
    filled.save_mail_stage(mail().message_id, stage)
    assert [waiting.stage for waiting in filled.waiting_mails()] == [stage]
