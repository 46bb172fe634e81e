import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from readers import perspective, span

from connectd.domain.model import Span
from connectd.domain.view import Event, Unreadable
from connectd.formats.readings import (
    Reading,
    decode,
    encode,
    perspective_from_json,
    perspective_to_json,
)

TEXTS = st.text(max_size=8)
MOMENTS = st.datetimes(timezones=st.just(UTC))
SPANS = st.builds(lambda one, other: Span(min(one, other), max(one, other)), MOMENTS, MOMENTS)
EVENTS = st.builds(
    Event,
    calendar=TEXTS,
    href=TEXTS,
    uid=TEXTS,
    title=TEXTS,
    span=SPANS,
    busy=st.booleans(),
    all_day=st.booleans(),
    mine=st.booleans(),
    people=st.lists(TEXTS, max_size=2).map(tuple),
    attendee_count=st.integers(0, 9),
)
UNREADABLE = st.builds(
    Unreadable,
    calendar=TEXTS,
    href=TEXTS,
    uid=TEXTS,
    title=TEXTS,
    reason=TEXTS,
    blocks=TEXTS,
    spans=st.lists(SPANS, max_size=2).map(tuple),
)
READINGS = st.builds(
    Reading,
    uid=TEXTS,
    events=st.lists(EVENTS, max_size=3).map(tuple),
    unreadable=st.lists(UNREADABLE, max_size=2).map(tuple),
    recurring=st.booleans(),
)


@given(READINGS)
def test_a_reading_comes_back_as_it_was(reading: Reading) -> None:
    assert decode(encode(reading)) == reading


def test_a_series_says_only_once_what_its_occurrences_share() -> None:
    first = span("2026-11-03 09:00", "10:00")
    spans = [
        Span(first.start + timedelta(days=day), first.end + timedelta(days=day))
        for day in range(60)
    ]
    events = tuple(
        Event(
            "Work", "/work/1.ics", "one@example.test", "Daily", span, people=("bob@example.test",)
        )
        for span in spans
    )
    text = encode(Reading("one@example.test", events, recurring=True))
    assert text.count("Daily") == 1
    assert decode(text).events == events


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "7",
        '{"uid": "x"}',
        '{"uid":1,"events":[[]],"unreadable":[]}',
        "[" * 100_000,
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a stored reading"):
        decode(text)


def test_a_time_that_is_none_is_refused() -> None:
    text = encode(Reading("x", (Event("c", "h", "u", "t", span("2026-11-03 09:00", "10:00")),)))
    with pytest.raises(ValueError, match="not a stored reading"):
        decode(text.replace("2026-11-03T09:00:00+00:00", "soon"))


def test_a_perspective_comes_back_from_json_as_it_was() -> None:
    window = Span(datetime(2026, 11, 1, 1, 2, 3, 4, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))
    whole = perspective(window)
    assert perspective_from_json(json.loads(json.dumps(perspective_to_json(whole)))) == whole


def test_of_texts_that_are_at_hand_there_is_one_copy() -> None:
    href, uid = "/work/a.ics", "a@example.test"
    events = tuple(
        Event("Work", href, uid, "", span(f"2026-11-0{day} 09:00", "10:00")) for day in (3, 4)
    )
    text = encode(Reading(uid, events, (), recurring=True))
    reading = decode(text, (href, uid))
    assert reading == decode(text)
    assert all(one.href is href and one.uid is uid for one in reading.events)
    assert reading.uid is uid
