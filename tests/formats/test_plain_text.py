import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from connectd.formats.plain_text import clean

NASTY = st.text(
    st.one_of(st.characters(), st.sampled_from("\x1b\x00\x9b\u202e\u200b\r\n\t\u2028 "))
)


def test_an_escape_sequence_loses_what_makes_it_one() -> None:
    assert clean("\x1b[2J\x1b]0;title\x07Lunch") == "[2J]0;titleLunch"


def test_nul_c1_controls_and_bidirectional_overrides_disappear() -> None:
    assert clean("a\x00b\x9bc\u202ed\u2066e\ufefff") == "abcdef"


def test_a_lone_surrogate_disappears_so_that_it_can_be_encoded() -> None:
    assert clean("a\ud800b").encode() == b"ab"


def test_line_breaks_and_tabs_become_single_spaces() -> None:
    assert clean(" one\r\n\ttwo\u2028three\x0bfour  five ") == "one two three four five"


def test_lines_stay_when_asked_for() -> None:
    assert clean("one\r\ntwo\rthree\u2029\tfour\x1b", keep_lines=True) == "one\ntwo\nthree\n four"


def test_ordinary_text_in_any_script_stays() -> None:
    text = "Café · Ελλάδα · 東京 👋"
    assert clean(text) == text


def test_what_is_too_long_ends_in_an_ellipsis() -> None:
    assert clean("x" * 300) == "x" * 199 + "…"
    assert clean("one two", 4) == "one…"
    assert clean("x" * 200) == "x" * 200


@given(NASTY, st.integers(1, 50))
def test_nothing_unsafe_and_nothing_too_long_remains(text: str, limit: int) -> None:
    safe = clean(text, limit)
    assert len(safe) <= limit
    assert not {unicodedata.category(character) for character in safe} & {
        "Cc",
        "Cf",
        "Cs",
        "Zl",
        "Zp",
    }
    assert clean(safe, limit) == safe


@given(NASTY)
def test_kept_lines_hold_no_other_control_character(text: str) -> None:
    safe = clean(text, keep_lines=True)
    rest = safe.replace("\n", "")
    assert not {unicodedata.category(character) for character in rest} & {
        "Cc",
        "Cf",
        "Cs",
        "Zl",
        "Zp",
    }
