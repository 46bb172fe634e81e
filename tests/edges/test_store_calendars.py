"""What was read from the servers, in the store."""

from datetime import timedelta

from store_builders import NOW, object_row

from connectd.domain.model import Span
from connectd.edges.store import AccountRecord, CalendarRecord, Store

WORK, HOME = "https://dav.example.test/work/", "https://dav.example.test/home/"
WINDOW = Span(NOW - timedelta(days=31), NOW + timedelta(days=28))


def calendar(url: str = WORK, account: str = "main") -> CalendarRecord:
    return CalendarRecord(account, url, "Work", "token-1", WINDOW, NOW)


def etags(store: Store, url: str) -> dict[str, str]:
    return {row.href: row.etag for row in store.object_rows(url)}


def test_an_account_is_written_anew(store: Store) -> None:
    assert store.account("main") is None
    store.save_account(AccountRecord("main", "{}"))
    failed = AccountRecord("main", "[]", WORK, "plain", NOW, "no answer", NOW, NOW, NOW, "a1")
    store.save_account(failed)
    assert store.account("main") == failed


def test_a_calendar_is_written_anew(store: Store) -> None:
    assert store.calendar(WORK) is None
    store.save_calendar(calendar())
    later = calendar()._replace(name="Job", version=None, read_at=NOW + timedelta(days=1))
    store.save_calendar(later)
    assert store.calendar(WORK) == later


def test_calendars_are_listed_by_account(store: Store) -> None:
    store.save_calendar(calendar(WORK))
    store.save_calendar(calendar(HOME))
    store.save_calendar(calendar("https://other.test/", "other"))
    assert store.calendars("main") == (calendar(HOME), calendar(WORK))


def test_a_forgotten_calendar_takes_its_objects_along(store: Store) -> None:
    for url in (WORK, HOME):
        store.save_calendar(calendar(url))
        store.save_objects(url, [object_row(1)])
    store.forget_calendar(WORK)
    assert (store.calendar(WORK), etags(store, WORK)) == (None, {})
    assert (store.calendar(HOME), len(etags(store, HOME))) == (calendar(HOME), 1)


def test_objects_are_written_anew_and_dropped(store: Store) -> None:
    store.save_objects(WORK, [object_row(number) for number in (1, 2, 3)])
    changed = object_row(2)._replace(
        etag='"new"', uid="other", text="BEGIN", reading="[]", unreadable="[]"
    )
    store.save_objects(WORK, [changed, object_row(4)])
    store.drop_objects(WORK, ["/1.ics", "/never.ics"])
    assert etags(store, WORK) == {"/2.ics": '"new"', "/3.ics": '"3"', "/4.ics": '"4"'}
    assert list(store.object_rows(WORK)) == [changed, object_row(3), object_row(4)]


def test_the_same_href_in_two_calendars_is_two_objects(store: Store) -> None:
    store.save_objects(WORK, [object_row(1)])
    store.save_objects(HOME, [object_row(1)._replace(etag='"home"')])
    store.drop_objects(WORK, ["/1.ics"])
    assert etags(store, HOME) == {"/1.ics": '"home"'}


def test_many_objects_are_read_whole(store: Store) -> None:
    rows = [object_row(number) for number in range(1201)]
    store.save_objects(WORK, iter(rows))
    assert {row.href: row for row in store.object_rows(WORK)} == {row.href: row for row in rows}


def test_objects_whose_text_is_kept_are_found(store: Store) -> None:
    kept = object_row(2)._replace(text="BEGIN:VCALENDAR")
    store.save_objects(WORK, [object_row(1), kept])
    store.save_objects(HOME, [object_row(3)._replace(text="BEGIN:VCALENDAR")])
    assert store.recurring_rows(WORK) == (kept,)
    assert store.object_text(WORK, "/2.ics") == "BEGIN:VCALENDAR"
    assert store.object_text(WORK, "/1.ics") is None
    assert store.object_text(WORK, "/9.ics") is None


def test_what_could_not_be_read_is_named_without_the_rest(store: Store) -> None:
    store.save_objects(WORK, [object_row(1), object_row(2)._replace(unreadable='["x"]')])
    store.save_objects(HOME, [object_row(3)._replace(unreadable='["y"]')])
    assert store.unreadable() == ('["y"]', '["x"]')
    store.save_objects(WORK, [object_row(2)])
    assert store.unreadable() == ('["y"]',)
