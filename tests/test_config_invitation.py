"""What the configuration may say about invitations."""

import pytest
from config_texts import SMALLEST, parse, problem, problems

from connectd.config import Invitation

WORDS = '''[invitation]
text = """
Dear {first_name},
{activity} on {day} at {time}, {minutes} minutes?
Or here: {booking_url} {{really}}
{me} (for {name})
"""
booking_url = "https://cal.example.test/alice?with=coffee"
'''


def test_without_the_table_nothing_is_said() -> None:
    assert parse(SMALLEST).invitation == Invitation(None, None)
    assert parse(SMALLEST + "[invitation]").invitation == Invitation(None, None)


def test_words_of_several_lines_with_every_placeholder() -> None:
    text, url = parse(SMALLEST + WORDS).invitation
    assert url == "https://cal.example.test/alice?with=coffee"
    assert text is not None
    assert text.startswith("Dear {first_name},\n{activity} on")


def test_a_booking_page_needs_no_words() -> None:
    url = 'booking_url = "https://cal.example.test/alice"'
    assert parse(SMALLEST + f"[invitation]\n{url}").invitation == Invitation(
        None, "https://cal.example.test/alice"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("3", "must be text in quotes, not 3"),
        ('""', "is empty"),
        ('" \\n"', "is empty"),
        (
            '"Hi {nmae}"',
            "has {nmae}, which is no placeholder; known are {name}, {first_",
        ),
        ('"{name.__class__}"', "has {name.__class__}, which is no placeholder"),
        ('"{name!r}"', "has {name!r}, which is no placeholder"),
        ('"a } b"', "has a brace of its own; write {{ or }} where a brace is meant"),
        ('"a\\tb"', "must hold no tabs or other control characters"),
        ('"a\\u001bb"', "must hold no tabs or other control characters"),
        ('"a\\u0085b"', "must hold no tabs or other control characters"),
        ('"a\\u2028b"', "must hold no tabs or other control characters"),
        (f'"{"x" * 4001}"', "must be at most 4000 characters long, not 4001"),
        ('"see {booking_url}"', "has {booking_url}; add such a line below it: booking_url = "),
    ],
)
def test_words_that_cannot_be_used(text: str, said: str) -> None:
    found = problem(SMALLEST + f"[invitation]\ntext = {text}")
    assert found.startswith("invitation.text: ")
    assert said in found


def test_a_brace_may_be_written_twice_and_the_length_be_used_up() -> None:
    assert parse(SMALLEST + '[invitation]\ntext = "{{name}}"').invitation.text == "{{name}}"
    assert parse(SMALLEST + f'[invitation]\ntext = "{"x" * 4000}"').invitation.text


@pytest.mark.parametrize(
    "url",
    [
        "http://cal.example.test/",
        "http://localhost/alice",
        "webcal://cal.example.test/",
        "https://alice:secret@cal.example.test/",
        "https://cal.example.test/a b",
        "cal.example.test",
        "",
    ],
)
def test_a_booking_page_that_others_cannot_open(url: str) -> None:
    found = problem(SMALLEST + f'[invitation]\nbooking_url = "{url}"')
    assert found.startswith("invitation.booking_url: ")
    assert "secret" not in found


def test_a_wrong_booking_page_is_not_called_missing_as_well() -> None:
    wrong = '[invitation]\ntext = "{booking_url}"\nbooking_url = "http://cal.example.test/"'
    (found,) = problems(SMALLEST + wrong)
    assert found.startswith("invitation.booking_url: must start with https://")
