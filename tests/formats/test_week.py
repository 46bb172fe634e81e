from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectd.domain.model import Span
from connectd.formats.week import BUFFER, BUSY, FREE, OFF, UNKNOWN, Mark, Week, draw

MINUTE = timedelta(minutes=1)
BERLIN = ZoneInfo("Europe/Berlin")
LABEL = len("Mon  2 Nov  ")
# each with a week in which its clock is changed: by a day, half an hour, a minute after midnight
ODD = {
    "Europe/Berlin": (date(2026, 3, 27), date(2026, 10, 23)),
    "America/New_York": (date(2026, 3, 6), date(2026, 10, 30)),
    "America/Havana": (date(2026, 3, 6), date(2026, 10, 30)),
    "Australia/Lord_Howe": (date(2026, 4, 3), date(2026, 10, 2)),
    "Pacific/Apia": (date(2011, 12, 28), date(2011, 9, 22)),
    "America/St_Johns": (date(2010, 3, 12), date(2010, 11, 5)),
    "Asia/Kathmandu": (date(1985, 12, 30), date(1986, 1, 1)),
}


def spans_near(first: date) -> st.SearchStrategy[tuple[Span, ...]]:
    """Spans of whole minutes, in the days that are drawn and a little around them."""
    start = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(days=1)
    minutes = st.integers(0, 6 * 24 * 60)
    one = st.builds(
        lambda begins, lasts: Span(start + begins * MINUTE, start + (begins + lasts) * MINUTE),
        minutes,
        st.integers(0, 900),
    )
    return st.lists(one, max_size=4).map(tuple)


@st.composite
def weeks(draw_from: st.DrawFn) -> Week:
    key = draw_from(st.sampled_from(sorted(ODD)))
    first = draw_from(st.sampled_from(ODD[key]))
    spans = [draw_from(spans_near(first)) for _ in range(4)]
    return Week(first, ZoneInfo(key), 4, spans[0], spans[1], spans[2], buffers=spans[3])


def holds(moment: datetime, spans: Iterable[Span]) -> bool:
    return any(span.start <= moment < span.end for span in spans)


def expected(week: Week, day: date, hour: int) -> str:
    """Ask every minute that the clock on the wall shows in this hour."""
    around = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=1)
    found = [OFF] * 4
    for count in range(3 * 24 * 60):
        moment = around + count * MINUTE
        local = moment.astimezone(week.zone)
        if local.date() != day or local.hour != hour:
            continue
        for sign, spans in (
            (FREE, week.hours),
            (BUFFER, week.buffers),
            (BUSY, week.busy),
            (UNKNOWN, week.unknown),
        ):
            before = found[local.minute // 15]
            if holds(moment, spans) and " ·-█▒".index(sign) > " ·-█▒".index(before):
                found[local.minute // 15] = sign
    return "".join(found)


def by_day(lines: tuple[str, ...]) -> dict[str, str]:
    return {line[:LABEL].strip(): line[LABEL:] for line in lines[1:-1]}


def name(day: date) -> str:
    return f"{day:%a} {day.day:>2} {day:%b}"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(weeks(), st.integers(0, 3), st.integers(0, 23))
def test_every_quarter_of_an_hour_shows_what_its_minutes_are_taken_by(
    week: Week, after: int, hour: int
) -> None:
    day = week.first + timedelta(days=after)
    shown = by_day(draw(week, hour, hour + 1)).get(name(day), "")
    assert shown == expected(week, day, hour).rstrip()


def at(day: int, clock: str, minutes: int) -> Span:
    hour, minute = map(int, clock.split(":"))
    start = datetime(2026, 11, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)
    return Span(start, start + timedelta(minutes=minutes))


def test_a_week_as_a_reader_sees_it() -> None:
    week = Week(
        date(2026, 11, 2),
        BERLIN,
        hours=tuple(at(day, "09:00", 180) for day in range(2, 7)),
        busy=(at(2, "08:30", 60), at(3, "09:15", 15), at(7, "10:00", 30)),
        unknown=(at(4, "10:00", 60), at(4, "09:00", 15)),
        marks=(
            Mark(at(3, "10:00", 45), "B", draft=True),
            Mark(at(5, "09:00", 60), "C", draft=False),
        ),
    )
    assert draw(week, 8, 12) == (
        "            8   9   10  11",
        "Mon  2 Nov    ████··········",
        "Tue  3 Nov      ·█··[B]·····",
        "Wed  4 Nov      ▒···▒▒▒▒····",
        "Thu  5 Nov      (C )········",
        "Fri  6 Nov      ············",
        "Sat  7 Nov          ██",
        "            █ busy   ▒ could not be read   · free working time   [X] draft   (X) meeting",
    )


@pytest.mark.parametrize(
    ("minutes", "drawn"),
    [(15, "B"), (30, "[]"), (45, "[B]"), (60, "[B ]"), (75, "[ B ]"), (90, "[ B  ]")],
)
def test_a_mark_takes_exactly_its_time(minutes: int, drawn: str) -> None:
    week = Week(date(2026, 11, 2), BERLIN, marks=(Mark(at(2, "09:00", minutes), "B", draft=True),))
    assert draw(week, 9, 12)[1] == f"Mon  2 Nov  {drawn}"


def test_a_mark_that_begins_before_the_drawn_hours_is_drawn_within_them() -> None:
    week = Week(date(2026, 11, 2), BERLIN, marks=(Mark(at(2, "08:00", 90), "B", draft=False),))
    assert draw(week, 9, 12)[1] == "Mon  2 Nov  ()"


def test_only_signs_that_occur_are_explained() -> None:
    week = Week(date(2026, 11, 2), BERLIN, busy=(at(2, "09:00", 15),))
    assert draw(week)[-1].strip() == "█ busy"


def test_the_last_hour_ends_at_midnight() -> None:
    week = Week(date(2026, 11, 2), BERLIN, days=1, busy=(at(2, "23:30", 60),))
    assert draw(week, 22, 24)[1] == "Mon  2 Nov        ██"


def test_a_note_stands_at_the_end_of_its_day_even_if_nothing_else_does() -> None:
    week = Week(
        date(2026, 11, 2),
        BERLIN,
        days=3,
        busy=(at(2, "09:00", 15),),
        notes={date(2026, 11, 2): "Feast - of █", date(2026, 11, 4): "day off"},
    )
    assert draw(week, 9, 10) == (
        "            9",
        "Mon  2 Nov  █     Feast - of █",
        "Wed  4 Nov        day off",
        "            █ busy",
    )


def test_a_buffer_has_a_sign_of_its_own() -> None:
    week = Week(
        date(2026, 11, 2),
        BERLIN,
        hours=(at(2, "09:00", 120),),
        busy=(at(2, "09:30", 30),),
        buffers=(at(2, "09:15", 15), at(2, "10:00", 15)),
    )
    assert draw(week, 9, 11)[1:] == (
        "Mon  2 Nov  ·-██-···",
        "            █ busy   - kept free beside   · free working time",
    )
