"""Text with placeholders, and nothing cleverer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectd.domain.invitation_text import PLACEHOLDERS, filled, mistakes_in, uses

VALUES = {name: f"<{name}>" for name in PLACEHOLDERS}


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("", ""),
        ("Hi {first_name}!", "Hi <first_name>!"),
        ("{day}{time}", "<day><time>"),
        ("{{name}} is {name}", "{name} is <name>"),
        ("{{{name}}}", "{<name>}"),
        ("}}{{", "}{"),
    ],
)
def test_placeholders_are_filled_in_and_doubled_braces_are_braces(text: str, result: str) -> None:
    assert mistakes_in(text) == []
    assert filled(text, VALUES) == result


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "{0}",
        "{nmae}",
        "{ name}",
        "{NAME}",
        "{name.__class__}",
        "{name[0]}",
        "{name!r}",
        "{name:>10}",
        "{name\n}",
    ],
)
def test_whatever_else_stands_in_braces_is_a_mistake_and_stays_as_it_is(text: str) -> None:
    (mistake,) = mistakes_in(text)
    assert text in mistake
    assert "{name}, {first_name}, {me}, {activity}" in mistake
    assert filled(text, VALUES) == text


@pytest.mark.parametrize("text", ["{", "}", "a { b", "{name", "name}", "{{name}", "{name}}"])
def test_a_single_brace_is_a_mistake(text: str) -> None:
    assert any("write {{ or }}" in mistake for mistake in mistakes_in(text))


def test_all_mistakes_are_named_at_once() -> None:
    (unknown, single) = mistakes_in("{a} {b} {")
    assert unknown.startswith("has {a}, {b}, which are no placeholders")
    assert single.startswith("has a brace of its own")


@given(st.text())
def test_what_is_put_in_is_not_looked_at_again(name: str) -> None:
    assert filled("{name}", {**VALUES, "name": name + "{me}"}) == name + "{me}"


@given(st.lists(st.sampled_from(["{{", "}}", "{me}", "{name}", "a", "\n"])))
def test_every_part_is_filled_by_itself(parts: list[str]) -> None:
    text = "".join(parts)
    result = {"{{": "{", "}}": "}", "{me}": "<me>", "{name}": "<name>"}
    assert mistakes_in(text) == []
    assert filled(text, VALUES) == "".join(result.get(part, part) for part in parts)


def test_which_placeholders_stand_in_a_text() -> None:
    assert uses("see {booking_url}", "booking_url")
    assert not uses("see {{booking_url}}", "booking_url")
