"""Which text is a birthday, and the one way to write it."""

import re
from datetime import date

_BIRTHDAY = re.compile(r"([0-9]{4}-?|--)([0-9]{2})-?([0-9]{2})(?:T.*)?", re.DOTALL)
_A_LEAP_YEAR = 2000


def read_birthday(text: str) -> str | None:
    """Write ``1980-03-05``, or ``--03-05`` where there is no year; None if it is no day.

    Takes a date in both of its ISO 8601 forms, a time after it, and no year at all
    (RFC 6350 section 4.3.1).
    """
    found = _BIRTHDAY.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day = found[1].strip("-"), int(found[2]), int(found[3])
    try:
        on = date(int(year or _A_LEAP_YEAR), month, day)
    except ValueError:
        return None
    return on.isoformat() if year else f"--{on:%m-%d}"
