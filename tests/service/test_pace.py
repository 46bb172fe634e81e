"""How the setbacks of ticks add up, and end."""

from dataclasses import replace
from datetime import timedelta

import pytest
from installation import NOW

from connectd.domain.model import Meeting, Span, State
from connectd.domain.view import Name, Unread
from connectd.errors import CredentialsError, RefusedError, ServerError
from connectd.service.outcomes import Failure
from connectd.service.pace import Pace
from connectd.service.tick import Report
from connectd.service.unread import unread_because

EVERY = timedelta(minutes=5)
WELL = Report(NOW, (), (), (), (), refused=False)
LOCKED = replace(WELL, waits_for_keyring=True)
DOWN = replace(WELL, unread=(Unread("main: Work", "no answer", "main", passing=True),))
GONE = replace(WELL, unread=(Unread("main: Work", "there is no such calendar", "main"),))
BUSY = replace(WELL, unread=(Unread("main: Work", "busy", "main", passing=True, retry_after=600),))
BUSY_FOR_A_DEED = replace(WELL, failures=(Failure(Name.DRAFT, "bob", "busy", 600),))
REFUSED = replace(GONE, refused=True)
DRAFT = Meeting("uid", "bob", 1, State.DRAFTED, Span(NOW, NOW + EVERY))


def pauses(*reports: Report, pending: bool = False) -> list[float]:
    """Return the minutes that a pace waits after each of these."""
    pace = Pace(random=lambda: 0.5, on_battery=lambda: False)
    meetings = [DRAFT] if pending else []
    return [pace.after(one, meetings, EVERY) / timedelta(minutes=1) for one in reports]


def test_while_the_keyring_is_locked_it_waits_longer_and_longer() -> None:
    reports = [LOCKED] * 6 + [WELL, LOCKED]
    assert pauses(*reports) == [0.5, 1, 2, 4, 5, 5, 5, 0.5]


def test_while_servers_do_not_answer_too_and_it_is_as_usual_at_once_afterwards() -> None:
    assert pauses(*[DOWN] * 5, WELL, DOWN, DOWN) == [5, 10, 15, 15, 15, 5, 5, 10]
    assert pauses(DOWN, DOWN, DOWN, WELL, pending=True) == [1, 2, 4, 1]


def test_what_no_waiting_helps_is_looked_at_as_usual() -> None:
    assert pauses(GONE, GONE, GONE) == [5, 5, 5]


@pytest.mark.parametrize("busy", [BUSY, BUSY_FOR_A_DEED])
def test_a_server_that_asks_for_time_gets_it(busy: Report) -> None:
    assert pauses(busy, WELL) == [10.5, 5]
    assert pauses(busy, WELL, pending=True) == [10.5, 1]


def test_refused_credentials_are_not_asked_for_each_minute() -> None:
    assert pauses(WELL, REFUSED, REFUSED, pending=True) == [1, 5, 5]


@pytest.mark.parametrize(
    ("error", "passing", "asked"),
    [
        (ServerError("nothing listens there."), True, None),
        (ServerError("too much to do.", retry_after=60), True, 60),
        (RefusedError("not there."), False, None),
        (CredentialsError("refused."), False, None),
    ],
)
def test_what_passes_by_itself_is_a_server_that_does_not_answer(
    error: Exception,
    passing: bool,  # noqa: FBT001 - of the table
    asked: int | None,
) -> None:
    unread = unread_because(error, "main", "Work")
    assert unread == Unread("main: Work", str(error), "main", passing=passing, retry_after=asked)
