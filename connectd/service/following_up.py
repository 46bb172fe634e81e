"""The task that keeps the agenda of a meeting, and asks the user afterwards how it was."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from connectd.domain.identity import follow_up_uid
from connectd.domain.model import Contact, Meeting
from connectd.domain.spans import local_day
from connectd.domain.view import Action, Name, Told
from connectd.edges.caldav_server import CalendarObject
from connectd.edges.store import FollowUp
from connectd.errors import (
    ConnectdError,
    CredentialsError,
    PreconditionError,
    RefusedError,
    ServerError,
)
from connectd.formats.calendar_writer import href_of
from connectd.formats.follow_up import due_day, follow_up, read_follow_up, with_due
from connectd.service.agendas import meeting_agenda
from connectd.service.means import Means
from connectd.service.of_three import people_of
from connectd.service.outcomes import Deed, Failure
from connectd.service.recording import record
from connectd.service.survey import Chosen, Survey

_DAY = timedelta(days=1)


def takes_tasks(found: Survey) -> bool:
    """Whether the drafts calendar takes tasks; one that does not say takes everything.

    RFC 4791 section 5.2.3.
    """
    drafts = found.drafts
    return drafts is not None and (not drafts.info.components or "VTODO" in drafts.info.components)


def place_follow_up(action: Action, means: Means, found: Survey, now: datetime) -> str | None:
    """Write the task; one that an earlier try has written already is taken as it is, ticked or not.

    A calendar that refuses it gets none. Raises ConnectdError when nobody knows, or it could
    not be written now.
    """
    meeting, drafts = action.meeting, found.drafts
    if drafts is None:
        raise ServerError("There is no calendar for drafts at the moment.")
    people = people_of(meeting, means.store)
    uid = follow_up_uid(means.store.installation, meeting.uid)
    href = href_of(drafts.info.url, uid)
    text = _text(meeting, people, uid, means, now)
    try:
        stored = _created(drafts, href, text, means)
    except RefusedError:
        return record(action, means, now)
    standing = FollowUp(
        meeting=meeting.uid,
        account=drafts.account,
        calendar=drafts.info.url,
        href=href,
        etag=stored.etag,
        told=read_follow_up(stored.text, uid),
        due=due_day(stored.text, uid),
    )
    with means.store.transaction():
        because = record(action, means, now)
        if because is not None:
            means.store.save_follow_up(standing)
    return because


def what_was_told(means: Means, found: Survey) -> dict[str, Told]:
    """What the tasks say, by the UID of the meeting; only a changed calendar is asked.

    A task that cannot be looked at now, or was deleted, says what it said before.
    """
    versions = {chosen.info.url: chosen.info.version for chosen in found.chosen}
    told: dict[str, Told] = {}
    for standing in means.store.standing_follow_ups():
        means.progress()
        version = versions.get(standing.calendar)
        if standing.calendar in versions and (version is None or version != standing.seen_version):
            standing = _looked_at(standing, version, means)  # noqa: PLW2901 - the same, as of now
        told[standing.meeting] = Told(standing.told)
    return told


def clear_follow_ups(meetings: Iterable[Meeting], means: Means, found: Survey) -> list[Deed]:
    """Take away the tasks that the user need not tick off any more; ticked ones stay."""
    standing = {task.meeting: task for task in means.store.standing_follow_ups()}
    failures: list[Deed] = []
    for meeting in meetings if standing else ():
        task = standing.get(meeting.uid)
        if task is None or meeting.is_open or task.account not in found.homes:
            continue
        means.progress()
        try:
            _clear(task, means)
        except ConnectdError as error:
            reason = f"the follow-up task could not be removed: {error}"
            failures.append(Failure(Name.FOLLOW_UP, meeting.contact, reason))
    return failures


def let_due_days_follow(meetings: Iterable[Meeting], means: Means, found: Survey) -> list[Deed]:
    """Where a meeting was moved, move the day on which its task is due, and nothing else in it.

    A day that the user chose stays.
    """
    standing = {task.meeting: task for task in means.store.standing_follow_ups()}
    failures: list[Deed] = []
    for meeting in meetings if standing else ():
        task = standing.get(meeting.uid)
        if task is None or not meeting.is_open or task.account not in found.homes:
            continue
        due = _due(meeting, means)
        stands = task.due == due and task.next_due is None
        if task.due is None or stands or Told(task.told) is not Told.OPEN:
            continue
        means.progress()
        try:
            _move_due(task, due, means)
        except ConnectdError as error:
            reason = f"the follow-up task is still due on {task.due}: {error}"
            failures.append(Failure(Name.FOLLOW_UP, meeting.contact, reason))
    return failures


def _due(meeting: Meeting, means: Means) -> date:
    """The local day after the meeting."""
    return local_day(meeting.span.end, means.policy.zone) + _DAY


def _text(
    meeting: Meeting, people: Sequence[Contact], uid: str, means: Means, now: datetime
) -> str:
    """The task: with the agenda while that is still of use, and wanted here."""
    notes = [f"At the same time there was {meeting.conflict}"] if meeting.conflict else []
    agenda: tuple[str, ...] = ()
    if now < meeting.span.end and means.config.agenda.where == "todo":
        agenda = meeting_agenda(meeting, means.config, means.store, means.catalogue).lines()
    due = _due(meeting, means)
    return follow_up(meeting, people, uid=uid, due=due, notes=notes, now=now, agenda=agenda)


def _created(drafts: Chosen, href: str, text: str, means: Means) -> CalendarObject:
    server = means.servers[drafts.account]
    try:
        return server.create(href, text)
    except PreconditionError:
        stored = server.get(href)
        if stored is None:
            raise ServerError("The follow-up task came and went; it is tried again.") from None
        return stored


def _looked_at(standing: FollowUp, version: str | None, means: Means) -> FollowUp:
    try:
        stored = means.servers[standing.account].get(standing.href)
    except (CredentialsError, ServerError):
        return standing
    seen = standing._replace(seen_version=version)
    if stored is None:
        seen = seen._replace(removed=True)
    elif stored.etag != standing.etag:
        uid = follow_up_uid(means.store.installation, standing.meeting)
        said = read_follow_up(stored.text, uid)
        kept = standing.told if said is Told.UNREADABLE else said.value
        seen = seen._replace(etag=stored.etag, told=kept)
    means.store.save_follow_up(seen)
    return seen


def _move_due(task: FollowUp, due: date, means: Means) -> None:
    """Change the day in the version that is there now; if it changes meanwhile, a tick later.

    A day that is not ours to change, or that the server will not have changed, is no longer on
    record, so that it is left alone from now on.
    """
    server = means.servers[task.account]
    stored = server.get(task.href)
    if stored is None or stored.etag is None:
        return
    there = due_day(stored.text, follow_up_uid(means.store.installation, task.meeting))
    left_alone = task._replace(due=None, next_due=None)
    if there is None or there not in (task.due, task.next_due):
        means.store.save_follow_up(left_alone)
        return
    if there != due:
        means.store.save_follow_up(task._replace(due=there, next_due=due))
        try:
            stored = server.replace(task.href, with_due(stored.text, due), stored.etag)
        except PreconditionError:
            return
        except RefusedError:
            means.store.save_follow_up(left_alone)
            raise
    means.store.save_follow_up(task._replace(due=due, next_due=None, etag=stored.etag))


def _clear(task: FollowUp, means: Means) -> None:
    """Remove it in the version last seen; one that was changed since is looked at first."""
    if Told(task.told) is Told.OPEN and task.etag is not None:
        try:
            means.servers[task.account].remove(task.href, task.etag)
        except PreconditionError:
            task = _looked_at(task, None, means)
            if Told(task.told) is Told.OPEN:
                raise
    means.store.save_follow_up(task._replace(removed=True))
