"""Letters: how far each came, and that one whose sending has come to an end goes no further."""

import pytest
from store_builders import NOW

from connectd.edges.store import LetterRecord, Store

ENDS = ("sent", "refused", "unknown", "dropped")
LETTER = LetterRecord("a/1", "<1@a.test>", "me@a.test", "bob@a.test", b"Hi", NOW)


@pytest.fixture
def known(store: Store) -> Store:
    assert store.queue_letter(LETTER)
    return store


def stage_of(store: Store) -> tuple[str, str]:
    letter = store.letter("a/1")
    assert letter
    return letter.stage, letter.said


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


def test_a_letter_that_is_not_on_record_comes_nowhere(known: Store) -> None:
    assert not known.save_letter_stage("a/2", "queued")
    assert not known.drop_letter("a/2", "not wanted")
