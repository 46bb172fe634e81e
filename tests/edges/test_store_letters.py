"""Letters: how far each came, and that one whose sending has come to an end goes no further."""

from datetime import timedelta

import pytest
from store_builders import NOW, letter

from connectd.edges.store import Store

ENDS = ("sent", "refused", "unknown", "dropped")
LATER = NOW + timedelta(days=1)
LETTER = letter()


@pytest.fixture
def known(store: Store) -> Store:
    assert store.queue_letter(LETTER)
    return store


def stage_of(store: Store) -> tuple[str, str]:
    found = store.letter("a/1")
    assert found
    return found.stage, found.said


def test_a_letter_waits_through_every_stage(known: Store) -> None:
    for stage in ("connecting", "logged_in", "offered", "handed_over", "accepted", "queued"):
        assert known.save_letter_stage("a/1", stage, "250 ok")
        assert known.waiting_letters() == (LETTER._replace(stage=stage, said="250 ok"),)


@pytest.mark.parametrize("end", ENDS)
def test_one_that_has_ended_goes_no_further(known: Store, end: str) -> None:
    assert known.save_letter_stage("a/1", end, "550 no")
    for stage in ("connecting", "queued", *ENDS):
        assert not known.save_letter_stage("a/1", stage, "250 ok")
    assert stage_of(known) == (end, "550 no")
    assert not known.queue_letter(LETTER)
    assert known.waiting_letters() == ()


@pytest.mark.parametrize(
    ("stage", "dropped"),
    [("queued", True), ("offered", True), ("refused", True), ("sent", False), ("unknown", False)],
)
def test_only_one_that_may_have_left_cannot_be_dropped(
    known: Store, stage: str, *, dropped: bool
) -> None:
    known.save_letter_stage("a/1", stage, "as it was")
    assert known.drop_letter("a/1", "not wanted") == dropped
    assert stage_of(known) == (("dropped", "not wanted") if dropped else (stage, "as it was"))


@pytest.mark.parametrize("stage", ["queued", "offered", "sent", "unknown", "dropped"])
def test_only_one_that_was_refused_is_queued_anew(known: Store, stage: str) -> None:
    known.save_letter_stage("a/1", stage)
    anew = LETTER._replace(recipient="new@a.test", message=b"Hello", queued_at=LATER)
    assert not known.queue_refused_letter(anew)
    assert known.letter("a/1") == LETTER._replace(stage=stage)


def test_one_that_was_refused_is_queued_anew_as_it_is_now(known: Store) -> None:
    known.save_letter_stage("a/1", "refused", "550 no")
    anew = LETTER._replace(recipient="new@a.test", message=b"Hello", queued_at=LATER)
    assert known.queue_refused_letter(anew)
    assert known.waiting_letters() == (anew,)
    assert not known.queue_refused_letter(anew._replace(key="a/2"))


def test_a_letter_that_is_not_on_record_comes_nowhere(known: Store) -> None:
    assert not known.save_letter_stage("a/2", "queued")
    assert not known.drop_letter("a/2", "not wanted")
