"""People who are written to a file are the same people when the file is read."""

import csv
import io
from dataclasses import asdict
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectd.domain.contacts import check_person, tags_of
from connectd.domain.model import Contact, Kind
from connectd.formats.formula_guard import with_guard, without_guard
from connectd.formats.people import PersonRow, read_csv
from connectd.formats.people_csv import csv_text
from connectd.formats.plain_text import clean
from connectd.formats.vcard_writer import vcards_text
from connectd.formats.vcards import read_vcards

CATEGORIES = ("results", "organization", "=SUM(A1), and more")
WHAT_RUNS = ("=1+1", "+49 30", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1")
READABLE = st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp"))
LINES = st.one_of(READABLE, st.sampled_from("\n\r'=+-@\\,;\""))
BIRTHDAYS = st.one_of(st.none(), st.dates().map(str), st.dates().map(lambda day: f"--{day:%m-%d}"))
BOB = Contact("bob", "Bob Baker", ("bob@example.test", "b@example.test"), "results")


@st.composite
def contacts(draw: st.DrawFn) -> Contact:
    """Draw somebody who may be on the list."""
    name = " ".join(draw(st.text(READABLE, min_size=1, max_size=30)).split())
    words = st.text(st.one_of(READABLE, st.just(" ")), min_size=1, max_size=9)
    contact = Contact(
        id="somebody",
        name=name,
        emails=("=a+b@example.test", "second@example.test")[: draw(st.integers(1, 2))],
        category=draw(st.sampled_from(CATEGORIES)),
        every_days=draw(st.none() | st.integers(1, 3650)),
        timezone=draw(st.sampled_from([None, "Europe/Berlin"])),
        kind=draw(st.sampled_from(Kind)),
        note=draw(st.text(LINES, max_size=99)).strip(),
        free_busy=draw(st.sampled_from([None, "https://bob.example.test/a,b;c.ifb?d=e"])),
        tags=tuple(word for word in draw(st.lists(words)) if word.strip()),
        birthday=draw(BIRTHDAYS),
        archived=draw(st.booleans()),
    )
    return contact if name else contact._replace(name="Bob")


def row_of(contact: Contact) -> PersonRow:
    fields = contact._asdict()
    fields["tags"] = tags_of(contact.tags)
    names = asdict(PersonRow("", (), "")).keys() - {"line"}
    return PersonRow(**{name: fields[name] for name in names})


@given(contacts())
def test_csv_is_read_as_it_was_written(contact: Contact) -> None:
    assert not check_person(contact.name, contact.emails, contact.category, categories=CATEGORIES)
    assert read_csv(csv_text([contact]), CATEGORIES) == [row_of(contact)]


@given(st.text())
def test_a_guard_is_taken_away_as_it_was_put_there(value: str) -> None:
    guarded = with_guard(value)
    assert without_guard(guarded) == value
    assert not guarded.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@pytest.mark.parametrize("value", WHAT_RUNS)
def test_nothing_in_a_csv_file_can_be_run(value: str) -> None:
    text = csv_text([BOB._replace(name=value, note=value, category=value, tags=(value,))])
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert {row[column] for column in ("name", "note", "category")} == {f"'{value}"}
    assert row["tags"] == f"'{'-'.join(value.split())}"


@pytest.mark.parametrize("value", ["'tis", "''", "'", "O'Hara", "a=b", "1-2"])
def test_an_apostrophe_of_ones_own_stays(value: str) -> None:
    assert without_guard(value) == with_guard(value) == value


@pytest.mark.parametrize("version", ["3.0", "4.0"])
@given(contact=contacts())
def test_vcards_are_read_as_they_were_written(
    version: Literal["3.0", "4.0"], contact: Contact
) -> None:
    usual = {category.casefold() for category in CATEGORIES}
    kept = [tag for tag in tags_of(contact.tags) if tag.casefold() not in usual | {"connect"}]
    distinct = {tag.casefold(): tag for tag in reversed(kept) if not tag.startswith("connect/")}
    known = contact._replace(
        tags=tuple(tag for tag in kept if distinct.get(tag.casefold()) == tag)[:50]
    )
    (read,) = read_vcards(vcards_text([(known, None)], "one", version), CATEGORIES)
    note = clean(known.note, keep_lines=True, limit=20_000)
    written = {"every_days": None, "kind": Kind.COFFEE, "note": note, "archived": False}
    expected = row_of(known._replace(**written))
    assert read == expected


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_a_long_note_is_whole_in_a_vcard_and_ends_visibly_where_it_is_not(
    version: Literal["3.0", "4.0"],
) -> None:
    for length, end in ((20_000, ";"), (20_001, "…")):
        text = vcards_text([(BOB._replace(note=";" * length), None)], "one", version)
        (bob,) = read_vcards(text, CATEGORIES)
        assert bob.note == ";" * 19_999 + end


def test_the_uid_of_a_card_is_kept_and_another_one_is_always_the_same() -> None:
    kept, derived, again = (
        vcards_text([(BOB, uid)], "an-installation") for uid in ("card-1", None, None)
    )
    assert "UID:card-1\r\n" in kept
    assert "UID:urn:uuid:" in derived
    assert derived == again
    assert derived != vcards_text([(BOB, None)], "another")


def test_each_version_has_its_own_form_of_what_differs() -> None:
    born = BOB._replace(
        birthday="--03-05", timezone="Europe/Berlin", free_busy="https://b.test/a,b;c.ifb"
    )
    new, old = (vcards_text([(born, None)], "one", version) for version in ("4.0", "3.0"))
    for line in ("VERSION:4.0", "BDAY:--0305", "TZ:Europe/Berlin", "CATEGORIES:connect/results"):
        assert f"{line}\r\n" in new
    for line in ("VERSION:3.0", "BDAY;X-APPLE-OMIT-YEAR=1604:1604-03-05", "N:Baker;Bob;;;"):
        assert f"{line}\r\n" in old
    assert "FBURL:https://b.test/a,b;c.ifb\r\n" in new
    assert "FBURL:https://b.test/a,b;c.ifb\r\n" in old
    assert all(len(line.encode()) <= 75 for line in (new + old).split("\r\n"))
