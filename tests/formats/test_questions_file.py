"""Files of questions: the one that is shipped, and what may be wrong with one's own."""

import re
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectd.domain.model import Step
from connectd.formats.questions import LONGEST_QUESTION, parse_questions

SHIPPED = files("connectd").joinpath("data", "questions.toml").read_text("utf-8")
BEFORE = {Step.CONNECT: ("Old?",), Step.INTRODUCE: ("Who?",)}


class TestTheShippedOnes:
    catalogue, problems = parse_questions(SHIPPED)

    def test_are_well_formed(self) -> None:
        assert self.problems == []
        assert set(self.catalogue) == {*Step}

    @pytest.mark.parametrize("step", Step)
    def test_are_many_and_fit_on_a_line(self, step: Step) -> None:
        questions = self.catalogue[step]
        assert len(questions) >= 12
        for question in questions:
            assert len(question) <= 110
            assert re.fullmatch(r"[A-Z][^\n]+\?", question)
            assert question.isascii()

    def test_stand_there_once(self) -> None:
        everything = re.findall(r'^  "(.+)",$', SHIPPED, re.MULTILINE)
        assert len(everything) == sum(map(len, self.catalogue.values()))
        assert len({question.casefold() for question in everything}) == len(everything)


def test_ones_own_come_after_those_before() -> None:
    text = '[connect]\nquestions = ["New?", " Old? ", "Newer?"]\n[help_me]\nquestions = ["How?"]\n'
    catalogue, problems = parse_questions(text, BEFORE)
    assert problems == []
    assert catalogue == {
        Step.CONNECT: ("Old?", "New?", "Newer?"),
        Step.HELP_ME: ("How?",),
        Step.HELP_THEM: (),
        Step.INTRODUCE: ("Who?",),
    }


@pytest.mark.parametrize(
    ("replace", "expected"), [("true", ("Mine?",)), ("false", ("Old?", "Mine?"))]
)
def test_ones_own_may_replace_those_of_a_step(replace: str, expected: tuple[str, ...]) -> None:
    text = f'[connect]\nreplace = {replace}\nquestions = ["Mine?"]\n'
    catalogue, _ = parse_questions(text, BEFORE)
    assert catalogue[Step.CONNECT] == expected
    assert catalogue[Step.INTRODUCE] == ("Who?",)


def test_an_empty_file_changes_nothing() -> None:
    catalogue, problems = parse_questions("", BEFORE)
    assert (catalogue[Step.CONNECT], problems) == (("Old?",), [])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[connect", "is not valid TOML: "),
        (f"connect = {'9' * 5000}", "is not valid TOML: "),
        (f"connect = {'[' * 5000}", "is not valid TOML: "),
        ('[lunch]\nquestions = ["?"]', "lunch: is no step; the steps are connect, help_me, "),
        ("connect = 1", "connect: must be a table, such as [connect]"),
        ('[connect]\nquestion = ["?"]\nquestions = ["?"]', "connect.question: is no key here"),
        ('[connect]\nreplace = 1\nquestions = ["?"]', "connect.replace: must be true or false"),
        ("[connect]", "connect.questions: must be a list with a question in it at least"),
        ("[connect]\nquestions = []", "connect.questions: must be a list"),
        ('[connect]\nquestions = "?"', "connect.questions: must be a list"),
        ('[connect]\nquestions = ["?", 2]', "connect.questions: number 2 is no text"),
        ('[connect]\nquestions = ["?", " "]', "connect.questions: number 2 is empty"),
        ('[connect]\nquestions = ["a\\nb?"]', "connect.questions: number 1 has a line break"),
        ('[connect]\nquestions = ["a\\u2028b?"]', "connect.questions: number 1 has a line break"),
        (
            f'[connect]\nquestions = ["{"x" * (LONGEST_QUESTION + 1)}"]',
            "connect.questions: number 1 is longer than 200 characters",
        ),
    ],
)
def test_what_is_wrong_is_named(text: str, problem: str) -> None:
    _, (found,) = parse_questions(text, BEFORE)
    assert found.startswith(problem)


def test_all_that_is_wrong_is_named_at_once() -> None:
    text = '[connect]\nreplace = "yes"\nquestions = ["", 1]\n[dinner]\n[help_me]\nmore = 1\n'
    _, problems = parse_questions(text)
    assert [problem.partition(":")[0] for problem in problems] == [
        "connect.replace",
        "connect.questions",
        "connect.questions",
        "dinner",
        "help_me.more",
        "help_me.questions",
    ]


@given(st.text() | st.from_regex(r"(\[(connect|help_me)\]\n)?(questions|replace) = .*"))
def test_any_text_gives_questions_or_problems(text: str) -> None:
    catalogue, problems = parse_questions(text, BEFORE)
    assert problems or catalogue.keys() == {*Step}
