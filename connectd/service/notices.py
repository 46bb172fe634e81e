"""Tells the user what needs them, outside of the calendar: on the desktop or by mail.

What is about to be told is on record before it is told, so that a crash repeats nothing.
"""

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from connectd.domain.beat import LONGEST_REST
from connectd.domain.model import Meeting, State
from connectd.domain.notices import (
    Failing,
    Kind,
    Told,
    lasting,
    may_tell_of_drafts,
    may_tell_of_trouble,
    still_failing,
)
from connectd.domain.spans import local_day
from connectd.edges.store import Store
from connectd.errors import ConnectdError
from connectd.formats.notice_words import (
    Lasting,
    NoticeWords,
    WaitingDraft,
    words_of_drafts,
    words_of_trouble,
)
from connectd.formats.plain_mail import Reader
from connectd.formats.plain_text import clean
from connectd.service.letterbox import post_letters, queue_letter
from connectd.service.means import Means
from connectd.service.tick import Report

_FAILING, _TOLD = "notices.failing", "notices.told"
_REMEMBERED_DAYS = 200
_ROUNDS_APART = 2

log = logging.getLogger("connectd")


class _Due(NamedTuple):
    kind: Kind
    words: NoticeWords
    of: frozenset[str] = frozenset()


def give_notices(means: Means, now: datetime, report: Report) -> None:
    """Tell of what has failed for an hour, and of drafts that wait; each once a local day at most.

    What ``[daemon] notices`` wants decides how. A notice that cannot be given is logged, once
    while the reason stays the same, and not tried again that day.
    """
    if means.config.daemon.notices == "none":
        return
    today = local_day(now, means.policy.zone)
    told = _told(means.store)
    since = _failing_since(means, now, report)
    due = [*_trouble(report, since, told, today, means), *_drafts(told, today, means, now)]
    for notice in due:
        try:
            _tell(notice, today, means, now)
        except ConnectdError as error:
            _complain(str(error), means)


def forget_beginnings(store: Store) -> None:
    """Count no trouble from before a sleep, or from a clock that was wrong, as lasting."""
    store.set_note(_FAILING, None)


def _failing_since(means: Means, now: datetime, report: Report) -> dict[str, datetime]:
    """What has failed for so long that it is to be told; the beginnings are kept on record."""
    note = json.loads(means.store.get_note(_FAILING) or "{}")
    before = {
        what: Failing(datetime.fromisoformat(since), datetime.fromisoformat(seen))
        for what, (since, seen) in note.items()
    }
    every = timedelta(minutes=means.config.daemon.every_minutes)
    failing = still_failing(before, _reasons(report), now, _ROUNDS_APART * every + LONGEST_REST)
    kept = {what: [one.since.isoformat(), one.seen.isoformat()] for what, one in failing.items()}
    means.store.set_note(_FAILING, json.dumps(kept) if kept else None)
    return lasting(failing, now)


def _reasons(report: Report) -> dict[str, str]:
    """Why each thing failed: a calendar that was not read, a deed that did not work."""
    unread = {one.calendar: one.reason for one in report.unread}
    return unread | {f"{one.action} {one.contact}".strip(): one.reason for one in report.failures}


def _trouble(
    report: Report,
    since: Mapping[str, datetime],
    told: Mapping[Kind, Told],
    today: date,
    means: Means,
) -> list[_Due]:
    if not since or not may_tell_of_trouble(told[Kind.TROUBLE], today):
        return []
    reasons = _reasons(report)
    lasts = [Lasting(what, began, reasons[what]) for what, began in since.items()]
    return [_Due(Kind.TROUBLE, words_of_trouble(lasts, means.policy.zone))]


def _drafts(told: Mapping[Kind, Told], today: date, means: Means, now: datetime) -> list[_Due]:
    waiting = [
        meeting
        for meeting in means.store.open_meetings()
        if meeting.state is State.DRAFTED and now < meeting.span.start
    ]
    uids = frozenset(meeting.uid for meeting in waiting)
    if not may_tell_of_drafts(told[Kind.DRAFTS], uids, today):
        return []
    ordered = sorted(waiting, key=lambda meeting: meeting.span.start)
    return [
        _Due(Kind.DRAFTS, words_of_drafts(_named(ordered, means.store), means.policy.zone), uids)
    ]


def _named(meetings: Iterable[Meeting], store: Store) -> Sequence[WaitingDraft]:
    names = {contact.id: contact.name for contact in store.contacts(include_archived=True)}
    return [
        WaitingDraft([names.get(one, one) for one in meeting.people], meeting.span.start)
        for meeting in meetings
    ]


def _tell(notice: _Due, today: date, means: Means, now: datetime) -> None:
    """Record that it is told, then tell; raises ConnectdError where that does not work."""
    by_mail = means.config.daemon.notices == "mail"
    with means.store.transaction():
        _keep_told(notice, today, means.store)
        if by_mail:
            to = Reader(means.config.me.name, means.config.me.emails[0])
            key = f"notice/{notice.kind}/{today.isoformat()}"
            queue_letter(key, [to], *notice.words, means, now)
    if by_mail:
        for problem in post_letters(means, now, lambda: True):
            _complain(problem, means)
    elif means.desktop:
        means.desktop.show(*notice.words)
        means.memory.mute = None


def _complain(problem: str, means: Means) -> None:
    if means.memory.mute != problem:
        log.info("a notice could not be given: %s", clean(problem))
    means.memory.mute = problem


def _told(store: Store) -> dict[Kind, Told]:
    note = json.loads(store.get_note(_TOLD) or "{}")
    return {
        kind: Told(
            tuple(map(date.fromisoformat, note.get(kind, {}).get("days", ()))),
            frozenset(note.get(kind, {}).get("of", ())),
        )
        for kind in Kind
    }


def _keep_told(notice: _Due, today: date, store: Store) -> None:
    told = _told(store)
    told[notice.kind] = Told((*told[notice.kind].days, today)[-_REMEMBERED_DAYS:], notice.of)
    note = {
        kind: {"days": [day.isoformat() for day in one.days], "of": sorted(one.of)}
        for kind, one in told.items()
    }
    store.set_note(_TOLD, json.dumps(note))
