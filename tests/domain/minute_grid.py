"""The oracle: every rule asked of every minute, one after the other, slowly and plainly."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from connectd.domain.model import Hours, Policy, Span

MINUTE = timedelta(minutes=1)


def index(moment: datetime) -> int:
    """The number of a whole minute."""
    number, rest = divmod(moment - datetime(1970, 1, 1, tzinfo=UTC), MINUTE)
    assert not rest, f"{moment} is no whole minute"
    return number


def moment(number: int) -> datetime:
    return datetime.fromtimestamp(number * 60, UTC)


def minutes_of(spans: Iterable[Span], margin: int = 0) -> set[int]:
    """The minutes that the spans cover, with so many more on both sides of each."""
    return {
        number
        for span in spans
        if span.start < span.end
        for number in range(index(span.start) - margin, index(span.end) + margin)
    }


def is_working(at: datetime, hours: Hours, zone: ZoneInfo) -> bool:
    """Whether the clock on the wall shows a working time."""
    local = at.astimezone(zone)
    wall = local.time().replace(fold=0)
    return any(
        opens <= wall and (closes == time.min or wall < closes)
        for opens, closes in hours.get(local.weekday(), ())
    )


def working_minutes(window: Span, hours: Hours, zone: ZoneInfo) -> set[int]:
    return {number for number in minutes_of([window]) if is_working(moment(number), hours, zone)}


def possible_starts(now: datetime, taken: Iterable[Span], policy: Policy) -> set[int]:
    """Every minute at which a meeting could start."""
    rules = policy.rules
    first, last = (
        now + timedelta(hours=rules.notice_hours),
        now + timedelta(days=rules.horizon_days),
    )
    if last <= first:
        return set()
    working = working_minutes(Span(first, last), policy.hours, policy.zone)
    free = working - minutes_of(taken, rules.buffer_minutes)
    starts: set[int] = set()
    run = 0
    for number in range(index(last) - 1, index(first) - 1, -1):
        run = run + 1 if number in free else 0
        if run >= rules.minutes:
            starts.add(number)
    return starts
