"""Importing people from CSV: all or nothing, with every problem named."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectd.domain.model import Kind
from connectd.errors import ImportFileError
from connectd.formats.people import MAX_BYTES, MAX_ROWS, PersonRow, decode_csv, read_csv

CATEGORIES = ("results", "organization", "business")
HEADER = "name,email,category\n"


def problems(text: str) -> list[str]:
    with pytest.raises(ImportFileError) as refused:
        read_csv(text, CATEGORIES)
    return refused.value.problems


def test_the_three_columns_are_enough() -> None:
    people = read_csv(f"{HEADER}Bob Baker,bob@example.test,business\n", CATEGORIES)
    assert people == [PersonRow("Bob Baker", ("bob@example.test",), "business")]


def test_every_column_in_any_order() -> None:
    text = (
        "Note,Kind,timezone,every_days,category,email,name\n"
        '"likes ""tea"",\nand cake",Lunch,America/New_York,45,results,'
        "ann@a.test  ann@b.test,Ann Ä.\n"
    )
    assert read_csv(text, CATEGORIES) == [
        PersonRow(
            "Ann Ä.",
            ("ann@a.test", "ann@b.test"),
            "results",
            45,
            "America/New_York",
            Kind.LUNCH,
            'likes "tea",\nand cake',
        )
    ]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffname,email,category\r\n\r\nBob,bob@x.test,business\r\n\r\n",
        "name;email;category\r\nBob;bob@x.test;business\r\n",
        "name\temail\tcategory\nBob\tbob@x.test\tbusiness",
        "\n\nname,email,category,,\n Bob , bob@x.test ,business,,\n,,,,\n",
        "name,email,category,every_days\nBob,bob@x.test,business\n",
        "sep=;\nname;email;category\nBob;bob@x.test;business\n",
        "SEP=,\r\nname,email,category\r\nBob,bob@x.test,business\r\n",
        "\nsep=\t\nname\temail\tcategory\nBob\tbob@x.test\tbusiness",
        '"name","email","category"\r"Bob","bob@x.test","business"\r',
    ],
)
def test_what_spreadsheet_programs_write(text: str) -> None:
    assert read_csv(text, CATEGORIES) == [PersonRow("Bob", ("bob@x.test",), "business")]


def test_a_header_alone_is_nobody() -> None:
    assert read_csv(HEADER, CATEGORIES) == []


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (",a@x.test,business", "there is no name"),
        ('"A\nB",a@x.test,business', "the name 'A\\nB' has a line break or a control character"),
        ("A\x1b,a@x.test,business", "the name 'A\\x1b' has a line break or a control character"),
        ("A,,business", "there is no e-mail address"),
        ("A", "there is no e-mail address"),
        ('A,"a@x.test,b@x.test",business', "'a@x.test,b@x.test' is not an e-mail address"),
        ('A,"a@x.test\nb@x.test",business', "'a@x.test\\nb@x.test' is not an e-mail address"),
        ("A,<a@x.test>,business", "'<a@x.test>' is not an e-mail address"),
        ("A,a@x.test A@x.test,business", "the address a@x.test stands twice"),
        ("A,a@x.test,friends", "unknown category 'friends' (choose one of: business, organi"),
        ("A,a@x.test,business,soon", "every_days must be a whole number of days, not 'soon'"),
        ("A,a@x.test,business,1.5", "every_days must be a whole number of days, not '1.5'"),
        ("A,a@x.test,business,²", "every_days must be a whole number of days, not '²'"),
        ("A,a@x.test,business,0", "every_days must be from 1 to 3650, not 0"),
        ("A,a@x.test,business,,Mars/Base", "unknown time zone 'Mars/Base'"),
        ("A,a@x.test,business,,../../etc/passwd", "unknown time zone '../../etc/passwd'"),
        ("A,a@x.test,business,,,dinner", "unknown kind 'dinner' (choose one of: coffee, lunch"),
        ("A,a@x.test,business,,,,note,more", "has more fields than the first line has columns"),
        ('A,"a@x.test,business', "cannot be read as CSV: unexpected end of data"),
        (f"A,{'a' * 140_000},business", "cannot be read as CSV: field larger than field limit"),
    ],
)
def test_a_problem_names_its_line(row: str, problem: str) -> None:
    text = f"name,email,category,every_days,timezone,kind,note\nGood,g@x.test,results\n{row}\n"
    (found,) = problems(text) if row != "A" else problems(text)[:1]
    assert found.startswith(f"line 3: {problem}")


def test_who_is_archived_is_said_in_a_column() -> None:
    words = ("yes", "True", "1", "", "NO")
    rows = [f"P{number},p{number}@x.test,business,{word}" for number, word in enumerate(words)]
    people = read_csv("\n".join(["name,email,category,archived", *rows]), CATEGORIES)
    assert [person.archived for person in people] == [True, True, True, False, False]
    assert [person.line for person in people] == [2, 3, 4, 5, 6]


def test_a_tag_that_no_edit_would_take_is_not_imported() -> None:
    rows = (f"A,a@x.test,business,{'t' * 101}", "B,b@x.test,business,a\x1b[31mb")
    assert problems("\n".join(["name,email,category,tags", *rows])) == [
        "line 2: a tag is longer than 100 characters",
        "line 3: the tag 'a\\x1b[31mb' has a line break or a control character in it",
    ]


def test_archived_is_yes_or_no() -> None:
    text = "name,email,category,archived\nA,a@x.test,business,maybe\n"
    assert problems(text) == ["line 2: archived must be yes or no, not 'maybe'"]


def test_all_problems_are_told_at_once_and_nothing_is_imported() -> None:
    text = f"{HEADER}Good,g@x.test,results\n,b@x,nope\n\nC,c@x.test,results\nD,@,business\n"
    assert [problem.partition(" (")[0] for problem in problems(text)] == [
        "line 3: there is no name",
        "line 3: unknown category 'nope'",
        "line 6: '@' is not an e-mail address",
    ]


def test_a_line_number_counts_lines_of_the_file_not_rows() -> None:
    text = 'name,email,category,note\nA,a@x.test,results,"one\ntwo\nthree"\nB,b,results\n'
    assert problems(text) == ["line 5: 'b' is not an e-mail address"]


def test_a_line_that_names_the_separator_is_counted() -> None:
    assert problems("sep=;\nname;email;category\nB;b;results\n") == [
        "line 3: 'b' is not an e-mail address"
    ]


@pytest.mark.parametrize(
    ("again", "problem"),
    [
        ("bob  BAKER,other@x.test,business", "the name 'bob baker' stands already in line 2"),
        ("Bobby,x@x.test BOB@x.test,business", "the address 'bob@x.test' stands already in line 2"),
    ],
)
def test_nobody_is_in_the_file_twice(again: str, problem: str) -> None:
    text = f"{HEADER}Bob Baker,bob@x.test,business\n{again}\n"
    assert problems(text) == [f"line 3: {problem}"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "line 1: the first line must name the columns: name,email,category"),
        ("\n\n", "line 1: the first line must name the columns: name,email,category"),
        (
            "Bob,bob@x.test,business\n",
            "line 1: there is no column name, email, category (the first line is",
        ),
        ("\nname,category\nBob,business\n", "line 2: there is no column email (the first line is"),
        ("name,email,category,age\n", "line 1: unknown column 'age' (known are name, email"),
        ("name,email,category,name\n", "line 1: the column name stands twice"),
    ],
)
def test_a_first_line_that_does_not_fit(text: str, problem: str) -> None:
    assert problems(text)[0].startswith(problem)


def test_the_file_is_bounded() -> None:
    rows = "".join(f"P{i},p{i}@x.test,results\n" for i in range(MAX_ROWS))
    assert len(read_csv(HEADER + rows, CATEGORIES)) == MAX_ROWS
    assert problems(HEADER + rows + "One,more@x.test,results\n") == [
        "line 20002: there are more than 20000 people in the file"
    ]
    assert problems(HEADER + "x" * MAX_BYTES) == ["the file is larger than 5 MB"]
    with pytest.raises(ImportFileError, match="larger than 5 MB"):
        decode_csv(b"x" * (MAX_BYTES + 1))


def test_bytes_are_utf_8_or_refused_with_the_line() -> None:
    assert decode_csv("\ufeffnäme".encode()) == "näme"
    with pytest.raises(ImportFileError, match="line 2: the file is not UTF-8"):
        decode_csv("name\nBäcker".encode("cp1252"))


def test_a_thousand_problems_are_not_all_shown() -> None:
    with pytest.raises(ImportFileError) as refused:
        read_csv(HEADER + "A,a,results\n" * 1000, CATEGORIES)
    assert refused.value.exit_status == 2
    assert len(refused.value.problems) > 1000
    assert str(refused.value).startswith("Nothing was imported:\nline 2: 'a' is not")
    assert len(str(refused.value).splitlines()) == 32


@settings(deadline=None)  # a shared machine says nothing about speed
@given(text=st.text() | st.text(st.sampled_from('name,email category;"\n\r\t@x')))
def test_any_text_is_read_or_refused(text: str) -> None:
    for whole in (text, HEADER + text):
        people = []
        with suppress(ImportFileError):
            people = read_csv(whole, CATEGORIES)
        assert all(person.name and person.emails for person in people)
