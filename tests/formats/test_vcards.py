"""Importing people from vCards: all or nothing, with every problem named."""

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectd.errors import ImportFileError
from connectd.formats.people import PersonRow
from connectd.formats.vcards import MAX_BYTES, decode_vcards, read_vcards

CATEGORIES = ("results", "organization", "business")
OLD = """BEGIN:VCARD
VERSION:3.0
PRODID:-//Apple Inc.//macOS//EN
N:Baker;Bob;;;
FN:Bob Baker
item1.EMAIL;type=INTERNET;type=WORK:work@example.test
EMAIL;type=INTERNET;type=HOME;type=pref:bob@example.test
item1.X-ABLabel:Work
TZ;VALUE=text:Europe/Paris
FBURL:https://bob.example.test/busy.ifb
CATEGORIES:Friends,connect/Business
NOTE:likes tea\\, and cake\\nat noon
PHOTO;ENCODING=b;TYPE=JPEG:AAAA
 BBBB
END:VCARD
"""
NEW = """BEGIN:VCARD
VERSION:4.0
FN:Carol
  Cole
EMAIL;PREF=2:second@example.test
EMAIL;PREF=1:carol@example.test
EMAIL:third@example.test
TZ:-05:00
FBURL:http://carol.example.test/busy.ifb
CATEGORIES:results
END:VCARD
"""
BOB = PersonRow(
    "Bob Baker",
    ("bob@example.test", "work@example.test"),
    "business",
    timezone="Europe/Paris",
    note="likes tea, and cake\nat noon",
    free_busy="https://bob.example.test/busy.ifb",
    tags=("Friends",),
)
CAROL = PersonRow(
    "Carol Cole", ("carol@example.test", "second@example.test", "third@example.test"), "results"
)


def card(*lines: str, version: str = "4.0") -> str:
    return "\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])


def problems(text: str, otherwise: str | None = "results") -> list[str]:
    with pytest.raises(ImportFileError) as refused:
        read_vcards(text, CATEGORIES, otherwise)
    return refused.value.problems


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_both_versions_are_read_in_order(newline: str) -> None:
    text = (OLD + NEW).replace("\n", newline)
    assert read_vcards(text, CATEGORIES) == [BOB, CAROL]


def test_a_name_in_parts_is_enough() -> None:
    text = card("N:Baker;Bob;van,der;Dr.;", "EMAIL:bob@example.test", version="3.0")
    (bob,) = read_vcards(text, CATEGORIES, "results")
    assert bob.name == "Bob van der Baker"


def test_a_category_of_the_card_goes_before_the_one_given() -> None:
    text = card("FN:Bob", "EMAIL:b@example.test", "CATEGORIES:x", "CATEGORIES:Organization,results")
    (bob,) = read_vcards(text, CATEGORIES, "business")
    assert bob.category == "organization"
    (bob,) = read_vcards(card("FN:Bob", "EMAIL:b@example.test"), CATEGORIES, "business")
    assert bob.category == "business"


@pytest.mark.parametrize("kind", ["KIND:group", "X-ADDRESSBOOKSERVER-KIND:group"])
def test_a_group_is_nobody(kind: str) -> None:
    assert read_vcards(OLD + card("FN:Friends", kind), CATEGORIES) == [BOB]


def test_a_note_has_an_end_and_no_control_characters() -> None:
    text = card("FN:Bob", "EMAIL:b@example.test", "NOTE:\x1b[31m" + "x" * 5000)
    (bob,) = read_vcards(text, CATEGORIES, "results")
    assert bob.note == "[31m" + "x" * 5000


@pytest.mark.parametrize("line", ["x", "\\\\", "\\;", "ä", "日"])
@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_a_note_that_is_cut_ends_visibly(line: str, version: str) -> None:
    def note(length: int) -> str:
        text = card("FN:Bob", "EMAIL:b@example.test", f"NOTE:{line * length}!", version=version)
        (bob,) = read_vcards(text, CATEGORIES, "results")
        return bob.note

    whole, cut, bomb = (note(length) for length in (19_999, 20_000, 500_000))
    assert whole.endswith("!")
    assert (len(cut) <= 20_000, cut[-1], bomb[-1]) == (True, "…", "…")


def test_every_problem_is_named_with_the_line_of_its_card() -> None:
    text = (
        NEW
        + card("FN:Dan")
        + card("FN:Eve", "EMAIL:eve@", version="3.0")
        + card("N:Fox;Flo", version="2.1")
        + card("FN:Gus", "EMAIL:carol@example.test")
        + card("FN:Hal", 'EMAIL;a=a="')
        + "BEGIN:VCARD\nVERSION:4.0\n"
    )
    assert problems(text) == [
        "line 12: Dan: there is no e-mail address",
        "line 16: Eve: 'eve@' is not an e-mail address",
        "line 21: this vCard is 2.1; export it as vCard 3.0 or 4.0",
        "line 25: the address carol@example.test stands already in line 1",
        "line 30: this vCard cannot be understood",
        "line 35: this vCard has no end",
    ]


def test_without_a_category_the_option_is_named() -> None:
    (problem,) = problems(card("FN:Bob", "EMAIL:b@example.test", "CATEGORIES:x"), None)
    assert problem.endswith(
        "categories business, organization, results; --category says which to take"
    )


@pytest.mark.parametrize("text", ["", "name,email\nBob,b@x.test\n", card("FN:x", "KIND:group")])
def test_a_file_without_people_is_refused(text: str) -> None:
    assert problems(text) == ["there is no vCard of a person in the file"]


def test_a_file_that_is_too_large_or_no_text_is_refused() -> None:
    with pytest.raises(ImportFileError, match="larger than 20 MB"):
        decode_vcards(b"x" * (MAX_BYTES + 1))
    with pytest.raises(ImportFileError, match="line 2: the file is not UTF-8"):
        decode_vcards(b"BEGIN:VCARD\nFN:B\xf6b\n")
    assert decode_vcards("\ufeffBEGIN:VCARD".encode()) == "BEGIN:VCARD"


@pytest.mark.parametrize(
    "line",
    [
        "EMAIL;" + "a=" * 9000,
        "EMAIL;" + "a=" * 9000 + ":b@example.test",
        "FN" + ';a="' * 4500 + ":x",
        "FN;a=" + ',"b"' * 4500 + ":x",
        "N:" + "\\;" * 9000,
        "NOTE:" + "\\;" * 9_000_000,
        "NOTE;" + "a=" * 9_000_000,
        "CATEGORIES:" + "," * 15_000_000,
        "x" * 15_000_000,
    ],
    ids=lambda line: line[:10],
)
def test_no_line_takes_long(line: str) -> None:
    began = time.process_time()
    text = card("FN:Bob", "EMAIL:b@example.test", line)
    with suppress(ImportFileError):
        assert len(read_vcards(text, CATEGORIES, "results")) == 1
    assert time.process_time() - began < 3


@given(st.text(), st.sampled_from(["FN:", "EMAIL;", "N;", "CATEGORIES:", "TZ;X=", "", "NOTE;"]))
def test_whatever_stands_there_is_people_or_problems(text: str, start: str) -> None:
    card_of_bob = card("FN:Bob", "EMAIL:b@example.test", start + text)
    with suppress(ImportFileError):
        assert read_vcards(card_of_bob, CATEGORIES, "results")
