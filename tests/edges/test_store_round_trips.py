"""Whatever is stored comes back as it was."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectd.domain.model import (
    Contact,
    Delivery,
    Encounter,
    Form,
    Kind,
    Meeting,
    Reply,
    Span,
    State,
    Step,
)
from connectd.edges.store import CalendarRecord, FollowUp, Mail, ObjectRow, Placement, Store
from connectd.edges.store.columns import read_time, time_text

EARLIEST, LATEST = datetime(1, 1, 2), datetime(9999, 12, 30)  # noqa: DTZ001 - Hypothesis wants naive bounds

# On a busy machine a disk or a process may keep one example waiting.
unhurried = settings(deadline=None)

texts = st.text(max_size=40)
times = st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=0)
)
spans = st.tuples(times, times).map(lambda pair: Span(min(pair), max(pair)))
counts = st.integers(0, 2**31)


contacts = st.builds(
    Contact,
    id=texts,
    name=texts,
    emails=st.lists(texts, max_size=4, unique_by=str.casefold).map(tuple),
    category=texts,
    every_days=st.none() | counts,
    timezone=st.none() | texts,
    kind=st.sampled_from(Kind),
    note=texts,
    snoozed_until=st.none() | st.dates(),
    archived=st.booleans(),
    free_busy=st.none() | texts,
    step=st.none() | st.sampled_from(Step),
    tags=st.lists(texts, max_size=3).map(tuple),
    birthday=st.none() | texts,
)
meetings = st.builds(
    Meeting,
    uid=texts,
    contact=texts,
    attempt=counts,
    state=st.sampled_from(State),
    span=spans,
    kind=st.sampled_from(Kind),
    reasons=st.lists(texts, max_size=3).map(tuple),
    form=st.sampled_from(Form),
    sequence=counts,
    drafted_at=st.none() | times,
    accepted_at=st.none() | times,
    invited_at=st.none() | times,
    ended_at=st.none() | times,
    told_by=st.none() | texts,
    moved=st.booleans(),
    replied_yes=st.booleans(),
    missing_since=st.none() | times,
    delivery=st.none() | st.sampled_from(Delivery),
    delivery_detail=texts,
    reply=st.sampled_from(Reply),
    conflict=texts,
    conflicting=st.lists(texts, max_size=3).map(tuple),
    overruled=st.booleans(),
    released=st.booleans(),
    followed_up_at=st.none() | times,
    moved_from=st.none() | times,
    other=st.none() | texts,
    questions=st.lists(texts, max_size=3).map(tuple),
)
placements = st.builds(
    Placement,
    uid=texts,
    account=texts,
    calendar=texts,
    href=texts,
    etag=st.none() | texts,
    written=texts,
    removed=st.booleans(),
    gesture=st.none() | texts,
)
follow_ups = st.builds(
    FollowUp,
    meeting=texts,
    account=texts,
    calendar=texts,
    href=texts,
    etag=st.none() | texts,
    told=texts,
    seen_version=st.none() | texts,
    removed=st.booleans(),
    due=st.none() | st.dates(),
    next_due=st.none() | st.dates(),
)
mails = st.builds(
    Mail,
    meeting=texts,
    sequence=counts,
    method=texts,
    message_id=texts,
    sender=texts,
    recipient=texts,
    calendar=texts,
    message=st.binary(max_size=40),
    queued_at=times,
    stage=texts,
    said=texts,
)
objects = st.builds(
    ObjectRow,
    href=texts,
    etag=texts,
    uid=texts,
    text=st.none() | texts,
    reading=texts,
    unreadable=st.none() | texts,
)
calendars = st.builds(
    CalendarRecord,
    account=texts,
    url=texts,
    name=texts,
    version=st.none() | texts,
    window=spans,
    read_at=times,
)


Fresh = Callable[[], Store]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fresh]:
    """Gives empty stores in memory: hundreds of files would take minutes."""
    with Store.open(tmp_path_factory.mktemp("state") / "connectd.db") as store:
        yield store.rehearsal


@unhurried
@given(contacts)
def test_a_contact(fresh: Fresh, contact: Contact) -> None:
    with fresh() as store:
        store.add_contact(contact)
        assert store.contacts(include_archived=True) == (contact,)
        assert store.contact(contact.id) == contact


@unhurried
@given(contacts, contacts)
def test_an_updated_contact(fresh: Fresh, before: Contact, after: Contact) -> None:
    with fresh() as store:
        store.add_contact(before)
        after = after._replace(id=before.id)
        store.update_contact(after)
        assert store.contact(before.id) == after


@unhurried
@given(meetings)
def test_a_meeting(fresh: Fresh, meeting: Meeting) -> None:
    with fresh() as store:
        assert store.save_meeting(meeting, was=None)
        assert store.meetings() == (meeting,)
        assert store.meeting(meeting.uid) == meeting


@unhurried
@given(meetings, meetings)
def test_a_meeting_that_moved_on(fresh: Fresh, before: Meeting, after: Meeting) -> None:
    with fresh() as store:
        store.save_meeting(before, was=None)
        after = after._replace(uid=before.uid)
        assert store.save_meeting(after, was=before.state)
        assert store.meetings() == (after,)


@unhurried
@given(meetings, placements)
def test_a_placement(fresh: Fresh, meeting: Meeting, placement: Placement) -> None:
    with fresh() as store:
        store.save_meeting(meeting._replace(uid=placement.uid), was=None)
        store.save_placement(placement)
        assert store.placement(placement.uid) == placement


@unhurried
@given(meetings, follow_ups)
def test_a_follow_up(fresh: Fresh, meeting: Meeting, follow_up: FollowUp) -> None:
    with fresh() as store:
        store.save_meeting(meeting._replace(uid=follow_up.meeting), was=None)
        store.save_follow_up(follow_up)
        assert store.standing_follow_ups() == (() if follow_up.removed else (follow_up,))


@unhurried
@given(meetings, mails)
def test_a_mail(fresh: Fresh, meeting: Meeting, mail: Mail) -> None:
    with fresh() as store:
        store.save_meeting(meeting._replace(uid=mail.meeting), was=None)
        assert store.queue_mail(mail)
        assert store.mails_of(mail.meeting) == (mail,)


@unhurried
@given(texts, st.lists(objects, max_size=4, unique_by=lambda row: row.href))
def test_calendar_objects(fresh: Fresh, calendar: str, rows: list[ObjectRow]) -> None:
    with fresh() as store:
        store.save_objects(calendar, rows)
        by_href = {row.href: row for row in rows}
        assert {row.href: row for row in store.object_rows(calendar)} == by_href
        assert len(store.recurring_rows(calendar)) == sum(row.text is not None for row in rows)


@unhurried
@given(calendars)
def test_a_calendar(fresh: Fresh, calendar: CalendarRecord) -> None:
    with fresh() as store:
        store.save_calendar(calendar)
        assert store.calendar(calendar.url) == calendar
        assert store.calendars(calendar.account) == (calendar,)


@unhurried
@given(st.builds(Encounter, contact=texts, on=st.dates(), how=texts, meeting=st.none() | texts))
def test_an_encounter(fresh: Fresh, encounter: Encounter) -> None:
    with fresh() as store:
        assert store.add_encounter(encounter)
        assert store.encounters() == (encounter,)


@unhurried
@given(times, times)
def test_times_as_text_sort_as_times_do(one: datetime, other: datetime) -> None:
    assert (one < other) is (time_text(one) < time_text(other))


@unhurried
@given(st.datetimes(EARLIEST, LATEST, timezones=st.timezones()))
def test_a_time_is_kept_to_the_second(moment: datetime) -> None:
    kept = read_time(time_text(moment))
    assert kept.tzinfo is UTC
    assert timedelta(0) <= moment.astimezone(UTC) - kept < timedelta(seconds=1)


def test_a_time_looks_as_it_does_everywhere() -> None:
    paris = timezone(timedelta(hours=1))
    assert time_text(datetime(2026, 12, 1, 10, 0, 0, 999, paris)) == "2026-12-01T09:00:00Z"


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a zone"):
        time_text(datetime(2026, 12, 1))  # noqa: DTZ001 - what the test is about


def test_a_year_of_one_digit_is_kept(fresh: Fresh) -> None:
    with fresh() as store:
        store.add_encounter(Encounter("bob", date(1, 2, 3)))
        assert store.encounters()[0].on == date(1, 2, 3)
