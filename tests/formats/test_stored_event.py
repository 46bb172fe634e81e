"""What a stored object may cost to read, and what is left out of it beforehand."""

import time

import pytest
from sample_drafts import ENDLESS_ZONE, drafted, with_lines

from connectd.errors import UnreadableEventError
from connectd.formats.stored_event import read_stored, without_components


@pytest.mark.parametrize(
    "begin",
    [
        "BEGIN:VTIMEZONE",
        "begin:vtimezone",
        "BEGIN:VTIME\r\n ZONE",
        "BEGIN:VTIME\r\n\tZONE",
        "BEGIN:VTIME\n\n ZONE",
        "BEGIN;X=1:VTIMEZONE",
        'BEGIN;X="a:b":VTIMEZONE',
    ],
)
def test_a_zone_is_left_out_however_its_beginning_is_written(begin: str) -> None:
    zone = ENDLESS_ZONE.replace("BEGIN:VTIMEZONE", begin)
    text = drafted().replace("BEGIN:VEVENT", zone)

    assert "SECONDLY" not in without_components(text, {"VTIMEZONE"})
    assert "BEGIN:VEVENT" in without_components(text, {"VTIMEZONE"})


def test_words_that_look_like_a_component_stay_what_they_are() -> None:
    text = with_lines(drafted(), "X-NOTE:see", " BEGIN:VALARM", "X-OTHER:BEGIN:VALARM")

    assert without_components(text, {"VALARM"}).count("BEGIN:VALARM") == 2


@pytest.mark.parametrize(
    "line",
    ["\n" * 900_000, "\r\n" * 400_000, " \n" * 400_000, "DTSTART" + ";TZID=A" * 100_000],
    ids=["breaks", "long breaks", "folds", "parameters"],
)
def test_what_a_text_costs_follows_its_length(line: str) -> None:
    began = time.process_time()
    try:
        read_stored(with_lines(drafted(), line), times=False)
    except UnreadableEventError:
        pass
    finally:
        assert time.process_time() - began < 10
