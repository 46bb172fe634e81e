"""People as somebody types them into a terminal."""

import pytest

from connectd.errors import WrongInputError
from connectd.formats.people import PersonRow
from connectd.formats.people_text import read_people

KINDS = ("results", "organization", "business")


@pytest.mark.parametrize(
    "text",
    [
        "Bob Baker <bob@example.test> business",
        "Bob Baker <bob@example.test>, Business",
        "  Bob Baker   bob@example.test   bus ",
        '"Bob Baker" <bob@example.test> (b)',
    ],
)
def test_a_person_is_a_name_an_address_and_as_much_of_a_category_as_tells(text: str) -> None:
    assert read_people(text, KINDS) == [PersonRow("Bob Baker", ("bob@example.test",), "business")]


def test_semicolons_stand_between_people() -> None:
    text = "Bob <bob@example.test> b; Carol <carol@example.test> results;"

    assert [row.name for row in read_people(text, KINDS)] == ["Bob", "Carol"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Bob", "“Bob” must be written as in"),
        ("bob@example.test", "must be written as in"),
        ("Bob <bob@example.test>", "Bob: unknown category ''"),
        ("Bob <bob@example.test> friends", "unknown category 'friends'"),
        ("Bob <bob@exa_mple.test> results", "bob@exa_mple.test"),
        (
            "Bob <b@example.test> b; Rob <b@example.test> b",
            "Rob: the address b@example.test stands",
        ),
        ("x" * 30_000, "put into a file"),
    ],
)
def test_what_is_wrong_is_said_of_each(text: str, said: str) -> None:
    with pytest.raises(WrongInputError, match=said):
        read_people(f"Ada <ada@example.test> results; {text}", KINDS)
