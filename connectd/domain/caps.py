"""How many more meetings a day and a week take."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain
from typing import NamedTuple, Self

from connectd.domain.found import Found
from connectd.domain.model import OPEN, MeetingRules, Policy, Span, State
from connectd.domain.spans import local_day
from connectd.domain.view import Snapshot

COUNTED = OPEN | {State.MET}
"""The meetings of connectd that count."""

Week = tuple[int, int]


class Caps(NamedTuple):
    """What counts on each local day and in each week (ISO 8601), against what is allowed."""

    rules: MeetingRules
    on_day: Counter[date]
    in_week: Counter[Week]

    @classmethod
    def of(cls, snapshot: Snapshot, found: Iterable[Found], policy: Policy) -> Self:
        """Count what stands: connectd's own meetings and those with contacts in the calendar.

        With ``count_all_meetings`` every appointment that takes time counts, whoever it is with,
        but no whole days. One that several calendars hold counts once.
        """
        days = [local_day(span.start, policy.zone) for span in _counted(snapshot, found, policy)]
        return cls(policy.rules, Counter(days), Counter(map(week_of, days)))

    @property
    def days(self) -> tuple[date, ...]:
        """The days on which something counts."""
        return tuple(self.on_day)

    def left_on(self, day: date) -> int:
        """How many more the day takes, whatever its week does."""
        return max(0, self.rules.per_day - self.on_day[day])

    def left_in(self, week: Week) -> int:
        """How many more the week takes."""
        return max(0, self.rules.per_week - self.in_week[week])


def week_of(day: date) -> Week:
    """The year and the number of the week, which belongs to the year of its Thursday."""
    year, week, _ = day.isocalendar()
    return year, week


def _counted(snapshot: Snapshot, found: Iterable[Found], policy: Policy) -> Iterator[Span]:
    ours = [meeting for meeting in snapshot.meetings if meeting.state in COUNTED]
    others = {(meeting.uid, meeting.span) for meeting in found}
    if policy.rules.count_all_meetings:
        known = {meeting.uid for meeting in snapshot.meetings if not meeting.released}
        others |= {
            (event.uid, event.span)
            for event in snapshot.events
            if event.busy and not event.all_day and event.uid not in known
        }
    return chain((meeting.span for meeting in ours), (span for _, span in others))
