"""Recurrence rules as written (RRULE, RFC 5545 section 3.3.10), and which cannot be trusted.

Some rules are computed wrongly by the library or never end; they are recognised here, from
their text alone, before anything is computed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from connectd.formats.time_values import DAY, Moment, parse_moment

OCCURRENCES_LIMIT = 5_000
"""Occurrences of one event in the window."""
PERIODS_LIMIT = 20_000
"""Days, weeks, months … that may be stepped through before the window is reached."""

HOUR = timedelta(hours=1)
_STEPS = {
    "HOURLY": HOUR,
    "DAILY": DAY,
    "WEEKLY": 7 * DAY,
    "MONTHLY": 28 * DAY,
    "YEARLY": 365 * DAY,
}
_LONGEST_STEPS = {
    "SECONDLY": timedelta(seconds=1),
    "MINUTELY": timedelta(minutes=1),
    "HOURLY": HOUR,
    "DAILY": DAY,
    "WEEKLY": 7 * DAY,
    "MONTHLY": 31 * DAY,
    "YEARLY": 366 * DAY,
}
_TIMES_OF_DAY = frozenset({"BYHOUR", "BYMINUTE", "BYSECOND"})
_COMMON_DAY = 28
_RANGES = {
    "BYSECOND": range(61),
    "BYMINUTE": range(60),
    "BYHOUR": range(24),
    "BYMONTHDAY": range(1, 32),
    "BYYEARDAY": range(1, 367),
    "BYWEEKNO": range(1, 54),
    "BYMONTH": range(1, 13),
    "BYSETPOS": range(1, 367),
    "BYDAY": range(1, 54),
}
_SIGNED = frozenset({"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"})
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAYS_IN = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}
_LAST_SURE_WEEK = 52
_LONGEST_INTERVAL = 10_000

_UNREADABLE = "its repetition rule cannot be read"
_UNSURE = "its repetition rule is understood differently by different programs"
_ENDLESS = "its repetition rule never comes to a date"
_TOO_OFTEN = "it repeats too often"


class RefusedRuleError(ValueError):
    """This rule is not computed; the message says why, as a clause about the event."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule's parts: ``by`` holds the BY… lists as written, by name.

    ``week_starts`` is WKST, two letters.
    """

    frequency: str
    interval: int
    count: int | None
    until: Moment | None
    week_starts: str
    by: dict[str, tuple[str, ...]]

    def numbers(self, name: str) -> list[int]:
        """The values of one of the lists in ``by``."""
        return [int(value) for value in self.by.get(name, ())]

    @property
    def step(self) -> timedelta:
        """The shortest time from one period of the rule to the next."""
        return _STEPS[self.frequency] * self.interval


def parse_rule(text: str) -> Rule:
    """Read an RRULE value; raises RefusedRuleError for what is not computed whatever the event."""
    parts = _parts(text)
    frequency = parts.pop("FREQ", "")
    if frequency in {"SECONDLY", "MINUTELY"}:
        raise RefusedRuleError(_TOO_OFTEN)
    if parts.get("RSCALE", "GREGORIAN") != "GREGORIAN" or parts.get("SKIP", "OMIT") != "OMIT":
        raise RefusedRuleError("it repeats by another calendar than the Gregorian one")
    try:
        rule = Rule(
            frequency=frequency,
            interval=int(parts.pop("INTERVAL", "1")),
            count=int(parts.pop("COUNT")) if "COUNT" in parts else None,
            until=parse_moment(parts.pop("UNTIL"), {}) if "UNTIL" in parts else None,
            week_starts=parts.pop("WKST", "MO"),
            by={
                name: tuple(value.strip() for value in parts[name].split(","))
                for name in parts.keys() - {"RSCALE", "SKIP"}
            },
        )
        values = [_in_range(name, value) for name in rule.by for value in rule.by[name]]
    except ValueError as problem:
        raise RefusedRuleError(_UNREADABLE) from problem
    words = rule.frequency in _STEPS and rule.week_starts in _WEEKDAYS
    numbers = 1 <= rule.interval <= _LONGEST_INTERVAL and (rule.count is None or rule.count > 0)
    if not (words and numbers and all(values)):
        raise RefusedRuleError(_UNREADABLE)
    return rule


def refuse_doubtful(rule: Rule, start: datetime, days_looked_at: int) -> None:
    """Raise RefusedRuleError if the rule of an event that starts then must not be computed.

    ``start`` is the first time as its wall clock shows it.
    """
    if _is_computed_wrongly(rule, start):
        raise RefusedRuleError(_UNSURE)
    if _never_matches(rule, start):
        raise RefusedRuleError(_ENDLESS)
    if _times_a_day(rule) * days_looked_at > OCCURRENCES_LIMIT:
        raise RefusedRuleError(_TOO_OFTEN)


def last_moment(text: str, start: datetime) -> Moment | None:
    """Return a time after which the rule certainly gives nothing, or None if none is sure.

    Understands as much as it can of a rule that may be refused: UNTIL, and COUNT where every
    period gives an occurrence. In UTC if UNTIL is, else by the clock of ``start``.
    """
    parts = _parts(text)
    try:
        if "COUNT" not in parts:
            return parse_moment(parts["UNTIL"], {})
        count, interval = int(parts["COUNT"]), int(parts.get("INTERVAL", "1"))
        step = _LONGEST_STEPS[parts["FREQ"]]
        limiting = parts.keys() - {"FREQ", "INTERVAL", "COUNT", "WKST"}
        if count < 1 or interval < 1 or not limiting <= _harmless(parts, start):
            return None
        # The first period may be over before its day or hour comes: one more is needed then.
        # A week of the year comes up to six days later in another year: as good as one more.
        periods = count - 1 + bool(limiting) + ("BYWEEKNO" in limiting)
        return Moment(start + periods * interval * step)
    except (KeyError, ValueError, OverflowError):
        return None


def _harmless(parts: dict[str, str], start: datetime) -> frozenset[str]:
    """The parts with which the rule still gives something in every single period."""
    frequency = parts["FREQ"]
    if frequency in {"SECONDLY", "MINUTELY", "HOURLY"}:
        return frozenset()
    if frequency == "DAILY":
        return _TIMES_OF_DAY
    if frequency == "WEEKLY":
        return _TIMES_OF_DAY | {"BYDAY", "BYSETPOS"}
    weeks = [abs(int(week)) for week in parts.get("BYWEEKNO", "").split(",") if week]
    if frequency == "YEARLY" and weeks and max(weeks) <= _LAST_SURE_WEEK:
        return _TIMES_OF_DAY | {"BYWEEKNO", "BYDAY"}
    if start.day > _COMMON_DAY:
        raise ValueError("not every month has that day")
    return _TIMES_OF_DAY


def moves_the_clock(text: str) -> bool:
    """Whether occurrences may have another time of day than the first one."""
    parts = _parts(text)
    often = parts.get("FREQ") in {"SECONDLY", "MINUTELY", "HOURLY"}
    return often or not _TIMES_OF_DAY.isdisjoint(parts)


def _parts(text: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in text.upper().split(";") if part.strip()]
    parts = {name.strip(): value.strip() for name, _, value in pairs}
    return parts if len(parts) == len(pairs) else {}


def _in_range(name: str, value: str) -> bool:
    if name == "BYDAY":
        ordinal = value[:-2]
        return value[-2:] in _WEEKDAYS and (not ordinal or abs(int(ordinal)) in _RANGES[name])
    number = int(value)
    return (abs(number) if name in _SIGNED else number) in _RANGES.get(name, ())


def _is_computed_wrongly(rule: Rule, start: datetime) -> bool:
    """Whether the library is known to miss dates of such a rule, or to count others."""
    days = rule.by.get("BYDAY", ())
    plain = [day for day in days if day in _WEEKDAYS]
    if "BYWEEKNO" in rule.by:
        counted = rule.count is not None or rule.interval > 1 or rule.frequency != "YEARLY"
        last_weeks = any(abs(number) >= _LAST_SURE_WEEK for number in rule.numbers("BYWEEKNO"))
        return counted or last_weeks or not days or len(plain) < len(days)
    if rule.frequency == "WEEKLY":
        mid_week = _WEEKDAYS[start.weekday()] != rule.week_starts
        return mid_week and "BYSETPOS" in rule.by and bool(days)
    return rule.frequency in {"MONTHLY", "YEARLY"} and 0 < len(plain) < len(days)


def _never_matches(rule: Rule, start: datetime) -> bool:
    if "BYSETPOS" in rule.by and rule.frequency in {"HOURLY", "DAILY", "WEEKLY"}:
        days = len(rule.by.get("BYDAY", ("",))) if rule.frequency == "WEEKLY" else 1
        largest = days * _times_a_day(rule)
        return all(abs(position) > largest for position in rule.numbers("BYSETPOS"))
    months = rule.numbers("BYMONTH") or range(1, 13)
    days_of_month = [abs(number) for number in rule.numbers("BYMONTHDAY")]
    if not rule.by.keys() & {"BYMONTHDAY", "BYDAY", "BYYEARDAY", "BYWEEKNO"}:
        days_of_month = [start.day] if rule.frequency in {"MONTHLY", "YEARLY"} else []
        if rule.frequency == "YEARLY" and "BYMONTH" not in rule.by:
            months = [start.month]
    return bool(days_of_month) and all(
        day > _DAYS_IN.get(month, 31) for day in days_of_month for month in months
    )


def _times_a_day(rule: Rule) -> int:
    hours = len(rule.by.get("BYHOUR", ())) or (24 if rule.frequency == "HOURLY" else 1)
    return hours * len(rule.by.get("BYMINUTE", ("",))) * len(rule.by.get("BYSECOND", ("",)))
