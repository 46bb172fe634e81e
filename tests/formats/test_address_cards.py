"""One card of an address book: what it says, or why it cannot be read."""

import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
from address_book import card
from hypothesis import given
from hypothesis import strategies as st

from connectd.edges.confined import Confined
from connectd.errors import TooCostlyError, UnreadableCardError
from connectd.formats.address_cards import contents_or_problem, read_card
from connectd.formats.vcard_contents import CardContents

BOB = ("FN:Bob Baker", "EMAIL:bob@example.test")


@pytest.fixture(scope="module")
def child() -> Iterator[Confined]:
    with Confined("connectd.formats.confined_readers:read") as child:
        yield child


def read_all(child: Confined, *texts: str) -> list[CardContents | str]:
    answer = child.call({"what": "cards", "texts": texts})
    return [contents_or_problem(told) for told in answer["cards"]]


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_everything_connectd_wants_to_know_is_read(version: str) -> None:
    more = (
        "EMAIL;TYPE=PREF:b@example.test",
        "TZ;VALUE=text:Europe/Paris",
        "FBURL:https://bob.example.test/busy.ifb",
        "NOTE:likes tea\\, and cake\\nat noon",
        "BDAY:1980-03-05",
        "CATEGORIES:connect/business,Book club",
        "CATEGORIES:python",
        "PHOTO;ENCODING=b;TYPE=JPEG:AAAA",
    )
    assert read_card(card(*BOB, *more, uid="card-1", version=version)) == CardContents(
        uid="card-1",
        name="Bob Baker",
        emails=("b@example.test", "bob@example.test"),
        timezone="Europe/Paris",
        free_busy="https://bob.example.test/busy.ifb",
        note="likes tea, and cake\nat noon",
        birthday="1980-03-05",
        categories=("connect/business", "Book club", "python"),
    )


@pytest.mark.parametrize(
    ("line", "birthday"),
    [
        ("BDAY:--0305", "--03-05"),
        ("BDAY;VALUE=date:1980-03-05", "1980-03-05"),
        ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-03-05", "--03-05"),
        ("BDAY:circa 1800", None),
    ],
)
def test_a_birthday_is_read_or_left_out(line: str, birthday: str | None) -> None:
    assert read_card(card(*BOB, line, uid="u")).birthday == birthday


def test_an_address_that_cannot_be_used_is_left_out_if_another_can() -> None:
    unusable = ("EMAIL;PREF=1:/o=Exchange Labs/ou=x/cn=bob", "EMAIL:bob@")
    told = read_card(card(unusable[0], *BOB, unusable[1], uid="u", version="4.0"))
    assert told.emails == ("bob@example.test",)
    told = read_card(card("FN:Bob", *unusable, uid="u", version="4.0"))
    assert told.emails == ("/o=Exchange Labs/ou=x/cn=bob", "bob@")


@pytest.mark.parametrize("url", ["https://b.test/a,b;c?d=e", "https://b.test/a\\,b\\;c?d=e"])
def test_a_url_is_whole_with_and_without_backslashes(url: str) -> None:
    told = read_card(card(*BOB, f"FBURL;PREF=1:{url}", uid="u", version="4.0"))
    assert told.free_busy == "https://b.test/a,b;c?d=e"


@pytest.mark.parametrize("fold", ["", " "])
def test_soft_line_breaks_of_quoted_printable_are_no_end(fold: str) -> None:
    head = "NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE"
    lines = (f"{head}:t=C3=AAte=", f"{fold}-=C3=A0-t=C3=AA=", f"{fold}te", "TZ:Asia/Tokyo")
    told = read_card(card(*BOB, *lines, uid="u"))
    assert (told.note, told.timezone) == ("tête-à-tête", "Asia/Tokyo")
    assert read_card(card(*BOB, "NOTE:1+1=", "TZ:Asia/Tokyo", uid="u")).note == "1+1="


@pytest.mark.parametrize("prefix", ["", "X-ADDRESSBOOKSERVER-"])
def test_a_group_names_its_members_in_one_form(prefix: str) -> None:
    members = (f"{prefix}MEMBER:urn:uuid:ABC-1", f"{prefix}MEMBER:abc-2")
    group = read_card(card(f"{prefix}KIND:Group", "FN:connect", *members, uid="g", version="4.0"))
    assert (group.is_group, group.name, group.members) == (True, "connect", ("abc-1", "abc-2"))


def test_one_bad_card_costs_that_card_alone(child: Confined) -> None:
    good = card(*BOB, uid="u")
    bad = (
        card("N:Fox;Flo", uid="u", version="2.1"),
        card(*BOB, 'EMAIL;a=a="', uid="u"),
        "BEGIN:VCARD\r\nVERSION:4.0\r\n",
        "no vCard",
        "",
    )
    first, *others, last = read_all(child, good, *bad, good)
    assert first == last == CardContents(uid="u", name="Bob Baker", emails=("bob@example.test",))
    assert all(isinstance(problem, str) for problem in others)


def test_a_card_without_end_is_cut_off_by_its_limit(child: Confined) -> None:
    lines = ["EMAIL:bob@example.test"] * 150_000
    with pytest.raises(TooCostlyError):
        read_all(child, card("FN:Bob", *lines, uid="u"))
    assert len(read_all(child, card(*BOB, uid="u"))) == 1


@pytest.mark.parametrize(
    "line", ["EMAIL;" + "a=" * 9000, "N:" + "\\;" * 9000, "CATEGORIES:" + "," * 5_000_000]
)
def test_no_line_takes_long(line: str) -> None:
    began = time.process_time()
    with suppress(UnreadableCardError):
        read_card(card(*BOB, line, uid="u"))
    assert time.process_time() - began < 3


@given(st.text(), st.sampled_from(["FN:", "UID:", "MEMBER:", "BDAY:", "CATEGORIES:", "", "KIND;"]))
def test_whatever_stands_there_is_contents_or_a_problem(text: str, start: str) -> None:
    with suppress(UnreadableCardError):
        assert isinstance(read_card(card(*BOB, start + text, uid="u")), CardContents)
