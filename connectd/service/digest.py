"""Sends the weekly digest to the user: by mail, or as one event that is replaced each week."""

from collections.abc import Callable
from datetime import date, datetime

from connectd.config import Digest
from connectd.domain.identity import digest_uid
from connectd.domain.spans import local_day
from connectd.domain.view import Name
from connectd.domain.weekly import due_digest, latest_digest
from connectd.edges.caldav_server import CalendarObject
from connectd.edges.store import LetterRecord, Store
from connectd.edges.store.mails import DROPPED, REFUSED
from connectd.errors import ConnectdError, PreconditionError, RefusedError
from connectd.formats.calendar_writer import href_of
from connectd.formats.digest import Words
from connectd.formats.digest_event import digest_day, digest_event
from connectd.formats.plain_mail import Reader
from connectd.service.digest_record import DigestRecord, digest_record, keep_digest_record
from connectd.service.digest_words import News, digest_of
from connectd.service.handing_over import MAY_BE_TRIED_AGAIN
from connectd.service.letterbox import queue_letter
from connectd.service.means import Means
from connectd.service.outcomes import Applied, Deed, Failure
from connectd.service.survey import Chosen, Survey

_LETTER = "digest/"


def send_digest(
    means: Means, found: Survey, now: datetime, wanted: Callable[[], bool]
) -> list[Deed]:
    """Send the digest if one is due, unless ``wanted()`` says no; once a week, whatever happens.

    The week is on record before anything leaves, so that a crash, a restart or a clock that
    goes astray cannot make two. A letter is left for ``post_letters`` to hand over.
    """
    wish = means.config.digest
    if wish is None or wish.by == "none" or not wanted():
        return []
    try:
        if wish.by == "mail":
            return _queued(wish, means, now)
        return _put_into(found.drafts, wish, means, now) if found.drafts else []
    except ConnectdError as error:
        return [Failure(Name.LETTER, "", f"the weekly digest: {error}")]


def _queued(wish: Digest, means: Means, now: datetime) -> list[Deed]:
    """Leave the letter to be sent, in the place of those before it that could not be sent."""
    store, record = means.store, digest_record(means.store)
    due = due_digest(now, means.policy.zone, wish.weekday, wish.hour, record.issued)
    if due is None:
        return []
    overtaken = [letter for letter in store.waiting_letters() if _may_be_dropped(letter)]
    record = record._replace(issued=(*record.issued, due))
    for week in _never_read(record, overtaken, store):
        record = record.never_read(week)
    words, record = _told(record, due.week, means, now)
    key, me = f"{_LETTER}{due.week}", means.config.me
    with store.transaction():
        for letter in overtaken:
            store.save_letter_stage(letter.key, DROPPED, f"the digest of {due.week} came first")
        keep_digest_record(record, store)
        to = Reader(me.name, me.emails[0])
        queue_letter(key, [to], words.subject, words.text, means, now)
    return [_issued(due.week, means, now)]


def _may_be_dropped(letter: LetterRecord) -> bool:
    return letter.key.startswith(_LETTER) and letter.stage in MAY_BE_TRIED_AGAIN


def _never_read(record: DigestRecord, overtaken: list[LetterRecord], store: Store) -> set[str]:
    """The weeks whose letters told the user nothing, because they never left."""
    weeks = {letter.key.removeprefix(_LETTER) for letter in overtaken}
    for week in set(record.told.values()) - weeks:
        letter = store.letter(f"{_LETTER}{week}")
        if letter and letter.stage in (DROPPED, REFUSED):
            weeks.add(week)
    return weeks


def _put_into(drafts: Chosen, wish: Digest, means: Means, now: datetime) -> list[Deed]:
    """Write the event; one that may not have come to be is looked up before it is written again."""
    store, record = means.store, digest_record(means.store)
    time = means.policy.zone, wish.weekday, wish.hour
    due, latest = due_digest(now, *time, record.issued), latest_digest(now, *time)
    if due:
        record = record._replace(issued=(*record.issued, due), unwritten=due.week)
        keep_digest_record(record, store)
    if latest is None or record.unwritten != latest.week:
        return []
    week = latest.week
    try:
        _write(drafts, week, means, now)
    except RefusedError:
        record = digest_record(store).never_read(week)
        keep_digest_record(record._replace(unwritten=None), store)
        raise
    keep_digest_record(digest_record(store)._replace(unwritten=None), store)
    return [_issued(week, means, now)]


def _write(drafts: Chosen, week: str, means: Means, now: datetime) -> None:
    """Create the event, or replace what is there if it is the digest; a 412 is looked at once."""
    try:
        _written(drafts, week, means, now)
    except PreconditionError:
        _written(drafts, week, means, now)


def _written(drafts: Chosen, week: str, means: Means, now: datetime) -> None:
    """Write it; what it tells of is on record before, since it may arrive without an answer."""
    server, uid = means.servers[drafts.account], digest_uid(means.store.installation)
    today = local_day(now, means.policy.zone)
    href = href_of(drafts.info.url, uid)
    stored = server.get(href)
    if stored is not None and _stands(stored, uid, today):
        return
    words, record = _told(digest_record(means.store), week, means, now)
    keep_digest_record(record, means.store)
    text = digest_event(words, uid, today, now)
    if stored is None:
        server.create(href, text)
    else:
        server.replace(href, text, stored.etag or "")


def _stands(stored: CalendarObject, uid: str, today: date) -> bool:
    """Whether it is the digest of today. Raises RefusedError where it is something else."""
    day = digest_day(stored.text, uid)
    if day is None:
        raise RefusedError("Something else lies where it should be.")
    return day == f"{today:%Y%m%d}"


def _told(
    record: DigestRecord, week: str, means: Means, now: datetime
) -> tuple[Words, DigestRecord]:
    """The digest of ``week``, and the record once it tells what it does."""
    encounters, today = means.store.encounters(), local_day(now, means.policy.zone)
    news = record.news(encounters, today, week)
    since_last = record.came_before(week)
    words = digest_of(now, means.config, means.store, News(news, since_last))
    return words, record.telling(news, encounters, today, week)


def _issued(week: str, means: Means, now: datetime) -> Applied:
    because = f"the digest of week {week}, for you alone"
    means.store.log(now, Name.LETTER, None, None, because)
    return Applied(Name.LETTER, "", "", because)
