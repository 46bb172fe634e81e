"""Prints results for people to read: plain, short, and safe whatever the text came from."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from connectd.domain.goal import Standing
from connectd.domain.model import SENT, Delivery, Meeting, Month, Reply, State
from connectd.domain.outlook import Outlook
from connectd.formats.plain_text import clean
from connectd.service.status import Relation, Status

if TYPE_CHECKING:
    from connectd.domain.view import Unread, Unreadable
    from connectd.service.tick import Plan, Report

_LONG = 500
_STATES = {
    State.DRAFTED: "draft, waits for your yes",
    State.ACCEPTED: "you said yes, not sent yet",
    State.INVITED: "invited, no answer yet",
    State.CONFIRMED: "confirmed",
    State.CANCELLED: "called off",
}
_MAY_NOT_KNOW = frozenset({Delivery.MANUAL, Delivery.UNKNOWN})
_UNANSWERED = frozenset({State.DRAFTED, State.ACCEPTED})


def show_plan(plan: "Plan", zone: ZoneInfo) -> None:
    """Say whom a tick would draft, when and why, and whom it passes over."""
    _months(plan.months, plan.outlooks)
    names = {contact.id: contact.name for contact in plan.snapshot.contacts}
    show_view(plan.snapshot.unread, plan.snapshot.unreadable)
    if not plan.proposals:
        _line("Nothing to propose now.")
    for meeting in plan.proposals:
        _line(f"{when(meeting, zone)}  {names[meeting.contact]}, {meeting.kind}")
        for reason in meeting.reasons:
            _line(f"    {reason}")
    if plan.decision.passed_over:
        _line("Passed over:")
    for passed in plan.decision.passed_over:
        _line(f"    {names[passed.contact]}: {passed.reason}")


def show_report(report: "Report") -> None:
    """Say what a tick did."""
    show_view(report.unread, report.unreadable)
    for deed in report.applied:
        _line(f"{deed.action} {deed.contact}: {deed.detail}")
    for failure in report.failures:
        _warn(f"{failure.action} {failure.contact} did not work: {failure.reason}")
    if not report.applied and not report.failures and report.complete:
        _line("Nothing to do.")


def show_status(status: Status, zone: ZoneInfo) -> None:
    """Show the goal, what stands open, who is overdue, and how the daemon is."""
    goal = status.goal
    _line(f"Goal: {goal.people_per_month} different people a month, {goal.months} months")
    if Month.of(status.now.astimezone(zone).date()) < goal.starts:
        _line(f"It starts in {goal.starts}.")
    _months(status.months, status.outlooks)
    _summary(status)
    _standing_meetings(status, zone)
    _people(status, zone)
    for event in status.unreadable:
        title = event["title"] or event["uid"]
        _unreadable(title, event["calendar"], event["reason"], event["blocks"])
    for feed in status.feeds:
        if feed.error:
            age = f"last read {_ago(feed.read_at, status.now)}" if feed.read_at else "not read yet"
            _line(f"Feed {feed.name}: {age}: {feed.error}")
    if status.people_error:
        _warn(f"Address book: {status.people_error}")
    _health(status, zone)


def _standing_meetings(status: Status, zone: ZoneInfo) -> None:
    names = {relation.contact.id: relation.contact.name for relation in status.relations}
    for meeting in status.meetings:
        if meeting.is_open or _still_to_be_told(meeting, status.now):
            _line(f"{when(meeting, zone)}  {names.get(meeting.contact, meeting.contact)}")
            _line(f"    {_standing(meeting, status.now)}")


def _people(status: Status, zone: ZoneInfo) -> None:
    """Who is overdue, who rests, who was not met yet."""
    overdue = [relation for relation in status.relations if relation.overdue_days]
    for relation in sorted(overdue, key=lambda r: -(r.overdue_days or 0)):
        _line(f"Overdue: {relation.contact.name}, by {relation.overdue_days} days")
    for relation in status.relations:
        if resting := relation.rest:
            until = resting.until.astimezone(zone).date()
            _line(f"Resting until {until}: {relation.contact.name}, {resting.why}")
    never = [relation.contact.name for relation in status.relations if relation.last_met is None]
    if never:
        _line(f"Not met yet: {', '.join(never)}")


def show_contacts(relations: Sequence[Relation]) -> None:
    """List people, one a line."""
    if not relations:
        _line("Nobody is on the list yet. Add somebody: connectd contacts add --help")
    width = max((len(relation.contact.id) for relation in relations), default=0)
    for relation in relations:
        contact = relation.contact
        met = f"last met {relation.last_met}" if relation.last_met else "not met yet"
        archived = ", archived" if contact.archived else ""
        snoozed = f", until {contact.snoozed_until} left alone" if contact.snoozed_until else ""
        _line(
            f"{contact.id:<{width}}  {contact.name} <{', '.join(contact.emails)}>  "
            f"{contact.category}, {met}{snoozed}{archived}"
        )


def say(text: str) -> None:
    """Say one line that is the result."""
    _line(text)


def _months(months: Iterable[Standing], outlooks: Mapping[Month, Outlook]) -> None:
    for month in months:
        if not month.goal:
            continue
        done = "●" * min(month.met, month.goal) + "○" * max(0, month.goal - month.met)
        more = ""
        if month.scheduled:
            more += f", {len(month.scheduled)} scheduled"
        if month.open_drafts:
            more += f", {month.open_drafts} waiting for your yes"
        outlook = None if month.met >= month.goal else outlooks.get(month.month)
        if outlook:
            more += f"; chance {_percent(outlook.chance)}"
        _line(f"{month.month}  {done}  {month.met} of {month.goal} met{more}")
        if outlook and outlook.raised_by:
            best = outlook.raised_by[0]
            _line(f"    {best.what}: {_percent(best.chance)}")


def _percent(chance: float) -> str:
    """Whole percents; what is possible is not 0, and what is not certain is not 100."""
    if 0 < chance < 1:
        return f"{min(99, max(1, round(chance * 100)))} %"
    return f"{chance * 100:.0f} %"


def _summary(status: Status) -> None:
    summary = status.summary
    if summary is None:
        return
    _line(
        f"The goal is over: {summary.months_reached} of {summary.months} months reached, "
        f"different people met: {summary.people}, meetings: {summary.meetings}."
    )
    this_month = status.months[-1].month
    _line(f'For the next one, set starts = "{this_month}" and months in [goal]:')
    _line(f"    {status.configuration}")


def show_view(unread: Iterable["Unread"], unreadable: Iterable["Unreadable"]) -> None:
    """Name on standard error what could not be read."""
    for calendar in unread:
        _warn(f"Not read: {calendar.calendar}: {calendar.reason}")
    for event in unreadable:
        _unreadable(event.title or event.uid, event.calendar, event.reason, event.blocks)


def _unreadable(title: str, calendar: str, reason: str, blocks: str) -> None:
    _warn(f"Could not read “{title}” in {calendar}: {reason}. Blocked: {blocks}")


def _still_to_be_told(meeting: Meeting, now: datetime) -> bool:
    """Whether it is off, and the contact may come all the same."""
    off = meeting.state is State.CANCELLED and meeting.delivery in _MAY_NOT_KNOW
    return off and now < meeting.span.start


def _standing(meeting: Meeting, now: datetime) -> str:
    text = _STATES[meeting.state]
    if meeting.state is State.INVITED and meeting.reply is Reply.TENTATIVE:
        text = "invited, they answered: perhaps"
    if meeting.conflict:
        text += f"; conflict: {meeting.conflict}"
    if meeting.is_contested and meeting.state in _UNANSWERED:
        text += ", so it needs a yes that knows of it"
    if meeting.delivery is Delivery.UNKNOWN:
        text += f"; {meeting.delivery_detail} (connectd resend {meeting.contact} sends it again)"
    elif meeting.delivery is Delivery.MANUAL:
        text += "; connectd has sent nothing, so please tell them yourself"
    elif meeting.delivery:
        text += f" ({': '.join(filter(None, (meeting.delivery, meeting.delivery_detail)))})"
    if meeting.span.end <= now and meeting.state in SENT:
        text += f"; did it take place? connectd done {meeting.contact}, or missed"
    elif meeting.missing_since:
        meant = "calls it off" if meeting.state in SENT else "counts as a no"
        text += f"; gone from your calendar, which {meant} unless it comes back within ten minutes"
    return text


def _health(status: Status, zone: ZoneInfo) -> None:
    if status.last_success:
        _line(f"Calendars last read {status.last_success.astimezone(zone):%Y-%m-%d %H:%M}")
    else:
        _line("Calendars have not been read yet: connectd tick, or connectd run")
    if status.last_error:
        _warn(f"Last problem: {status.last_error}")


def _ago(then: datetime, now: datetime) -> str:
    minutes = max(0, int((now - then).total_seconds()) // 60)
    hours, days = minutes // 60, minutes // (24 * 60)
    number, unit = (days, "day") if days > 1 else (hours, "hour") if hours else (minutes, "minute")
    return f"{number} {unit}{'' if number == 1 else 's'} ago"


def when(meeting: Meeting, zone: ZoneInfo) -> str:
    """The local day and hours of a meeting."""
    start, end = meeting.span.start.astimezone(zone), meeting.span.end.astimezone(zone)
    return f"{start:%a %Y-%m-%d %H:%M} to {end:%H:%M}"


def _line(text: str) -> None:
    indent = "    " * text.startswith("    ")
    # columns are made of blanks, which stay
    click.echo(indent + " ".join(clean(text, _LONG, keep_lines=True).splitlines()))


def _warn(text: str) -> None:
    click.echo(clean(text, _LONG), err=True)
