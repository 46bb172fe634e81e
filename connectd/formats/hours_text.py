"""Working hours in one short line, such as ``Mon-Fri 9:00-12:00 13:00-17:00, Sat 10:00-12:00``."""

import re
from datetime import time
from itertools import pairwise

from connectd.domain.model import Hours
from connectd.errors import WrongInputError

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WORKING_DAYS = [0, 1, 2, 3, 4]
_SHORTEST_NAME = 2
_LONGEST = 500
_TIME = re.compile(
    r"(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-9]{2}))?(?P<half>[ap]m)?", re.IGNORECASE
)
_DASH = re.compile(r"\s*(?:[-–—]|\bto\b)\s*", re.IGNORECASE)  # noqa: RUF001 - hyphens of some keyboards
_AND = re.compile(r"[&/+]|\band\b", re.IGNORECASE)
_BEFORE_HALF = re.compile(r"(?<=[0-9])\s+(?=[ap]m\b)", re.IGNORECASE)
_NOON = 12
_MIDNIGHT = 24 * 60
_EXAMPLE = "Mon-Fri 9:00-12:00 13:00-17:00"

Minutes = tuple[int, int]


def read_hours(text: str) -> Hours:
    """The hours that the line means; spans in front of any day are those of Monday to Friday.

    Days are English, whole or shortened; blanks, commas and "and" separate. Raises
    WrongInputError.
    """
    if len(text) > _LONGEST:
        raise WrongInputError(f"That is too long for hours; write them as in {_EXAMPLE}.")
    hours: Hours = {}
    plain = _AND.sub(" ", _BEFORE_HALF.sub("", text))
    for days, spans in _groups(_DASH.sub("-", plain)):
        for day in days:
            if day in hours:
                raise WrongInputError(f"{_DAYS[day]} stands there twice.")
            if not spans:
                raise WrongInputError(f"Please write the hours of {_DAYS[day]} behind it.")
            hours[day] = _in_order(spans)
    if not hours:
        raise WrongInputError(f"Please write hours as in {_EXAMPLE}.")
    return dict(sorted(hours.items()))


def hours_text(hours: Hours) -> str:
    """The hours as ``read_hours`` reads them; days in a row with the same hours stand together."""
    rows: list[tuple[int, int]] = []
    for day in sorted(hours):
        if rows and rows[-1][1] == day - 1 and hours[day] == hours[rows[-1][0]]:
            rows[-1] = (rows[-1][0], day)
        else:
            rows.append((day, day))
    return ", ".join(
        f"{_DAYS[first]}{f'-{_DAYS[last]}' if last > first else ''} "
        + " ".join(f"{_shown(start)}-{_shown(end, is_end=True)}" for start, end in hours[first])
        for first, last in rows
    )


def _groups(text: str) -> list[tuple[list[int], list[Minutes]]]:
    """The days that stand together, each time with the spans behind them."""
    groups: list[tuple[list[int], list[Minutes]]] = []
    for word in re.split(r"[\s,;]+", text.strip(" ,;")):
        if word[:1].isdigit():
            groups = groups or [(_WORKING_DAYS, [])]
            groups[-1][1].append(_span(word))
        elif word:
            if not groups or groups[-1][1]:
                groups.append(([], []))
            groups[-1][0].extend(_days(word))
    return groups


def _days(word: str) -> list[int]:
    first, dash, last = word.partition("-")
    start = _day(first)
    end = _day(last) if dash else start
    return [(start + step) % 7 for step in range((end - start) % 7 + 1)]


def _day(word: str) -> int:
    wanted = word.rstrip(".:").lower()
    found = [day for day, name in enumerate(_NAMES) if name.startswith(wanted)]
    if len(wanted) < _SHORTEST_NAME or len(found) != 1:
        raise WrongInputError(f"“{word}” is no day such as Mon; write hours as in {_EXAMPLE}.")
    return found[0]


def _span(word: str) -> Minutes:
    ends = [_TIME.fullmatch(part) for part in word.split("-")]
    first, last = ends if len(ends) == 2 else (None, None)  # noqa: PLR2004 - where it starts and ends
    if not first or not last:
        raise WrongInputError(f"“{word}” is no span of time such as 9:00-12:00.")
    if (first["half"] is None) != (last["half"] is None):
        raise WrongInputError(f"“{word}” needs am or pm on both sides, or write 13:00-17:00.")
    start, end = _minutes(first), _minutes(last)
    if start is None or end is None:
        raise WrongInputError(f"“{word}” is no time of a day; a day ends at 24:00.")
    if end <= start:
        raise WrongInputError(
            f"“{word}” must end after it starts, as in 9:00-17:00; midnight is 24:00."
        )
    return start, end


def _minutes(written: re.Match[str]) -> int | None:
    """Minutes since midnight; None if the clock has no such time."""
    hour, minute, half = int(written["hour"]), int(written["minute"] or 0), written["half"]
    if half:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if half.lower() == "pm" else 0)
    minutes = hour * 60 + minute
    return minutes if minute < 60 and minutes <= _MIDNIGHT else None  # noqa: PLR2004 - of an hour


def _in_order(spans: list[Minutes]) -> tuple[tuple[time, time], ...]:
    ordered = sorted(spans)
    for (_, end), (start, _) in pairwise(ordered):
        if start < end:
            raise WrongInputError(f"Two spans have {_shown(_time(start))} in common.")
    return tuple((_time(start), _time(end)) for start, end in ordered)


def _time(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


def _shown(moment: time, *, is_end: bool = False) -> str:
    return "24:00" if is_end and moment == time.min else f"{moment.hour}:{moment:%M}"
