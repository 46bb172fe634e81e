"""Why a time is free for a meeting or not: each event and each rule that has a say in it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from connectd.domain.caps import Caps, week_of
from connectd.domain.found import found_meetings
from connectd.domain.model import Meeting, Policy, Span, State
from connectd.domain.slots import buffer, open_window
from connectd.domain.spans import local_day, local_midnight, subtract, working_spans
from connectd.domain.view import Decision, Event, Name, Snapshot, Unreadable

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


class Cause(StrEnum):
    """What kind of thing has a say in whether a time is free; the last two do not block it."""

    BUSY = "busy"
    UNKNOWN = "unknown"
    MEETING = "meeting"
    BUFFER = "buffer"
    HOURS = "hours"
    DAY_OFF = "day_off"
    PAST = "past"
    NOTICE = "notice"
    HORIZON = "horizon"
    CAP = "cap"
    UNREAD = "unread"
    SHOWN_AS_FREE = "shown_as_free"
    NOT_ATTENDED = "not_attended"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing that blocks a time, or lies there and does not.

    ``what`` is the title of an event, or the rule in words. ``span`` is the time it is about,
    None where that is all time. ``calendar`` and ``href`` say where an event lies.
    """

    cause: Cause
    what: str
    span: Span | None = None
    calendar: str = ""
    href: str = ""
    all_day: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """What blocks a meeting that would take ``span``, and which events there do not."""

    span: Span
    blocked_by: tuple[Verdict, ...]
    beside: tuple[Verdict, ...]

    @property
    def free(self) -> bool:
        """Whether the meeting would be possible."""
        return not self.blocked_by


def judge(moment: datetime, snapshot: Snapshot, decision: Decision, policy: Policy) -> Judgement:
    """Judge a meeting of the usual length from ``moment`` (UTC) on, whoever it is with.

    ``decision`` is what was decided on ``snapshot``: what its steps end is not in the way.
    """
    settled = settle(snapshot, decision)
    span = Span(moment, moment + timedelta(minutes=policy.rules.minutes))
    blocked_by = (
        *_unread(snapshot),
        *_outside_window(span, snapshot.now, policy),
        *_days_off(span, snapshot, policy),
        *_off_hours(span, policy),
        *_taken(span, settled, policy),
        *_caps(span, settled, policy),
    )
    return Judgement(span, blocked_by, tuple(_beside(span, snapshot)))


def settle(snapshot: Snapshot, decision: Decision) -> Snapshot:
    """The snapshot with the meetings as they are after the steps that were decided."""
    after = {a.meeting.uid: a.meeting for a in decision.actions if a.name is not Name.DRAFT}
    return replace(snapshot, meetings=tuple(after.get(m.uid, m) for m in snapshot.meetings))


def _unread(snapshot: Snapshot) -> Iterator[Verdict]:
    for unread in snapshot.unread:
        yield Verdict(Cause.UNREAD, unread.reason, calendar=unread.calendar)


def _outside_window(span: Span, now: datetime, policy: Policy) -> Iterator[Verdict]:
    window = open_window(now, policy.rules)
    if span.start < now:
        yield Verdict(Cause.PAST, "that time has begun already", Span(span.start, now))
    elif span.start < window.start:
        what = f"less than {policy.rules.notice_hours} hours ahead (notice_hours)"
        yield Verdict(Cause.NOTICE, what, Span(now, window.start))
    if span.end > window.end:
        what = f"it would end more than {policy.rules.horizon_days} days ahead (horizon_days)"
        yield Verdict(Cause.HORIZON, what, Span(window.end, span.end))


def _days_off(span: Span, snapshot: Snapshot, policy: Policy) -> Iterator[Verdict]:
    for day, name in snapshot.days_off.items():
        whole = _whole(day, _DAY, policy)
        if whole.overlaps(span):
            yield Verdict(Cause.DAY_OFF, name, whole, all_day=True)


def _off_hours(span: Span, policy: Policy) -> Iterator[Verdict]:
    around = Span(span.start - _WEEK, span.end + _WEEK)
    for gap in subtract((around,), working_spans(around, policy.hours, policy.zone)):
        if gap.overlaps(span):
            day = local_day(max(gap.start, span.start), policy.zone)
            yield Verdict(Cause.HOURS, _hours_on(day, policy), gap)


