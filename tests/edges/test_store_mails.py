"""Mails in the store: each at most once, and how far it came."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from store_builders import NOW, Other, mail

from connectd.edges.store import Store

SECOND = timedelta(seconds=1)
ENDS = ("sent", "refused", "unknown", "dropped")


def test_there_is_one_mail_at_most_for_each_meeting_sequence_and_method(known: Store) -> None:
    assert known.queue_mail(mail())
    assert not known.queue_mail(mail()._replace(message_id="<other@example.test>", said="other"))
    assert known.mails_of("m-1") == (mail(),)
    others = (mail(sequence=2), mail(method="CANCEL"), mail("m-2"))
    assert [known.queue_mail(other) for other in others] == [True] * 3
    assert set(known.waiting_mails()) == {mail(), *others}


@pytest.mark.parametrize("stage", ENDS)
def test_a_mail_that_came_to_its_end_is_not_queued_again(known: Store, stage: str) -> None:
    known.queue_mail(mail())
    known.save_mail_stage(mail().message_id, stage)
    assert not known.queue_mail(mail())
    assert known.waiting_mails() == ()


def test_no_two_mails_go_by_the_same_message_id(known: Store) -> None:
    known.queue_mail(mail())
    assert not known.queue_mail(mail("m-2")._replace(message_id=mail().message_id))
    assert known.mails_of("m-2") == ()


def test_of_two_processes_one_queues_the_mail(known: Store) -> None:
    script = """
from store_builders import mail
say('ready'); hear()
with Store.open(path) as store:
    say(store.queue_mail(mail()))
"""
    beside = f"sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
    others = [Other(beside + script, Path(known.database.name)) for _ in range(3)]
    assert [other.hears() for other in others] == ["ready"] * 3
    for other in others:
        other.tell()
    assert sorted(other.finish() for other in others) == ["False", "False", "True"]
    assert known.waiting_mails() == (mail(),)


def test_waiting_mails_are_listed_in_the_order_in_which_they_were_queued(known: Store) -> None:
    late = mail("m-1", 3)._replace(queued_at=NOW + SECOND)
    early = mail("m-2", 1)._replace(queued_at=NOW - SECOND)
    together = [mail("m-2", 5), mail("m-1", 2), mail("m-1", 1)]
    for one in (late, *together, early):
        known.queue_mail(one)
    assert known.waiting_mails() == (early, *together, late)


def test_the_mails_of_a_meeting_are_listed_by_their_sequence(known: Store) -> None:
    for one in (mail(sequence=3), mail(sequence=1, method="CANCEL"), mail(), mail("m-2", 2)):
        known.queue_mail(one)
    assert known.mails_of("m-1") == (mail(sequence=1, method="CANCEL"), mail(), mail(sequence=3))
    assert known.mails_of("m-3") == ()


def test_a_mail_waits_through_every_stage_until_its_end(known: Store) -> None:
    known.queue_mail(mail())
    known.queue_mail(mail("m-2"))
    for stage in ("connecting", "logged_in", "offered", "handed_over", "accepted", "queued"):
        known.save_mail_stage(mail().message_id, stage)
        assert known.waiting_mails() == (mail()._replace(stage=stage), mail("m-2"))
    for stage in ENDS:
        known.save_mail_stage(mail().message_id, stage, "250 ok")
        assert known.waiting_mails() == (mail("m-2"),)
        assert known.mails_of("m-1") == (mail()._replace(stage=stage, said="250 ok"),)


def test_a_mail_that_was_dropped_goes_no_further(known: Store) -> None:
    known.queue_mail(mail())
    assert known.save_mail_stage(mail().message_id, "dropped", "not wanted")
    for stage in ("connecting", "queued", *ENDS):
        assert not known.save_mail_stage(mail().message_id, stage)
    assert known.mails_of("m-1") == (mail()._replace(stage="dropped", said="not wanted"),)


def test_a_stage_says_only_what_was_said_then(known: Store) -> None:
    known.queue_mail(mail())
    known.save_mail_stage(mail().message_id, "queued", "451 later")
    known.save_mail_stage(mail().message_id, "connecting")
    assert known.mails_of("m-1")[0].said == ""


def test_a_stage_is_on_disk_at_once(known: Store) -> None:
    known.queue_mail(mail())
    known.save_mail_stage(mail().message_id, "handed_over")
    script = "say(Store.open(path).waiting_mails()[0].stage)"
    assert Other(script, Path(known.database.name)).finish() == "handed_over"


def test_a_mail_belongs_to_a_meeting_on_record_and_goes_with_it(known: Store) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        known.queue_mail(mail("m-3"))
    known.queue_mail(mail())
    assert known.drop_meeting("m-1")
    assert known.waiting_mails() == ()
