"""Words on a page: wrapped, shortened, and left out where there is no place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectd.cli.page import Block, columns, fitted, flowed, row, sentence, shortened

TEXT = st.text(st.sampled_from("ab é漢🎈\u0301"), max_size=40)


@pytest.mark.parametrize(
    ("text", "wide"), [("", 0), ("Bob", 3), ("é", 1), ("e\u0301", 1), ("漢字", 4), ("🎈", 2)]
)
def test_columns_of_a_terminal(text: str, wide: int) -> None:
    assert columns(text) == wide


def test_what_is_cut_off_becomes_dots() -> None:
    assert shortened("Bartholomew", 11) == "Bartholomew"
    assert shortened("Bartholomew", 6) == "Barth…"
    assert shortened("漢字漢字", 5) == "漢字…"


def test_further_lines_begin_under_the_parts_of_a_column() -> None:
    assert flowed("ab  ", ["one", "two", "three"], 12, gap="  ") == ("ab  one  two", "    three")
    assert flowed("So: ", ["one,", "two,", "three"], 12) == ("So: one,", "    two,", "    three")


def test_a_part_without_a_place_behind_the_first_words_begins_a_line() -> None:
    assert flowed("Rather long: ", ["Bartholomew"], 16) == ("Rather long:", "    Bartholomew")


def test_parts_without_a_place_are_counted() -> None:
    people = [f"P{number}" for number in range(30)]
    (line,) = row("", people, 40, 1, gap="  ")
    assert line == "P0  P1  P2  P3  P4  and 25 more (--all)"
    assert row("", people, 40, gap="  ")[-1].split()[-1] == "P29"


def test_a_sentence_is_cut_at_its_last_line() -> None:
    said = "one two three four five six seven"
    assert sentence(said, 20) == ("one two three four", "    five six seven")
    assert sentence(said, 20, 1) == ("one two three four…",)
    assert sentence(said, 14, 2) == ("one two three", "    four five…")


def test_the_longest_block_gives_way_first_and_says_so() -> None:
    short = Block((("a",), ("b",)))
    long = Block(tuple((str(number),) for number in range(9)))
    shown = fitted([short, long], 8)
    assert [block.lines for block in shown] == [
        ("a", "b"),
        ("0", "1", "2", "3", "4", "    and 4 more (connectd status --all)"),
    ]


def test_a_block_gives_way_only_where_a_line_is_won() -> None:
    pair = Block((("a",), ("b",)))
    assert fitted([pair], 1) == [pair]
    assert fitted([pair._replace(quiet=True)], 1)[0].lines == ("a",)


@given(st.lists(TEXT, max_size=12), st.integers(10, 60))
def test_no_line_is_wider_than_the_page(parts: list[str], width: int) -> None:
    assert all(columns(line) <= width for line in flowed("", parts, width))


@given(st.lists(TEXT, max_size=12), st.integers(10, 60))
def test_nothing_is_lost_by_wrapping(parts: list[str], width: int) -> None:
    laid = "".join(flowed("", parts, width)).replace(" ", "")
    assert laid == "".join(parts).replace(" ", "")
