"""Nothing private survives in a text, whatever its case, its neighbours and its accents are."""

import re
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectd.formats.folded_text import fold
from connectd.formats.redaction import Private, Redaction

PLACEHOLDER = re.compile(r"\b(?:person|title|host|path|url|address|id|token)-[0-9]+\b")


@pytest.mark.parametrize(
    ("private", "text", "told"),
    [
        (["Bob Baker", "Bob"], "bob was met, BOB BAKER too", "person-1 was met, person-2 too"),
        (["Ann"], "Annual plan of Ann's and Anns", "Annual plan of person-1's and person-1s"),
        (["A"], "a tick of A", "person-1 tick of person-1"),
        (["Zoë"], "ZOE, zoë and Zoe\u0308", "person-1, person-1 and person-1"),
        (["Groß"], "GROSS", "person-1"),
        (["王伟"], "王伟的日历", "person-1的日历"),
        (["Bob  Baker"], "Bob\n Baker", "person-1"),
        (["Bob\u200dby"], "Bobby", "person-1"),
        (["Ü"], "ü_1 u", "person-1_1 person-1"),
        (["☕"], "a ☕ with", "a person-1 with"),
        (["\u0301"], "e\u0301", "eperson-1"),
        (["(Draft)"], "the (draft) stands", "the person-1 stands"),
        (["person"], "person-2 and person", "person-1-2 and person-1"),
    ],
)
def test_what_is_known_is_replaced(private: list[str], text: str, told: str) -> None:
    redact = Redaction(Private("person", one) for one in private)
    assert redact(text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("mail to bob@x.test and Bob@X.test", "mail to address-1 and address-1"),
        ("at https://dav.x.test/alice/cal/ now", "at https://host-1/path-1 now"),
        ("https://dav.x.test/ is dav.x.test", "https://host-1/ is host-1"),
        ("https://u:p@dav.x.test/", "url-1"),
        ("http://127.0.0.1:5232/alice/", "http://127.0.0.1:5232/path-1"),
        ("192.0.2.7 and [2001:db8::1:2:3]", "host-1 and host-2"),
        ("uid 6ba7b810-9dad-11d1-80b4-00c04fd430c8", "uid id-1"),
        ("Bearer eyJhbGciOiJIUzI1NiJ9abc", "Bearer token-1"),
        ("/home/alice/x.toml: no", "path-1: no"),
        ("~/secret/x", "path-1"),
        ("it says “a ” b” there", "it says “title-1” there"),
        ("at 08:00:00 on 2026-11-05, 3.6.1", "at 08:00:00 on 2026-11-05, 3.6.1"),
        ("2026-11-05T08:00:00Z", "2026-11-05T08:00:00Z"),
        ("meeting.minutes must be", "meeting.minutes must be"),
        ("main: main2 and/or this", "main: main2 and/or this"),
    ],
)
def test_what_looks_private_is_replaced(text: str, told: str) -> None:
    assert Redaction((), {"meeting.minutes"})(text) == told


def test_the_same_thing_is_the_same_word_everywhere() -> None:
    redact = Redaction(
        [
            Private("person", "Bob Baker", "bob"),
            Private("person", "Baker", "bob"),
            Private("host", "dav.x.test"),
            Private("title", "Call Bob Baker at https://dav.x.test/room"),
        ]
    )
    assert redact("Baker") == redact("BOB BAKER") == "person-1"
    assert redact("https://dav.x.test/") == "https://host-1/"
    assert redact("to “Call Bob Baker at https://dav.x.test/room”") == "to “title-1”"


def test_what_was_cut_off_is_known_by_its_beginning() -> None:
    redact = Redaction([Private("title", "A talk about the surgery of Carol")])
    assert redact("seen: A talk about the surg… in Work") == "seen: title-1… in Work"


def test_a_secret_goes_even_within_a_word() -> None:
    redact = Redaction([Private("secret", "hunter2"), Private("secret", "abc")])
    assert redact("xhunter2x hunter2 abcd abc") == "xsecret-1x secret-1 abcd secret-2"


def test_where_finds_overlap_all_goes() -> None:
    redact = Redaction([Private("title", "one two three"), Private("title", "three four")])
    assert redact("zero one two three four five") == "zero title-1 five"


NAMES = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=12
).filter(lambda name: name.strip())
WORDS = st.sampled_from(
    ["the", "draft", "was", "written", "at", "08:00", "for", "of", "✓", "(", "."]
)
CASES = (str, str.upper, str.lower, str.title, str.swapcase)
FORMS = ("NFC", "NFD", "NFKC")


@given(
    names=st.lists(NAMES, min_size=1, max_size=5),
    words=st.lists(WORDS, max_size=8),
    data=st.data(),
)
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_name_survives(names: list[str], words: list[str], data: st.DataObject) -> None:
    """Each stands somewhere in the text, in some case and form, between words."""
    pieces = list(words)
    for name in names:
        case = data.draw(st.sampled_from(CASES))
        form = data.draw(st.sampled_from(FORMS))
        pieces.insert(
            data.draw(st.integers(0, len(pieces))), unicodedata.normalize(form, case(name))
        )
    redact = Redaction(Private("person", name) for name in names)
    left = PLACEHOLDER.sub("\0", redact(" ".join(pieces)))
    ours = " ".join(words)
    for name in names:
        plain = fold(name)
        alone = rf"(?<!\w){re.escape(plain)}(?!\w)" if plain else re.escape(name)
        found = re.findall(alone, fold(left) if plain else left)
        assert len(found) == 0, (name, left, ours)
