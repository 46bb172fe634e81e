"""Prints results for people to read: plain, short, and safe whatever the text came from."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from connectd.domain.goal import Standing
from connectd.domain.model import Meeting, Month
from connectd.domain.outlook import Outlook
from connectd.formats.percents import percent
from connectd.formats.plain_text import clean
from connectd.service.status import Relation

if TYPE_CHECKING:
    from connectd.domain.view import Unread, Unreadable
    from connectd.service.tick import Plan, Report

_LONG = 500


def show_plan(plan: "Plan", zone: ZoneInfo) -> None:
    """Say whom a tick would draft, when and why, and whom it passes over."""
    _months(plan.months, plan.outlooks)
    names = {contact.id: contact.name for contact in plan.snapshot.contacts}
    show_view(plan.snapshot.unread, plan.snapshot.unreadable)
    if not plan.proposals:
        _line("Nothing to propose now.")
    for meeting in plan.proposals:
        _line(f"{when(meeting, zone)}  {meeting.named(names)}, {meeting.kind}")
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
        _line(f"{' '.join(filter(None, (deed.action, deed.contact)))}: {deed.detail}")
    for failure in report.failures:
        _warn(f"{failure.action} {failure.contact} did not work: {failure.reason}")
    if not report.applied and not report.failures and report.complete:
        _line("Nothing to do.")


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
            more += f"; chance {percent(outlook.chance)}"
        _line(f"{month.month}  {done}  {month.met} of {month.goal} met{more}")
        if outlook and outlook.raised_by:
            best = outlook.raised_by[0]
            _line(f"    {best.what}: {percent(best.chance)}")


def show_view(unread: Iterable["Unread"], unreadable: Iterable["Unreadable"]) -> None:
    """Name on standard error what could not be read."""
    for calendar in unread:
        _warn(f"Not read: {calendar.calendar}: {calendar.reason}")
    for event in unreadable:
        _unreadable(event.title or event.uid, event.calendar, event.reason, event.blocks)


def _unreadable(title: str, calendar: str, reason: str, blocks: str) -> None:
    _warn(f"Could not read “{title}” in {calendar}: {reason}. Blocked: {blocks}")


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
