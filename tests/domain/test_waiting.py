"""What waits for the user."""

from datetime import date, timedelta

import pytest
from domain_builders import BERLIN, NOW, TODAY, meeting

from connectd.domain.introductions import Bringing, Introduction
from connectd.domain.model import Delivery, Fact, Meeting, State
from connectd.domain.waiting import Awaited, Waiting, waiting

AHEAD, OVER = "2026-11-04 09:00", "2026-11-01 09:00"
ON = date(2026, 11, 4)


def waits(*meetings: Meeting) -> list[Awaited]:
    return [one.kind for one in waiting(NOW, BERLIN, meetings, [], [])]


@pytest.mark.parametrize(
    ("state", "when", "given", "kinds"),
    [
        (State.DRAFTED, AHEAD, {}, [Awaited.DRAFT]),
        (State.DRAFTED, AHEAD, {"conflict": "Dentist"}, [Awaited.DRAFT]),
        (State.ACCEPTED, AHEAD, {}, []),
        (State.ACCEPTED, AHEAD, {"conflict": "Dentist"}, [Awaited.SECOND_YES]),
        (State.ACCEPTED, AHEAD, {"conflict": "Dentist", "overruled": True}, []),
        (State.INVITED, AHEAD, {"delivery": Delivery.SERVER}, []),
        (State.INVITED, AHEAD, {"delivery": Delivery.MANUAL}, [Awaited.TELL]),
        (State.INVITED, AHEAD, {"delivery": Delivery.UNKNOWN}, [Awaited.TELL]),
        (State.INVITED, OVER, {"delivery": Delivery.MANUAL}, [Awaited.DONE]),
        (State.CONFIRMED, AHEAD, {"delivery": Delivery.MANUAL}, []),
        (State.CONFIRMED, OVER, {}, [Awaited.DONE]),
        (State.MET, OVER, {}, []),
        (State.CANCELLED, AHEAD, {"delivery": Delivery.MANUAL}, [Awaited.TELL]),
        (State.CANCELLED, AHEAD, {"delivery": Delivery.UNKNOWN}, [Awaited.TELL]),
        (State.CANCELLED, AHEAD, {"delivery": Delivery.MAIL}, []),
        (State.CANCELLED, OVER, {"delivery": Delivery.MANUAL}, []),
        (State.DECLINED, AHEAD, {}, []),
        (State.TURNED_DOWN, AHEAD, {"delivery": Delivery.MANUAL}, []),
        (State.TURNED_DOWN, AHEAD, {"delivery": Delivery.MANUAL, "other": "bob"}, [Awaited.TELL]),
        (State.TURNED_DOWN, AHEAD, {"delivery": Delivery.UNKNOWN, "other": "bob"}, [Awaited.TELL]),
        (State.TURNED_DOWN, AHEAD, {"delivery": Delivery.MAIL, "other": "bob"}, []),
        (State.TURNED_DOWN, OVER, {"delivery": Delivery.MANUAL, "other": "bob"}, []),
    ],
)
def test_what_a_meeting_waits_for(
    state: State, when: str, given: dict[str, object], kinds: list[Awaited]
) -> None:
    assert waits(meeting("ann", state, when, **given)) == kinds


def test_a_meeting_of_three_names_both() -> None:
    draft = meeting("ann", State.DRAFTED, AHEAD, other="bob")
    (one,) = waiting(NOW, BERLIN, [draft], [], [])
    assert (one.contact, one.other, one.on) == ("ann", "bob", ON)


def test_what_takes_the_time_is_named() -> None:
    (one,) = waiting(
        NOW, BERLIN, [meeting("ann", State.ACCEPTED, AHEAD, conflict="Dentist")], [], []
    )
    assert "Dentist" in one.text


@pytest.mark.parametrize(("days", "waits"), [(-90, True), (0, True), (7, True), (8, False)])
def test_a_promise_waits_from_a_week_before_its_day(days: int, *, waits: bool) -> None:
    due = TODAY + timedelta(days=days)
    promise = Fact("ann", "promised", "a book", TODAY, due=due)
    expected = (Waiting(Awaited.PROMISE, "ann", None, "a book", due),) if waits else ()
    assert waiting(NOW, BERLIN, [], [promise], []) == expected


def test_a_promise_for_no_certain_day_does_not_wait() -> None:
    assert waiting(NOW, BERLIN, [], [Fact("ann", "promised", "a book", TODAY)], []) == ()


BOTH = ("ann", "bob")


@pytest.mark.parametrize(
    ("introduction", "text"),
    [
        (Introduction(*BOTH, NOW), "to decide"),
        (Introduction(*BOTH, NOW, asked=("ann",)), "ann was asked"),
        (Introduction(*BOTH, NOW, asked=("ann",), agreed=("ann",)), "bob is next"),
        (Introduction(*BOTH, NOW, asked=BOTH, agreed=("ann",)), "bob was asked"),
        (Introduction(*BOTH, NOW, asked=BOTH), "ann and bob were asked"),
        (
            Introduction(*BOTH, NOW, by=Bringing.MAIL, asked=BOTH, agreed=BOTH),
            "the mail is to be sent",
        ),
        (Introduction(*BOTH, NOW, by=Bringing.MEETING, asked=BOTH, agreed=BOTH), None),
        (Introduction(*BOTH, NOW, introduced_at=NOW), None),
        (Introduction(*BOTH, NOW, dropped_at=NOW), None),
    ],
)
def test_what_an_introduction_waits_for(introduction: Introduction, text: str | None) -> None:
    expected = [] if text is None else [Waiting(Awaited.INTRODUCTION, "ann", "bob", text, None)]
    assert list(waiting(NOW, BERLIN, [], [], [introduction])) == expected


def test_two_who_agreed_wait_where_no_meeting_came_about() -> None:
    agreed = Introduction(*BOTH, NOW, by=Bringing.MEETING, asked=BOTH, agreed=BOTH)
    (one,) = waiting(NOW, BERLIN, [], [], [agreed], [agreed])
    assert (one.kind, one.contact, one.other) == (Awaited.INTRODUCTION, *BOTH)
    assert one.text == "no draft came to a meeting: write to both, or drop it"


def test_the_order_is_by_kind_and_then_by_day() -> None:
    meetings = [
        meeting("ann", State.INVITED, AHEAD, delivery=Delivery.MANUAL),
        meeting("bob", State.DRAFTED, "2026-11-06 09:00"),
        meeting("cy", State.DRAFTED, "2026-11-05 09:00"),
    ]
    promises = [Fact("di", "promised", "", TODAY, due=TODAY)]
    introductions = [Introduction("di", "ed", NOW)]
    found = waiting(NOW, BERLIN, meetings, promises, introductions)
    assert [one.contact for one in found] == ["cy", "bob", "di", "di", "ann"]
