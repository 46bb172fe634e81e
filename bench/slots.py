"""What finding slots costs: eight weeks of working hours against 12,000 busy intervals.

Prints the CPU time, and its ratio to what merging the same intervals alone costs, which says
more on a machine whose speed is not known. Run: python bench/slots.py
"""
# ruff: noqa: INP001  scripts, no package

import sys
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from functools import partial
from random import Random
from time import process_time
from zoneinfo import ZoneInfo

from connectd.domain.model import Goal, MeetingRules, Month, Policy, Span
from connectd.domain.slots import free_time, slots
from connectd.domain.spans import merge

NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
WEEKS = 8
INTERVALS = 12_000
ROUNDS = 15
POLICY = Policy(
    zone=ZoneInfo("Europe/Berlin"),
    hours=dict.fromkeys(range(5), ((time(9), time(12)), (time(13), time(17)))),
    goal=Goal(3, 6, Month(2026, 11)),
    rules=MeetingRules(horizon_days=7 * WEEKS, notice_hours=0),
)


def scattered() -> list[Span]:
    """Short events all over the window, in no order, the same ones in every run."""
    random = Random(12)  # noqa: S311  a repeatable calendar is no secret
    starts = (random.randrange(WEEKS * 7 * 24 * 60) for _ in range(INTERVALS))
    return [_span(start, random.randint(1, 5)) for start in starts]


def repeated() -> list[Span]:
    """Four meetings a day, each of them in many calendars: there is free time between them."""
    random = Random(12)  # noqa: S311  as above
    quarters = [random.randrange(WEEKS * 7 * 24 * 4) for _ in range(WEEKS * 7 * 4)]
    return [_span(15 * random.choice(quarters), 60) for _ in range(INTERVALS)]


def _span(start: int, minutes: int) -> Span:
    begins = NOW + timedelta(minutes=start)
    return Span(begins, begins + timedelta(minutes=minutes))


def best_of(work: Callable[[], object]) -> float:
    """The least CPU time of several rounds, in milliseconds."""
    times = []
    for _ in range(ROUNDS):
        before = process_time()
        work()
        times.append(process_time() - before)
    return 1000 * min(times)


def main() -> None:
    """Measure a calendar with free time in it, and one that is cut into small pieces."""
    for name, taken in (("repeated", repeated()), ("scattered", scattered())):
        found = _find(taken)
        finding = best_of(partial(_find, taken))
        merging = best_of(partial(merge, taken))
        sys.stdout.write(
            f"{name}: {len(found)} slots beside {INTERVALS} intervals in {WEEKS} weeks: "
            f"{finding:.1f} ms, merging alone {merging:.1f} ms, ratio {finding / merging:.2f}\n"
        )


def _find(taken: list[Span]) -> list[Span]:
    length = timedelta(minutes=POLICY.rules.minutes)
    return list(slots(free_time(NOW, taken, POLICY), length))


if __name__ == "__main__":
    main()
