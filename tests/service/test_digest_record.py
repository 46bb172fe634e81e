"""Each meeting that was held stands in one digest, however late it is put on record."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from connectd.domain.model import Encounter
from connectd.domain.weekly import Issue, week_name
from connectd.edges.store import Store
from connectd.service.digest_record import DigestRecord, digest_record, keep_digest_record

MONDAY = date(2026, 11, 9)
WEEK = timedelta(days=7)


def met(day: date, contact: str = "bob") -> Encounter:
    return Encounter(contact, day)


def one_comes(
    record: DigestRecord, encounters: list[Encounter], today: date
) -> tuple[DigestRecord, tuple[Encounter, ...]]:
    week = week_name(today)
    due = datetime(today.year, today.month, today.day, 8, tzinfo=UTC)
    record = record._replace(issued=(*record.issued, Issue(week, due)))
    news = record.news(encounters, today, week)
    return record.telling(news, encounters, today, week), news


def test_the_first_one_tells_of_seven_days_and_no_later_one_of_what_was_before() -> None:
    of_late, before = met(MONDAY - WEEK), met(MONDAY - WEEK - timedelta(days=1))
    record, news = one_comes(DigestRecord(), [before, of_late], MONDAY)
    assert news == (of_late,)
    _, news = one_comes(record, [before, of_late], MONDAY + WEEK)
    assert news == ()


def test_what_is_marked_late_stands_in_the_next_one() -> None:
    record, _ = one_comes(DigestRecord(), [], MONDAY)
    friday = met(MONDAY - timedelta(days=3))
    record, news = one_comes(record, [friday], MONDAY + WEEK)
    assert news == (friday,)
    assert one_comes(record, [friday], MONDAY + 2 * WEEK)[1] == ()


def test_what_is_told_is_no_news_for_the_next_one_but_for_its_own() -> None:
    bob = met(MONDAY)
    record, _ = one_comes(DigestRecord(), [bob], MONDAY)
    assert record.news([bob], MONDAY, week_name(MONDAY)) == (bob,)
    assert record.news([bob], MONDAY, None) == ()


def test_what_was_told_in_one_that_nobody_read_is_told_again() -> None:
    bob = met(MONDAY)
    record, _ = one_comes(DigestRecord(), [bob], MONDAY)
    record = record.never_read(week_name(MONDAY))
    assert one_comes(record, [bob], MONDAY + WEEK)[1] == (bob,)


@given(st.lists(st.tuples(st.integers(0, 80), st.integers(0, 60)), max_size=30))
def test_each_stands_in_one_digest(recorded: list[tuple[int, int]]) -> None:
    """Each is held on a day, and recorded so many days later."""
    record, told = one_comes(DigestRecord(), [], MONDAY)[0], []
    held = {
        met(MONDAY + timedelta(days=day), f"p-{n}"): later
        for n, (day, later) in enumerate(recorded)
    }
    for number in range(1, 23):
        today = MONDAY + number * WEEK
        known = [one for one, later in held.items() if one.on + timedelta(days=later) <= today]
        record, news = one_comes(record, known, today)
        told += news
    assert sorted(told) == sorted(held)


def test_it_is_kept(tmp_path: Path) -> None:
    record, _ = one_comes(DigestRecord(), [met(MONDAY)], MONDAY)
    with Store.open(tmp_path / "connectd.db") as store:
        assert digest_record(store) == DigestRecord(told={})
        keep_digest_record(record._replace(unwritten="2026-W46"), store)
        assert digest_record(store) == record._replace(unwritten="2026-W46")