def _hours_on(day: date, policy: Policy) -> str:
    hours = policy.hours.get(day.weekday(), ())
    if not hours:
        return f"{day:%A} is a day off"
    written = ", ".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in hours)
    return f"outside your hours on {day:%A} ({written.replace('-00:00', '-24:00')})"


def _taken(span: Span, snapshot: Snapshot, policy: Policy) -> Iterator[Verdict]:
    """Everything busy, unknown or intended at the time, or so near that the buffer is."""
    margin = buffer(policy.rules)
    for about in sorted(_takers(snapshot), key=lambda verdict: (verdict.span, verdict.what)):
        if about.span is None or about.span.start == about.span.end:
            continue
        start, end = about.span
        if about.span.overlaps(span):
            yield about
        elif Span(start - margin, end + margin).overlaps(span):
            beside = Span(start - margin, start) if span.end <= start else Span(end, end + margin)
            what = f"{policy.rules.buffer_minutes} minutes are kept free around {_quoted(about)}"
            yield replace(about, cause=Cause.BUFFER, what=what, span=beside, all_day=False)


def _quoted(about: Verdict) -> str:
    return about.what if about.cause is Cause.MEETING else f"“{about.what}”"


def _takers(snapshot: Snapshot) -> Iterator[Verdict]:
    """One verdict for each busy event, each span of unknown time, each meeting of ours."""
    names = {contact.id: contact.name for contact in snapshot.contacts}
    objects = {(event.uid, event.span): event for event in snapshot.events}
    standing = {(m.uid, m.span): m for m in snapshot.meetings if m.is_open}
    for key, meeting in standing.items():
        what = _of_ours(meeting, meeting.named(names))
        stored = objects.get(key)
        yield Verdict(
            Cause.MEETING,
            what,
            meeting.span,
            stored.calendar if stored else "",
            stored.href if stored else "",
        )
    for event in snapshot.events:
        if event.busy and (event.uid, event.span) not in standing:
            yield _about(event, Cause.BUSY)
    for odd in snapshot.unreadable:
        yield from _unknown(odd)


def _of_ours(meeting: Meeting, name: str) -> str:
    what = "the draft for" if meeting.state is State.DRAFTED else "the meeting with"
    return f"{what} {name}"


def _about(event: Event, cause: Cause) -> Verdict:
    title = event.title or "an event without a title"
    return Verdict(cause, title, event.span, event.calendar, event.href, event.all_day)


def _unknown(odd: Unreadable) -> Iterable[Verdict]:
    what = odd.title or odd.uid or "an event without a title"
    return (Verdict(Cause.UNKNOWN, what, span, odd.calendar, odd.href) for span in odd.spans)


def _caps(span: Span, snapshot: Snapshot, policy: Policy) -> Iterator[Verdict]:
    found = found_meetings(snapshot.events, snapshot.contacts, snapshot.meetings)
    caps = Caps.of(snapshot, found, policy)
    day = local_day(span.start, policy.zone)
    week = week_of(day)
    if not caps.left_on(day):
        what = f"that day has {_meetings(caps.on_day[day])}, and per_day is {policy.rules.per_day}"
        yield Verdict(Cause.CAP, what, _whole(day, _DAY, policy))
    if not caps.left_in(week):
        monday = day - timedelta(days=day.weekday())
        had = _meetings(caps.in_week[week])
        what = f"that week has {had}, and per_week is {policy.rules.per_week}"
        yield Verdict(Cause.CAP, what, _whole(monday, _WEEK, policy))


def _meetings(number: int) -> str:
    return "one meeting" if number == 1 else f"{number} meetings"


def _beside(span: Span, snapshot: Snapshot) -> Iterator[Verdict]:
    """The events at the time that do not block it."""
    for event in sorted(snapshot.events, key=lambda event: (event.span, event.title)):
        if not event.busy and event.span.overlaps(span):
            yield _about(event, Cause.SHOWN_AS_FREE if event.mine else Cause.NOT_ATTENDED)


def _whole(day: date, length: timedelta, policy: Policy) -> Span:
    """So many local days from ``day`` on."""
    return Span(local_midnight(day, policy.zone), local_midnight(day + length, policy.zone))
