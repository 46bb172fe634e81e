"""Values written as TOML, read back by the standard library."""

import tomllib
import unicodedata
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from connectd.formats.toml_values import toml_value

texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(texts)
@example("two\nlines")
@example('\n"""\n\\"""\\')
@example(" trailing \\\n \r\n\t\x00\x7f\x85\u2028\u202e\U000e0041 ")
@example("\N{FAMILY}\u200d")
def test_every_text_comes_back(text: str) -> None:
    written = toml_value(text)

    assert tomllib.loads(f"value = {written}  # a comment\nnext = 1") == {"value": text, "next": 1}


@given(texts)
def test_nothing_in_it_steers_an_editor(text: str) -> None:
    unsafe = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    written = toml_value(text).replace("\u200d", "").replace("\u200c", "").replace("\n", "")

    assert not any(unicodedata.category(character) in unsafe for character in written)


@pytest.mark.parametrize("text", ["Zoë Müller", "李小龍", "👩\u200d🚀", "שלום", "it's"])
def test_readable_text_stays_readable(text: str) -> None:
    assert toml_value(text) == f'"{text}"'


def test_a_text_of_several_lines_stays_so() -> None:
    assert toml_value("likes tea\nno milk") == '"""\nlikes tea\nno milk"""'


def test_what_is_no_text() -> None:
    assert toml_value(date(2027, 2, 1)) == "2027-02-01"
    assert toml_value(30) == "30"
    assert toml_value(("a", 'b"')) == '["a", "b\\""]'
    assert toml_value("\ud800") == '"\N{REPLACEMENT CHARACTER}"'
