"""One pass: read the calendars, decide, do. ``plan`` is the same without the doing."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from connectd.domain.goal import Standing
from connectd.domain.model import Encounter, Meeting, Month, State
from connectd.domain.outlook import Outlook
from connectd.domain.planned import as_planned
from connectd.domain.planner import decide, found_in, ledger
from connectd.domain.proposals import planned_months
from connectd.domain.spans import local_day
from connectd.domain.view import Decision, Name, Snapshot, Unread, Unreadable
from connectd.service.account_health import leave_account_health
from connectd.service.address_book_daily import follow_address_book
from connectd.service.clearing import clear_away
from connectd.service.deciding import decided
from connectd.service.deeds import carry_out
from connectd.service.digest import send_digest
from connectd.service.following_up import (
    clear_follow_ups,
    let_due_days_follow,
    takes_tasks,
    what_was_told,
)
from connectd.service.housekeeping import keep_house
from connectd.service.inbox import inbox_replies
from connectd.service.letterbox import post_letters
from connectd.service.means import Means
from connectd.service.notes import leave_health, leave_upcoming
from connectd.service.offering import note_acquaintances, offer_introduction
from connectd.service.outbox import post
from connectd.service.outcomes import Applied, Deed, Failure
from connectd.service.outlooks import outlooks
from connectd.service.pausing import record_refusals
from connectd.service.reading import read_calendars
from connectd.service.reconciling import reconcile
from connectd.service.records import Records, read_records
from connectd.service.sightings import look_for
from connectd.service.status import relations
from connectd.service.survey import Survey, survey
from connectd.service.weekly_copy import copy_of_the_week


@dataclass(frozen=True, slots=True)
class Plan:
    """What connectd would do, the months that it rests on, and how they look with it.

    ``refused`` and ``waits_for_keyring`` are as those of ``Report``.
    """

    snapshot: Snapshot
    decision: Decision
    months: tuple[Standing, ...]
    outlooks: Mapping[Month, Outlook]
    refused: bool
    waits_for_keyring: bool

    @property
    def proposals(self) -> tuple[Meeting, ...]:
        """The drafts that a tick would write."""
        return tuple(a.meeting for a in self.decision.actions if a.name is Name.DRAFT)


@dataclass(frozen=True, slots=True)
class Report:
    """What a tick saw and did.

    ``refused`` says that some account has no credentials that its server takes,
    ``waits_for_keyring`` that those of one cannot be had while the keyring is locked, which is
    worth a new tick soon.
    """

    now: datetime
    unread: tuple[Unread, ...]
    unreadable: tuple[Unreadable, ...]
    applied: tuple[Applied, ...]
    failures: tuple[Failure, ...]
    refused: bool
    waits_for_keyring: bool = False

    @property
    def complete(self) -> bool:
        """Whether every calendar chosen for busy time was read whole."""
        return not self.unread

    @property
    def retry_after(self) -> timedelta | None:
        """The longest time for which a calendar server asked to be left alone."""
        asked = [unread.retry_after for unread in self.unread]
        asked += [failure.retry_after for failure in self.failures]
        longest = max((seconds for seconds in asked if seconds is not None), default=None)
        return None if longest is None else timedelta(seconds=longest)


def plan(now: datetime, means: Means) -> Plan:
    """Say what a tick would do now; ``means`` must hold a rehearsal of the store."""
    found = survey(means, now, may_create=False)
    snapshot, _ = _look(means, found, now)
    snapshot, decision = decided(snapshot, means, found, now)
    facts = ledger(snapshot, found_in(snapshot), means.policy)
    months = tuple(map(facts.standing, planned_months(snapshot, means.policy)))
    planned = as_planned(facts, decision)
    people = relations(now, means.config, means.store)
    looks = outlooks(now, planned, people, means.policy.rules)
    return Plan(
        snapshot,
        decision,
        months,
        looks,
        refused=record_refusals(means, now) or found.refused,
        waits_for_keyring=found.waits_for_keyring,
    )


def tick(now: datetime, means: Means, wanted: Callable[[], bool] = lambda: True) -> Report:
    """Read, decide, do. ``wanted`` is asked before each deed and stops the tick with False.

    What an earlier tick left open is settled first. Invitations go out only on a view that
    was read again after everything else had been done.
    """
    deeds: list[Deed] = follow_address_book(means, now)
    found = survey(means, now, may_create=True)
    deeds += reconcile(means, found, now)
    snapshot, met = _look(means, found, now)
    snapshot, decision = decided(snapshot, means, found, now)
    others = [action for action in decision.actions if action.name is not Name.INVITE]
    deeds += [*met, *carry_out(others, means, found, now, wanted)]
    due = {a.meeting.uid for a in decision.actions if a.name is Name.INVITE}
    if due and wanted():
        found = survey(means, now, may_create=False)
        snapshot, _ = _look(means, found, now, afresh=True)
        decision = decide(snapshot, means.policy)
        deeds += _send(decision, due, snapshot, means, found, now, wanted)
    deeds += _held_up(decision)
    deeds += post(means, now, wanted) if snapshot.complete else []
    deeds += _clear(deeds, means, found, now)
    note_acquaintances(snapshot, means)
    deeds += offer_introduction(snapshot, means)
    deeds += send_digest(means, found, now, wanted)
    deeds += _post_letters(means, now, wanted)
    if any(isinstance(deed, Applied) for deed in deeds):
        _level(means, now)
    deeds += copy_of_the_week(means, now)
    keep_house(means, now)
    refused = record_refusals(means, now) or found.refused
    report = _report(now, snapshot, deeds, refused=refused, locked=found.waits_for_keyring)
    _leave_notes(report, snapshot, means)
    return report


def _send(
    decision: Decision,
    due: Collection[str],
    snapshot: Snapshot,
    means: Means,
    found: Survey,
    now: datetime,
    wanted: Callable[[], bool],
) -> list[Deed]:
    """Send the invitations that were ``due``, by their UIDs, if that is the decision still."""
    sending = [
        action
        for action in decision.actions
        if action.name in (Name.INVITE, Name.CONFLICT) and action.meeting.uid in due
    ]
    sent = carry_out(sending, means, found, now, wanted)
    return sent + _keep_agendas(due, snapshot, means, found, now, wanted)


def _held_up(decision: Decision) -> list[Failure]:
    """What should have been sent and must not be now, with the reasons."""
    return [
        Failure(Name.INVITE, held.meeting.contact, held.reason)
        for held in decision.held
        if held.meeting.state is State.ACCEPTED
    ]


def _post_letters(means: Means, now: datetime, wanted: Callable[[], bool]) -> list[Failure]:
    """Hand over the letters that wait, at the end: no letter waits that the digest has replaced."""
    return [Failure(Name.LETTER, "", one) for one in post_letters(means, now, wanted)]


def _keep_agendas(
    sent: Collection[str],
    snapshot: Snapshot,
    means: Means,
    found: Survey,
    now: datetime,
    wanted: Callable[[], bool],
) -> list[Deed]:
    """Write down at once what to talk about at the meetings just ``sent``, by their UIDs.

    It stands in the event no more. What does not come about now does with the next tick.
    """
    as_it_is_now = replace(snapshot, meetings=_records(means).meetings)
    actions = decide(as_it_is_now, means.policy).actions
    tasks = [a for a in actions if a.name is Name.FOLLOW_UP and a.meeting.uid in sent]
    return carry_out(tasks, means, found, now, wanted)


def _clear(deeds: Iterable[Deed], means: Means, found: Survey, now: datetime) -> list[Deed]:
    """Put the calendar right where meetings have ended; what is told already is not told twice."""
    told = {deed.meeting for deed in deeds if isinstance(deed, Applied)}
    meetings = _records(means).meetings
    cleared = clear_away(meetings, means, found, now) + clear_follow_ups(meetings, means, found)
    cleared += let_due_days_follow(meetings, means, found)
    return [deed for deed in cleared if isinstance(deed, Failure) or deed.meeting not in told]


def _look(
    means: Means, found: Survey, now: datetime, *, afresh: bool = False
) -> tuple[Snapshot, list[Applied]]:
    """Everything that is known now; meetings found in the calendar that are over count as met."""
    records = _records(means)
    ours = {meeting.uid for meeting in records.meetings if not meeting.released}
    view = read_calendars(means, found, now, ours, afresh=afresh)
    replies = inbox_replies(records.meetings, means, found, now)
    sightings = look_for(records.meetings, replies, means, found, view, now)
    records = _records(means)
    snapshot = Snapshot(
        now=now,
        installation=means.store.installation,
        contacts=records.contacts,
        meetings=records.meetings,
        encounters=records.encounters,
        events=tuple(means.shelf.events(view.everything, means.store)),
        unreadable=tuple(means.shelf.unreadable(view.everything, means.store)),
        unread=view.unread,
        sightings=sightings,
        takes_tasks=takes_tasks(found),
        early_follow_up=means.config.agenda.where == "todo",
        facts=records.facts,
        introductions=records.introductions,
        days_off=_days_off(means, now),
    )
    met = _count_found(snapshot, means)
    records = _records(means)
    return replace(snapshot, meetings=records.meetings, encounters=records.encounters), met


def _days_off(means: Means, now: datetime) -> dict[date, str]:
    """The public holidays up to the horizon, and the day after for zones ahead of UTC."""
    today = local_day(now, means.policy.zone)
    return means.holidays.between(
        today, today + timedelta(days=means.policy.rules.horizon_days + 1)
    )


def _records(means: Means) -> Records:
    memory = means.memory
    if memory.records is None or not memory.records.are_current(means.store):
        memory.records = read_records(means.store)
    return memory.records


def _count_found(snapshot: Snapshot, means: Means) -> list[Applied]:
    """Record the meetings with contacts that took place without connectd's doing."""
    met: list[Applied] = []
    counted, means.memory.counted = means.memory.counted, set()
    for found in found_in(snapshot):
        source = f"{found.uid} {found.span.start.isoformat()}"
        if found.span.end > snapshot.now:
            continue
        means.memory.counted.add((found.contact, source))
        if (found.contact, source) in counted:
            continue
        day = local_day(found.span.start, means.policy.zone)
        if means.store.add_encounter(Encounter(found.contact, day, "found"), source):
            because = f"found in your calendar on {day}: {found.title or 'no title'}"
            means.store.log(snapshot.now, Name.COMPLETE, found.contact, None, because)
            met.append(Applied(Name.COMPLETE, found.uid, found.contact, because))
    return met


