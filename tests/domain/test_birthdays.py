"""Birthdays are written in one way, whatever an address book program makes of them."""

import pytest

from connectd.domain.birthdays import read_birthday


@pytest.mark.parametrize(
    ("text", "birthday"),
    [
        ("1980-03-05", "1980-03-05"),
        ("19800305", "1980-03-05"),
        (" 1980-03-05T00:00:00Z", "1980-03-05"),
        ("--0305", "--03-05"),
        ("--03-05", "--03-05"),
        ("--02-29", "--02-29"),
        ("2000-02-29", "2000-02-29"),
        ("1999-02-29", None),
        ("1980-13-05", None),
        ("0000-01-01", None),
        ("1980-03", None),
        ("---05", None),
        ("March 5", None),
        ("1980-03-05x", None),
        ("", None),
    ],
)
def test_a_day_is_read_or_left_out(text: str, birthday: str | None) -> None:
    assert read_birthday(text) == birthday


def test_what_was_written_is_read_again() -> None:
    for birthday in ("1980-03-05", "--03-05"):
        assert read_birthday(birthday) == birthday
