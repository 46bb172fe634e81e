"""What the daemon says in its log, and how loud."""

import logging
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from installation import NOW

from connectd.domain.view import Name, Unread
from connectd.service.daemon_log import DaemonLog
from connectd.service.outcomes import Applied, Failure
from connectd.service.status_line import status_line
from connectd.service.tick import Report

BERLIN = ZoneInfo("Europe/Berlin")
ROUND = timedelta(minutes=5)
DOWN = Unread("main: all calendars", "nothing listens there.", "main", passing=True)
REFUSED = Unread("work: all calendars", "the credentials are not accepted.", "work")
DRAFTED = Applied(Name.DRAFT, "uid", "bob", "you have not met yet; after “Tea with “X” at 5”")
FAILED = Failure(Name.INVITE, "bob", "“Dentist” takes its time")


class Told:
    """The lines of a log, tick by tick."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO, "connectd")
        self._caplog = caplog
        self._log = DaemonLog()
        self.now = NOW

    def tick(self, *saw: Unread | Applied | Failure, rounds: int = 1) -> list[str]:
        """Let so many ticks see the same; return what was said of them."""
        self._caplog.clear()
        for _ in range(rounds):
            seen = replace(report(*saw), now=self.now)
            self._log.tell(seen, 3, self.now + ROUND, BERLIN)
            self.now += ROUND
        return [f"{line.levelname} {line.getMessage()}" for line in self._caplog.records]


def report(*saw: Unread | Applied | Failure, **more: bool) -> Report:
    return Report(
        now=NOW,
        unread=tuple(one for one in saw if isinstance(one, Unread)),
        unreadable=(),
        applied=tuple(one for one in saw if isinstance(one, Applied)),
        failures=tuple(one for one in saw if isinstance(one, Failure)),
        refused=False,
        **more,
    )


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Told:
    return Told(caplog)


def test_each_deed_is_a_line_without_the_titles_of_events(told: Told) -> None:
    assert told.tick(DRAFTED) == ["INFO draft bob: you have not met yet; after “…”"]


def test_an_hour_in_which_nothing_happens_is_one_line(told: Told) -> None:
    assert told.tick(rounds=12) == []
    assert told.tick() == [
        "INFO all quiet: 12 ticks, 3 drafts wait for your yes, next 09:05",
    ]
    assert told.tick(rounds=11) == []
    assert len(told.tick()) == 1


def test_whatever_is_said_counts_as_the_line_of_its_hour(told: Told) -> None:
    told.tick(rounds=11)
    assert len(told.tick(DRAFTED)) == 1
    assert told.tick(rounds=11) == []
    assert len(told.tick()) == 1


def test_a_clock_that_was_set_back_does_not_silence_it(told: Told) -> None:
    told.tick()
    told.now -= timedelta(days=1)
    assert len(told.tick()) == 1


def test_a_server_that_does_not_answer_once_is_no_warning(told: Told) -> None:
    (once,) = told.tick(DOWN)
    assert once.startswith("INFO not read, so nothing is proposed: main: all calendars: nothing")
    assert told.tick() == []


def test_one_that_lasts_is_one_warning_and_its_end_is_told(told: Told) -> None:
    told.tick(DOWN)
    other_words = Unread(DOWN.calendar, "gave no whole answer.", "main", passing=True)
    (lasting,) = told.tick(other_words)
    assert lasting.startswith("WARNING still not read, so nothing is proposed: main: all cal")
    assert told.tick(DOWN, rounds=11) == []
    (hourly,) = told.tick(DOWN)
    said = "INFO 12 ticks, 3 drafts wait for your yes, next 09:10; still not read, so nothing"
    assert hourly.startswith(said)
    (over,) = told.tick()
    assert over.startswith("INFO over: not read, so nothing is proposed: main")
    assert told.tick(rounds=11) == []


@pytest.mark.parametrize("trouble", [REFUSED, FAILED])
def test_what_does_not_pass_by_itself_is_a_warning_at_once_and_once(
    told: Told, trouble: Unread | Failure
) -> None:
    (line,) = told.tick(trouble)
    assert line.startswith("WARNING ")
    assert "Dentist" not in line
    assert told.tick(trouble, rounds=11) == []
    assert [line.split()[0] for line in told.tick(trouble)] == ["INFO"]


@pytest.mark.parametrize(
    ("saw", "paused", "said"),
    [
        (report(), [], "last tick 08:00, all read; next 08:05"),
        (report(DOWN), [], "last tick 08:00, main: all calendars not read; next 08:05"),
        (
            report(DOWN, REFUSED),
            [],
            "last tick 08:00, main: all calendars and 1 more not read; next 08:05",
        ),
        (
            report(DOWN, waits_for_keyring=True),
            [],
            "waiting for the keyring to be unlocked; next look 08:05",
        ),
        (
            report(REFUSED),
            ["work"],
            "paused account work: the credentials were refused; next tick 08:05",
        ),
    ],
)
def test_the_line_for_the_service_manager(saw: Report, paused: list[str], said: str) -> None:
    assert status_line(saw, NOW + ROUND, BERLIN, paused) == said
