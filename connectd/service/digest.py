"""Sends the weekly digest to the user: by mail, or as one event that is replaced each week."""

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple

from connectd.config import Digest
from connectd.domain.identity import digest_uid
from connectd.domain.spans import local_day
from connectd.domain.view import Name
from connectd.domain.weekly import Issue, due_digest, week_name
from connectd.edges.store import Store
from connectd.errors import ConnectdError, PreconditionError, RefusedError
from connectd.formats.calendar_writer import href_of
from connectd.formats.digest_event import digest_day, digest_event
from connectd.formats.plain_mail import Reader
from connectd.service.digest_words import digest_of
from connectd.service.letterbox import post_letters, queue_letter
from connectd.service.means import Means
from connectd.service.outcomes import Applied, Deed, Failure
from connectd.service.survey import Chosen, Survey

_NOTE = "digests"
_REMEMBERED = 200


class _Record(NamedTuple):
    """The digests that came, the last ones; ``unwritten`` is the week of one that may be missing.

    So it is from before an event is written until the server has said that it stands.
    """

    issued: tuple[Issue, ...] = ()
    unwritten: str | None = None


def send_digest(
    means: Means, found: Survey, now: datetime, wanted: Callable[[], bool]
) -> list[Deed]:
    """Send the digest if one is due, unless ``wanted()`` says no; once a week, whatever happens.

    The week is on record before anything leaves, so that a crash, a restart or a clock that
    goes astray cannot make two.
    """
    wish = means.config.digest
    if wish is None or wish.by == "none" or not wanted():
        return []
    try:
        if wish.by == "mail":
            return _mailed(wish, means, now, wanted)
        return _put_into(found.drafts, wish, means, now) if found.drafts else []
    except ConnectdError as error:
        return [Failure(Name.LETTER, "", f"the weekly digest: {error}")]


def _mailed(wish: Digest, means: Means, now: datetime, wanted: Callable[[], bool]) -> list[Deed]:
    record = _read(means.store)
    due = _due(wish, record, means, now)
    if due is None:
        return []
    words = digest_of(now, means.config, means.store)
    me = means.config.me
    with means.store.transaction():
        _keep(_Record((*record.issued, due)), means.store)
        key, to = f"digest/{due.week}", Reader(me.name, me.emails[0])
        queue_letter(key, [to], words.subject, words.text, means, now)
    problems = post_letters(means, now, wanted)
    return [_told(due.week, means, now), *(Failure(Name.LETTER, "", one) for one in problems)]


def _put_into(drafts: Chosen, wish: Digest, means: Means, now: datetime) -> list[Deed]:
    """Write the event; one that may not have come to be is looked up before it is written again."""
    record, today = _read(means.store), local_day(now, means.policy.zone)
    due = _due(wish, record, means, now)
    week = due.week if due else week_name(today)
    if due:
        record = _Record((*record.issued, due), unwritten=week)
        _keep(record, means.store)
    elif record.unwritten != week:
        return []
    try:
        _write(drafts, today, means, now)
    except RefusedError:
        _keep(record._replace(unwritten=None), means.store)
        raise
    _keep(record._replace(unwritten=None), means.store)
    return [_told(week, means, now)]


def _write(drafts: Chosen, today: date, means: Means, now: datetime) -> None:
    """Create the event, or replace what is there if it is the digest; a 412 is looked at once."""
    try:
        _written(drafts, today, means, now)
    except PreconditionError:
        _written(drafts, today, means, now)


def _written(drafts: Chosen, today: date, means: Means, now: datetime) -> None:
    server, uid = means.servers[drafts.account], digest_uid(means.store.installation)
    href = href_of(drafts.info.url, uid)
    stored = server.get(href)
    if stored is not None:
        day = digest_day(stored.text, uid)
        if day is None:
            raise RefusedError("Something else lies where it should be.")
        if day == f"{today:%Y%m%d}":
            return
    text = digest_event(digest_of(now, means.config, means.store), uid, today, now)
    if stored is None:
        server.create(href, text)
    else:
        server.replace(href, text, stored.etag or "")


def _due(wish: Digest, record: _Record, means: Means, now: datetime) -> Issue | None:
    return due_digest(now, means.policy.zone, wish.weekday, wish.hour, record.issued)


def _told(week: str, means: Means, now: datetime) -> Applied:
    because = f"the digest of week {week}, for you alone"
    means.store.log(now, Name.LETTER, None, None, because)
    return Applied(Name.LETTER, "", "", because)


def _read(store: Store) -> _Record:
    note = json.loads(store.get_note(_NOTE) or '{"issued": [], "unwritten": null}')
    issued = tuple(Issue(week, datetime.fromisoformat(due)) for week, due in note["issued"])
    return _Record(issued, note["unwritten"])


def _keep(record: _Record, store: Store) -> None:
    issued = [[one.week, one.due.isoformat()] for one in record.issued[-_REMEMBERED:]]
    store.set_note(_NOTE, json.dumps({"issued": issued, "unwritten": record.unwritten}))
