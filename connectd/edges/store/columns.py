"""What a column holds, and back: UTC times, days and lists of words as text."""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime


def time_text(moment: datetime) -> str:
    """Write ``2026-12-01T09:00:00Z``, which sorts as time does; parts of a second are cut off.

    Raises ValueError for a naive datetime.
    """
    if moment.tzinfo is None:
        raise ValueError(f"a time in the store needs a zone: {moment!r}")
    utc = moment.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    return f"{utc.isoformat()}Z"


def time_or_none(moment: datetime | None) -> str | None:
    """Write a time as ``time_text`` does, or nothing."""
    return None if moment is None else time_text(moment)


def read_time(text: str) -> datetime:
    """Read what ``time_text`` wrote: aware, in UTC."""
    return datetime.fromisoformat(text)


def read_time_or_none(text: str | None) -> datetime | None:
    """Read what ``time_or_none`` wrote."""
    return None if text is None else read_time(text)


def day_or_none(day: date | None) -> str | None:
    """Write ``2026-12-01``, or nothing."""
    return None if day is None else day.isoformat()


def read_day_or_none(text: str | None) -> date | None:
    """Read what ``day_or_none`` wrote."""
    return None if text is None else date.fromisoformat(text)


def words_text(words: Iterable[str]) -> str:
    """Write texts as a JSON list."""
    return json.dumps(list(words))


def read_words(text: str) -> tuple[str, ...]:
    """Read what ``words_text`` wrote."""
    return tuple(json.loads(text))
