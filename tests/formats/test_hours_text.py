"""Working hours in one line: what is read is what was written, and nothing is guessed."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectd.domain.model import Hours
from connectd.errors import WrongInputError
from connectd.formats.hours_text import hours_text, read_hours

MORNING, NOON, ONE, FIVE = time(9), time(12), time(13), time(17)
WORKDAYS = range(5)


@st.composite
def spans_of_a_day(draw: st.DrawFn) -> tuple[tuple[time, time], ...]:
    """Spans of whole minutes that touch at most; the last one may end at midnight."""
    edges = draw(st.lists(st.integers(0, 24 * 60), min_size=2, max_size=6, unique=True))
    edges = sorted(edges)[: len(edges) // 2 * 2]
    at = [time(minutes // 60 % 24, minutes % 60) for minutes in edges]
    return tuple(zip(at[::2], at[1::2], strict=True))


@given(st.dictionaries(st.integers(0, 6), spans_of_a_day(), min_size=1))
def test_what_is_shown_is_read_as_the_same_hours(hours: Hours) -> None:
    assert read_hours(hours_text(hours)) == hours


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("Mon-Fri 9:00-12:00 13:00-17:00", dict.fromkeys(WORKDAYS, ((MORNING, NOON), (ONE, FIVE)))),
        ("9-17", dict.fromkeys(WORKDAYS, ((MORNING, FIVE),))),
        ("monday - friday 09.00 – 17:00", dict.fromkeys(WORKDAYS, ((MORNING, FIVE),))),  # noqa: RUF001 - as a phone writes it
        ("Mo, We 13-17 9-12", dict.fromkeys((0, 2), ((MORNING, NOON), (ONE, FIVE)))),
        (
            "Sat-Sun 9-12; Mon 9-17",
            {0: ((MORNING, FIVE),)} | dict.fromkeys((5, 6), ((MORNING, NOON),)),
        ),
        ("fri 17-24", {4: ((FIVE, time.min),)}),
        ("Mon to Fri, 9am to 5pm", dict.fromkeys(WORKDAYS, ((MORNING, FIVE),))),
        (
            "Mon and Wed 9:00 am-12pm & 1pm-5 PM",
            dict.fromkeys((0, 2), ((MORNING, NOON), (ONE, FIVE))),
        ),
        ("Sun-Mon 9-12", dict.fromkeys((0, 6), ((MORNING, NOON),))),
    ],
)
def test_hours_as_people_write_them(text: str, hours: Hours) -> None:
    assert read_hours(text) == hours


def test_days_in_a_row_with_the_same_hours_stand_together() -> None:
    whole, half = ((MORNING, FIVE),), ((MORNING, NOON),)

    shown = hours_text({0: whole, 1: whole, 2: half, 3: whole, 5: ((FIVE, time.min),)})

    assert shown == "Mon-Tue 9:00-17:00, Wed 9:00-12:00, Thu 9:00-17:00, Sat 17:00-24:00"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Please write hours as in"),
        ("whenever", "“whenever” is no day such as Mon"),
        ("t 9-17", "is no day"),
        ("Mon", "Please write the hours of Mon"),
        ("Mon 9", "is no span of time"),
        ("Mon 9-17, Mon 18-19", "Mon stands there twice"),
        ("Mon 17-9", "must end after it starts"),
        ("Mon 9:60-10", "no time of a day"),
        ("Mon 9-25", "no time of a day"),
        ("Mon 1-5pm", "am or pm on both sides"),
        ("Mon 13am-2pm", "no time of a day"),
        ("Mon 9-12 11-13", "11:00 in common"),
        ("Mon 9-12 " * 100, "too long"),
    ],
)
def test_what_cannot_be_read_is_said(text: str, said: str) -> None:
    with pytest.raises(WrongInputError, match=said):
        read_hours(text)
