"""Keeps what the time of the next tick depends on, from tick to tick."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from connectd.domain.beat import Aftermath, may_bring_a_yes, pause
from connectd.domain.model import Meeting
from connectd.service.tick import Report


class Pace:
    """Counts the setbacks in a row.

    ``random`` gives a number from 0 up to 1; ``on_battery`` says whether the machine lives on
    its battery.
    """

    def __init__(self, random: Callable[[], float], on_battery: Callable[[], bool]) -> None:
        self._random = random
        self._on_battery = on_battery
        self._unanswered = self._locked = 0

    def after(self, report: Report, meetings: Iterable[Meeting], every: timedelta) -> timedelta:
        """How long to wait after this tick; ``meetings`` are the open ones now."""
        unanswered = any(unread.passing for unread in report.unread)
        self._unanswered = self._unanswered + 1 if unanswered else 0
        self._locked = self._locked + 1 if report.waits_for_keyring else 0
        seen = Aftermath(
            # While credentials are refused nothing can be sent, and each look asks for them anew.
            yes_pending=may_bring_a_yes(meetings) and not report.refused,
            unanswered=self._unanswered,
            locked=self._locked,
            retry_after=report.retry_after,
            on_battery=self._on_battery(),
        )
        return pause(every, seen, self._random())
