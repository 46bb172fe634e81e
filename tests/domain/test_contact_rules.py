"""What a person on the list must be like, and the id a person gets."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectd.domain.contacts import check_person, slug
from connectd.domain.model import Kind

CATEGORIES = ("business", "results")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Bob Baker", "bob-baker"),
        ("  Dr. Ann-Marie O'Neil ", "dr-ann-marie-o-neil"),
        ("Zoë Müller", "zoe-muller"),
        ("Weiß", "weiss"),
        ("ﬁne", "fine"),
        ("李小龍", "contact"),
        ("", "contact"),
        ("?!", "contact"),
        ("x" * 80, "x" * 60),
        ("a" * 59 + " bcd", "a" * 59),
    ],
)
def test_the_id_is_the_name_in_plain_letters(name: str, expected: str) -> None:
    assert slug(name, ()) == expected


def test_an_id_that_is_taken_gets_a_number() -> None:
    assert slug("Bob Baker", {"bob-baker"}) == "bob-baker-2"
    assert slug("Bob Baker", ["bob-baker", "bob-baker-2", "bob-baker-4"]) == "bob-baker-3"
    assert slug("李", {"contact"}) == "contact-2"


@given(names=st.lists(st.text(), max_size=8))
def test_ids_are_plain_and_never_given_twice(names: list[str]) -> None:
    taken: list[str] = []
    for name in names:
        taken.append(slug(name, taken))
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", taken[-1])
    assert len(set(taken)) == len(taken)


def test_a_person_without_a_problem() -> None:
    assert check_person("Bob", ["bob@x.test"], "business", categories=CATEGORIES) == []
    everything = check_person(
        "Zoë \N{FAMILY}\u200d",
        ["a@x.test", "b@x.test"],
        "results",
        categories=CATEGORIES,
        every_days=1,
        timezone="Asia/Kolkata",
        kind=Kind.WALK,
        step="help_me",
        tags=["design", "old friends", "設計"],
        birthday="1980-03-05",
    )
    assert everything == []


def test_all_problems_of_a_person_are_told() -> None:
    problems = check_person(
        " ",
        ["a@x.test,b@x.test", "c@x.test", "C@x.test"],
        "friends",
        categories=CATEGORIES,
        every_days=-1,
        timezone="",
        kind="dinner",
        step="friends",
        tags=["tea", " ", "x" * 101, "a\nb"],
        birthday="5 March",
    )
    assert problems == [
        "there is no name",
        "'a@x.test,b@x.test' is not an e-mail address",
        "the address c@x.test stands twice",
        "unknown category 'friends' (choose one of: business, results)",
        "every_days must be from 1 to 3650, not -1",
        "unknown time zone '' (write one like Europe/Berlin)",
        "unknown kind 'dinner' (choose one of: coffee, lunch, call, video, walk)",
        "unknown step 'friends' (choose one of: connect, help_me, help_them, introduce)",
        "a tag is empty",
        "a tag is longer than 100 characters",
        "the tag 'a\\nb' has a line break or a control character in it",
        "the birthday '5 March' is no day like 1980-03-05 or --03-05",
    ]


@pytest.mark.parametrize("name", ["A\nB", "A\x00", "A\u2028B", "x" * 201])
def test_a_name_stands_on_one_line_and_is_not_endless(name: str) -> None:
    (problem,) = check_person(name, ["a@x.test"], "business", categories=CATEGORIES)
    assert problem.startswith("the name")


@pytest.mark.parametrize(
    "zone", ["", "Mars/Base", "/etc/localtime", "..", "Europe", "localtime", "x" * 5000]
)
def test_a_zone_must_be_in_the_zone_database(zone: str) -> None:
    (problem,) = check_person("A", ["a@x.test"], "business", categories=CATEGORIES, timezone=zone)
    assert problem.startswith("unknown time zone")


@pytest.mark.parametrize("day", ["1980-03-05", "2000-02-29", "--02-29", "--12-31", "0001-01-01"])
def test_a_birthday_is_a_day_with_or_without_its_year(day: str) -> None:
    assert check_person("A", ["a@x.test"], "business", categories=CATEGORIES, birthday=day) == []


@pytest.mark.parametrize(
    "day",
    [
        *("", "19800305", "1980-3-5", "80-03-05", "-03-05", "---03-05", "--02-30", "--13-01"),
        *(
            "1981-02-29",
            "0000-01-01",
            "1980-03-05T00:00",
            "1980-03-05\n",
            "--\u0660\u0663-\u0660\u0665",
        ),
    ],
)
def test_a_day_that_is_no_birthday(day: str) -> None:
    (problem,) = check_person("A", ["a@x.test"], "business", categories=CATEGORIES, birthday=day)
    assert problem.startswith("the birthday ")