def _level(means: Means, now: datetime) -> None:
    """Take in our own writes, so that the next tick finds nothing changed."""
    found = survey(means, now, may_create=False)
    ours = {meeting.uid for meeting in _records(means).meetings if not meeting.released}
    read_calendars(means, found, now, ours)
    what_was_told(means, found)


def _report(
    now: datetime, snapshot: Snapshot, deeds: Iterable[Deed], *, refused: bool, locked: bool
) -> Report:
    return Report(
        now=now,
        unread=snapshot.unread,
        unreadable=snapshot.unreadable,
        applied=tuple(deed for deed in deeds if isinstance(deed, Applied)),
        failures=tuple(deed for deed in deeds if isinstance(deed, Failure)),
        refused=refused,
        waits_for_keyring=locked,
    )


def _leave_notes(report: Report, snapshot: Snapshot, means: Means) -> None:
    """Tell ``status`` how it went; these notes change no record that the next tick rests on."""
    records = _records(means)
    ahead = [found for found in found_in(snapshot) if found.span.end > snapshot.now]
    accounts = [account.name for account in means.config.accounts]
    with means.store.transaction():
        leave_upcoming(means.store, ahead)
        leave_health(means.store, report.now if report.complete else None, _error(report))
        leave_account_health(means.store, accounts, report.unread, report.now)
    means.memory.records = records.vouched_for(means.store)


def _error(report: Report) -> str | None:
    """The most telling thing that went wrong, in a sentence."""
    if report.unread:
        return "; ".join(f"{unread.calendar}: {unread.reason}" for unread in report.unread)
    if report.failures:
        return report.failures[0].reason
    return None
