"""A person as a text to edit: what is written comes back, and what is wrong is said."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectd.domain.model import Contact, Kind, Step
from connectd.formats.person_text import person_text, read_person

CATEGORIES = ("results", "business")
BOB = Contact("bob-baker", "Bob Baker", ("bob@example.test",), "business")
FIELDS = {
    *("name", "emails", "category", "kind", "every_days", "timezone", "free_busy"),
    *("step", "tags", "birthday", "snoozed_until", "note"),
}

awkward = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(
    [
        '"""',
        "\\",
        "a\r\nb",
        "\x1b[31m",
        "\u202eevil",
        "👩\u200d🚀",
        "שלום",
        "# no comment",
        "x = 1\n",
    ]
)
filled = awkward.filter(bool)
people = st.builds(
    Contact,
    id=st.just("bob-baker"),
    name=awkward,
    emails=st.lists(awkward, max_size=3).map(tuple),
    category=awkward,
    every_days=st.none() | st.integers(1, 3650),
    timezone=st.none() | filled,
    kind=st.sampled_from(Kind),
    note=awkward,
    snoozed_until=st.none() | st.dates(),
    free_busy=st.none() | filled,
    step=st.none() | st.sampled_from(Step),
    tags=st.lists(awkward, max_size=3).map(tuple),
    birthday=st.none() | filled,
)


@given(people, st.lists(awkward))
def test_what_is_written_comes_back(contact: Contact, categories: list[str]) -> None:
    fields, problems = read_person(person_text(contact, categories))

    assert problems == []
    assert set(fields) == FIELDS
    assert contact._replace(**fields) == contact


def test_what_is_absent_stands_there_to_be_filled_in() -> None:
    text = person_text(BOB, CATEGORIES)

    assert text.splitlines()[3:5] == [
        'name = "Bob Baker"',
        'emails = ["bob@example.test"]  # the first one is invited',
    ]
    assert 'category = "business"  # one of: business, results\n' in text
    commented = text.replace("\n# every", "\nevery").replace("\n# birthday", "\nbirthday")
    commented = commented.replace("\n# snoozed", "\nsnoozed").replace("\n# tags", "\ntags")
    fields, problems = read_person(commented)
    assert problems == []
    assert (fields["every_days"], fields["birthday"]) == (30, "--03-05")
    assert (fields["snoozed_until"], fields["tags"]) == (date(2027, 2, 1), ("design", "printing"))


def test_a_line_taken_out_says_that_there_is_nothing() -> None:
    fields, problems = read_person("")

    assert problems == []
    assert BOB._replace(**fields) == Contact("bob-baker", "", (), "")


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("birthday = 1980-03-05", "birthday", "1980-03-05"),
        ('snoozed_until = "2027-02-01"', "snoozed_until", date(2027, 2, 1)),
        ('note = """\na\nb"""', "note", "a\nb"),
    ],
)
def test_what_may_be_written_in_two_ways(line: str, field: str, value: object) -> None:
    fields, problems = read_person(line)

    assert (fields[field], problems) == (value, [])


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("name = 3", "name must be a text in quotes"),
        ("name = Bob", "the text is no valid TOML: "),
        ('emails = "bob@example.test"', "emails must be texts in quotes, with brackets around"),
        ("emails = [1]", "emails must be"),
        ("tags = [[]]", "tags must be"),
        ('every_days = "30"', "every_days must be a whole number"),
        ("every_days = true", "every_days must be a whole number"),
        ("every_days = 1.5", "every_days must be a whole number"),
        ("snoozed_until = 2027-02-01T00:00:00Z", "snoozed_until must be a day like 2027-02-01"),
        ('snoozed_until = "soon"', "snoozed_until must be a day like 2027-02-01"),
        ("birthday = 5", "birthday must be a text in quotes"),
        ("note = {}", "note must be a text in quotes"),
        ('mail = "x"', "unknown key 'mail' (known are name, emails, "),
        ('"na\\u202eme" = "x"', "unknown key 'name' "),
        ("[note]\nx = 1", "note must be a text in quotes"),
        (f"every_days = {'9' * 5000}", "the text is no valid TOML: "),
        ("x = " + "[" * 20_000, "the text is no valid TOML: "),
        ("note = '\udcff'", "the text is not in UTF-8"),
    ],
)
def test_what_is_wrong_is_said(line: str, problem: str) -> None:
    fields, (said,) = read_person(line)

    assert said.startswith(problem)
    assert line.partition(" ")[0] not in fields


def test_everything_wrong_is_said_at_once() -> None:
    _, problems = read_person('mail = "x"\nname = 3\nevery_days = "x"')

    assert len(problems) == 3


@given(st.text())
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    fields, problems = read_person(text)

    assert problems or set(fields) == FIELDS


@given(st.dictionaries(st.sampled_from(sorted(FIELDS)), st.integers() | st.booleans()))
def test_a_field_of_another_type_is_never_taken(wrong: dict[str, Any]) -> None:
    text = "\n".join(f"{key} = {str(value).lower()}" for key, value in wrong.items())
    fields, problems = read_person(text)

    numbers = {
        key
        for key, value in wrong.items()
        if key == "every_days" and value is not True and value is not False
    }
    assert len(problems) == len(wrong) - len(numbers)
    assert set(fields) == FIELDS - (set(wrong) - numbers)
