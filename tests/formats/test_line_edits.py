"""Single properties change; every other byte of an object stays."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sample_drafts import drafted

from connectd.errors import UnreadableEventError
from connectd.formats.line_edits import (
    components,
    each,
    edited,
    escaped,
    head_and_value,
    only,
    parameters_of,
    plain,
    with_parameter,
)

ODD = (
    "\ufeffbegin:vcalendar\r\nX-BLANK:  \r\n\r\nBEGIN:VTIMEZONE\r\nSUMMARY:not mine\r\n"
    "END:VTIMEZONE\r\nBegin:vEvent \r\nsummary;LANGUAGE=de:a\r\n b\r\n\tc\r\n"
    "X-SEPARATED:1\u20282\x0b3\x854\r\nBEGIN:VALARM\r\nSUMMARY:an alarm's\r\nEND:VALARM\r\n"
    "X-LATE:1\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR"
)


def test_nothing_changes_where_nothing_is_edited() -> None:
    for text in (ODD, ODD.replace("\r\n", "\n"), drafted()):
        assert edited(text, {}) == text
        assert edited(text, {"SUMMARY": each(lambda line: line), "X-NONE": each(str)}) == text


def test_a_property_of_each_event_is_replaced_added_or_taken_out() -> None:
    assert edited(ODD, {"SUMMARY": only("SUMMARY:new")}) == (
        ODD.replace("summary;LANGUAGE=de:a\r\n b\r\n\tc", "SUMMARY:new").replace(
            "VEVENT\r\nEND:VEVENT", "VEVENT\r\nSUMMARY:new\r\nEND:VEVENT"
        )
    )
    assert edited(ODD, {"SUMMARY": each(lambda _: None)}) == (
        ODD.replace("summary;LANGUAGE=de:a\r\n b\r\n\tc\r\n", "")
    )
    assert edited(ODD, {"X-NEW": lambda lines: lines or ["X-NEW:1"]}) == (
        ODD.replace("BEGIN:VALARM", "X-NEW:1\r\nBEGIN:VALARM").replace(
            "VEVENT\r\nEND:VEVENT", "VEVENT\r\nX-NEW:1\r\nEND:VEVENT"
        )
    )


def test_lines_are_seen_unfolded_and_only_those_of_the_event() -> None:
    seen: list[list[str]] = []

    def look(lines: list[str]) -> list[str]:
        seen.append(lines)
        return lines

    edited(ODD, {"SUMMARY": look})
    assert seen == [["summary;LANGUAGE=de:abc"], []]


def test_another_kind_of_component_is_changed_alone() -> None:
    both = drafted().replace(
        "BEGIN:VEVENT", "BEGIN:VTODO\r\nSUMMARY:a\r\nEND:VTODO\r\nBEGIN:VEVENT"
    )
    changed = edited(both, {"SUMMARY": only("SUMMARY:b")}, "VTODO")
    assert changed == both.replace("SUMMARY:a", "SUMMARY:b")
    with pytest.raises(UnreadableEventError, match="no VTODO"):
        edited(drafted(), {}, "VTODO")


def test_line_breaks_are_those_of_the_text() -> None:
    text = ODD.replace("\r\n", "\n")
    assert "\r" not in edited(text, {"SUMMARY": only("SUMMARY:" + "long " * 40)})


@settings(deadline=None)  # a shared machine says nothing about speed
@given(st.text(st.characters(exclude_characters="\r\n"), max_size=300))
@example("ä" * 100)
def test_a_new_line_is_folded_and_reads_back(value: str) -> None:
    text = edited(drafted(), {"COMMENT": only(f"COMMENT:{value}")})
    (event,) = components(text, "VEVENT")
    assert event["COMMENT"] == [f"COMMENT:{value}"]
    new = text.split("\r\n")
    assert max(len(line.encode(errors="replace")) for line in new) <= 75


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "<html>login</html>",
        "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        drafted().replace("VEVENT", "VTODO"),
        drafted()[: drafted().index("END:VEVENT")],
        drafted() + " " * 1_000_000,
    ],
)
def test_what_is_no_whole_event_is_refused(text: str) -> None:
    with pytest.raises(UnreadableEventError):
        edited(text, {"SUMMARY": only("SUMMARY:x")})


@settings(deadline=None)  # a shared machine says nothing about speed
@given(st.text(), st.floats(0, 1))
def test_foreign_bytes_stay_or_are_refused(torn: str, at: float) -> None:
    middle = int(len(drafted()) * at)
    text = drafted()[:middle] + torn + drafted()[middle:]
    try:
        assert edited(text, {"X-NONE": each(str)}) == text
    except UnreadableEventError:
        return


@pytest.mark.parametrize(
    "inside",
    [
        "ATTENDEE" + ';x="' * 200_000,
        "ATTENDEE" + ";" * 800_000,
        "ATTENDEE;" + "x" * 800_000,
        "ATTENDEE" + ":" * 800_000,
        "\r\n ".join("a" * 400_000),
        "BEGIN:VALARM\r\n" * 60_000,
        "X:1\r\n" * 150_000,
        " " * 800_000,
        "\n" * 800_000,
        "ATTENDEE:" + "\\" * 800_000,
    ],
)
def test_no_text_costs_more_than_its_length(inside: str) -> None:
    text = f"BEGIN:VEVENT\r\n{inside}\r\nEND:VEVENT\r\n"[:1_000_000]
    started = time.process_time()

    def change(line: str) -> str:
        head, value = head_and_value(line)
        parameters_of(head)
        return f"{with_parameter(head, 'X', '1')}:{escaped(plain(value))}"

    try:
        edited(text, {"ATTENDEE": each(change)})
    except UnreadableEventError:
        assert "END:VEVENT" not in text
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    ("line", "head", "value"),
    [
        ("SUMMARY:a:b", "SUMMARY", "a:b"),
        ('ATTENDEE;CN="a:b;c":mailto:x@y', 'ATTENDEE;CN="a:b;c"', "mailto:x@y"),
        ('ATTENDEE;CN=a"b:mailto:x@y', 'ATTENDEE;CN=a"b', "mailto:x@y"),
        ("SUMMARY", "SUMMARY", ""),
    ],
)
def test_head_and_value(line: str, head: str, value: str) -> None:
    assert head_and_value(line) == (head, value)


def test_parameters() -> None:
    head = 'ATTENDEE;cn="a;PARTSTAT=x";PARTSTAT=accepted; Role =CHAIR'
    assert parameters_of(head) == {
        "CN": "a;PARTSTAT=x",
        "PARTSTAT": "accepted",
        "ROLE": "CHAIR",
    }
    assert with_parameter(head, "PARTSTAT", "y") == (
        'ATTENDEE;cn="a;PARTSTAT=x";PARTSTAT=y; Role =CHAIR'
    )
    assert with_parameter(head, "CN", None) == "ATTENDEE;PARTSTAT=accepted; Role =CHAIR"
    assert with_parameter(head, "RSVP", "TRUE") == head


def test_a_parameter_with_several_values() -> None:
    head = 'ATTENDEE;MEMBER="mailto:a","mailto:b;PARTSTAT=ACCEPTED";PARTSTAT=DECLINED'
    assert parameters_of(head)["PARTSTAT"] == "DECLINED"
    assert with_parameter(head, "PARTSTAT", "x") == (
        'ATTENDEE;MEMBER="mailto:a","mailto:b;PARTSTAT=ACCEPTED";PARTSTAT=x'
    )
    assert with_parameter(head, "MEMBER", None) == "ATTENDEE;PARTSTAT=DECLINED"


@given(st.text(st.characters(exclude_characters="\r")))
def test_escaping_and_back(text: str) -> None:
    assert plain(escaped(text)) == text
    assert "\n" not in escaped(text)


def test_no_line_break_of_any_kind_leaves_a_value() -> None:
    assert escaped("a\r\nb\rc\nd") == r"a\nb\nc\nd"
