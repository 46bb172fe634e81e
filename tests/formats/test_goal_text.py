import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectd.errors import WrongInputError
from connectd.formats.goal_text import goal_text, read_goal


@given(st.integers(1, 1000), st.integers(1, 600))
def test_what_is_shown_is_read_as_the_same_goal(people: int, months: int) -> None:
    assert read_goal(goal_text(people, months)) == (people, months)


@pytest.mark.parametrize(
    ("text", "goal"),
    [("4", (4, None)), ("2 for 12", (2, 12)), ("1 person a month for 1 month", (1, 1))],
)
def test_only_the_numbers_count(text: str, goal: tuple[int, int | None]) -> None:
    assert read_goal(text) == goal


@pytest.mark.parametrize("text", ["", "many", "0", "3 for 0", "1 2 3", "2.5", "-3", "12345"])
def test_what_is_no_goal_is_asked_for_again(text: str) -> None:
    with pytest.raises(WrongInputError, match="as in 3 people a month"):
        read_goal(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [("1001", "At most 1000"), ("3 for 601", "At most 1000"), ("3 for 1 year", "in months")],
)
def test_what_no_configuration_may_hold_is_asked_for_again(text: str, said: str) -> None:
    with pytest.raises(WrongInputError, match=said):
        read_goal(text)
