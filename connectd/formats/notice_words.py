"""What a notice says, on the desktop and in a mail to the user."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from connectd.formats.plain_text import clean

_SHOWN = 5
_LONGEST_REASON = 300


class NoticeWords(NamedTuple):
    """``subject`` names nobody: it is shown on a locked screen, and in lists of mails."""

    subject: str
    text: str


class Lasting(NamedTuple):
    """Something that has failed since a moment (UTC), and why."""

    what: str
    since: datetime
    reason: str


class WaitingDraft(NamedTuple):
    """A draft that waits for the user's answer: with whom, and from when on (UTC)."""

    people: Sequence[str]
    start: datetime


def words_of_trouble(lasting: Sequence[Lasting], zone: ZoneInfo) -> NoticeWords:
    """Which calendars or deeds it is, since when, and what to do."""
    lines = [
        f"{clean(one.what)}, since {_moment(one.since, zone)}: {clean(one.reason, _LONGEST_REASON)}"
        for one in lasting
    ]
    advice = "“connectd doctor” finds out what is wrong, and says what to do."
    return NoticeWords("connectd needs your help", "\n".join([*_first(lines), advice]))


def words_of_drafts(drafts: Sequence[WaitingDraft], zone: ZoneInfo) -> NoticeWords:
    """How many there are, with whom and when."""
    lines = [
        f"{' and '.join(map(clean, draft.people))}: {_moment(draft.start, zone)}"
        for draft in drafts
    ]
    subject = "One draft waits" if len(drafts) == 1 else f"{len(drafts)} drafts wait"
    advice = "Say yes or no in your calendar. Nobody hears of a draft before your yes."
    return NoticeWords(f"{subject} for your answer", "\n".join([*_first(lines), advice]))


def _first(lines: list[str]) -> list[str]:
    more = len(lines) - _SHOWN
    return [*lines[:_SHOWN], f"… and {more} more"] if more > 0 else lines


def _moment(when: datetime, zone: ZoneInfo) -> str:
    local = when.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b, %H:%M}"
