"""Prints what `connectd why` explains: about a person, a time, a week."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from connectd.cli.colours import coloured, wants_colours
from connectd.cli.terminal import say, show_view, when
from connectd.config_keys import WEEKDAYS
from connectd.domain.model import Hours, Span, State
from connectd.domain.spans import local_day
from connectd.domain.verdicts import Cause, Verdict
from connectd.formats.plain_text import clean
from connectd.formats.week import Mark, Week, draw

if TYPE_CHECKING:
    from connectd.domain.learned import Learned
    from connectd.domain.prospects import Prospect
    from connectd.domain.week_view import DayView
    from connectd.service.why import AboutContact, AboutTime, AboutWeek

_OFFICE_DAY = (8, 18)
_LAST_HOUR = 24
_NOTABLE, _SOME_ANSWERS = 0.05, 3
_OF_EVENTS = {
    Cause.BUSY: "busy",
    Cause.UNKNOWN: "could not be read for certain, so it counts as busy",
    Cause.SHOWN_AS_FREE: "shown as free, so it does not block",
    Cause.NOT_ATTENDED: "cancelled, declined or not yours, so it does not block",
}
_STANDING = {
    State.DRAFTED: "draft",
    State.ACCEPTED: "accepted by you",
    State.INVITED: "invited",
    State.CONFIRMED: "confirmed",
    State.MET: "met",
}


def show_contact(about: "AboutContact", zone: ZoneInfo) -> None:
    """Say how one contact stands, and when they could be drafted."""
    show_view(about.plan.snapshot.unread, about.plan.snapshot.unreadable)
    prospect = about.prospect
    contact = prospect.contact
    due = "due" if prospect.due else "not due"
    score = "" if prospect.score is None else f", score {prospect.score:.2f}"
    say(f"{contact.name} ({contact.id}), {contact.category}: {due}, {prospect.light}{score}")
    for reason in prospect.reasons:
        say(f"    {reason}")
    for line in _outlook(prospect, local_day(about.plan.snapshot.now, zone), zone):
        say(line)
    if prospect.learned:
        for line in _learned(prospect.learned):
            say(line)


def show_time(about: "AboutTime", zone: ZoneInfo) -> None:
    """Say whether a meeting is possible then, and what makes it so."""
    show_view(about.plan.snapshot.unread, about.plan.snapshot.unreadable)
    judgement = about.judgement
    minutes = int(judgement.span.length.total_seconds()) // 60
    possible = "possible" if judgement.free else "not possible"
    say(f"{_at(judgement.span, zone)}: a meeting of {minutes} minutes is {possible}")
    for verdict in judgement.blocked_by:
        say(f"    {_because(verdict, about.read_at(verdict), judgement.span, zone)}")
    if judgement.free:
        say("    nothing in your calendars and none of your rules is in the way")
    for verdict in judgement.beside:
        say(f"    {_because(verdict, about.read_at(verdict), judgement.span, zone)}")
    for calendar in about.calendars:
        say(f"Read: {calendar.name}, as it has been since {_minute(calendar.read_at, zone)}")


def show_week(
    about: "AboutWeek", hours: Hours, zone: ZoneInfo, environment: Mapping[str, str]
) -> None:
    """Draw a week, and name our own meetings in it."""
    show_view(about.plan.snapshot.unread, about.plan.snapshot.unreadable)
    names = {contact.id: contact.name for contact in about.plan.snapshot.contacts}
    first, last = _drawn_hours(about.days, hours, zone)
    in_colour = wants_colours(environment)
    for row in draw(_picture(about.days, names, zone), first, last):
        click.echo(coloured(row) if in_colour else row)
    for day in about.days:
        for meeting in day.meetings:
            say(f"{when(meeting, zone)}  {meeting.named(names)}, {_STANDING[meeting.state]}")
    first_read, last_read = (local_day(moment, zone) for moment in about.read)
    if about.days[0].day < first_read or about.days[-1].day > last_read:
        say(f"Calendars are read from {first_read} to {last_read} only (horizon_days)")


def _outlook(prospect: "Prospect", today: date, zone: ZoneInfo) -> Iterator[str]:
    if prospect.open:
        state = _STANDING[prospect.open.state]
        yield f"Open: {when(prospect.open, zone)}, {state}"
    if prospect.proposal:
        yield f"Would be drafted now: {when(prospect.proposal, zone)}"
        for reason in prospect.proposal.reasons:
            yield f"    {reason}"
        return
    if prospect.passed_over:
        yield f"Passed over: {prospect.passed_over}"
    day = prospect.next_possible
    if day and day > today:
        yield f"Could be drafted for {day} or later"
    if prospect.open:
        yield "When they can be drafted again depends on what comes of that meeting"


def _learned(learned: "Learned") -> Iterator[str]:
    """The weekdays and hours that earlier answers speak for or against, a line for each."""
    weekdays = [
        (f"on {WEEKDAYS[day].title()}s", liking, learned.likes_weekday(day))
        for day, liking in learned.weekdays.items()
    ]
    hours = [
        (f"around {hour}:00", liking, learned.likes_hour(hour))
        for hour, liking in learned.hours.items()
    ]
    for what, liking, likes in (*weekdays, *hours):
        if liking.asked >= _SOME_ANSWERS and abs(likes) >= _NOTABLE:
            more = "more" if likes > 0 else "less"
            answers = f"{liking.yes:g} of {liking.asked:g}"
            yield f"Learned: you say yes {more} often than usual {what} ({answers})"


def _because(verdict: Verdict, read_at: datetime | None, about: Span, zone: ZoneInfo) -> str:
    """One line on what blocks a time, or does not."""
    what, calendar = clean(verdict.what), clean(verdict.calendar)
    if verdict.cause is Cause.UNREAD:
        return f"{calendar} could not be read, so nothing is proposed: {what}"
    parts = [what]
    if verdict.cause is Cause.DAY_OFF:
        parts = [f"{what} is a public holiday"]
    elif says := _OF_EVENTS.get(verdict.cause):
        parts = [f"“{what}”: {says}"]
    if verdict.span:
        parts.append("all day" if verdict.all_day else _hours_of(verdict.span, about, zone))
    if calendar:
        parts.append(f"in {calendar}")
    if read_at:
        parts.append(f"read {_minute(read_at, zone)}")
    return ", ".join(parts)


def _hours_of(span: Span, about: Span, zone: ZoneInfo) -> str:
    """From when to when, with the days where they are not that of ``about``."""
    start, end, asked = (moment.astimezone(zone) for moment in (*span, about.start))
    first = "" if start.date() == asked.date() else f"{start:%a %Y-%m-%d} "
    last = "" if end.date() == asked.date() else f"{end:%a %Y-%m-%d} "
    return f"{first}{start:%H:%M} to {last}{end:%H:%M}"


def _minute(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def _at(span: Span, zone: ZoneInfo) -> str:
    start, end = span.start.astimezone(zone), span.end.astimezone(zone)
    return f"{start:%a %Y-%m-%d %H:%M} to {end:%H:%M}"


def _picture(days: "tuple[DayView, ...]", names: Mapping[str, str], zone: ZoneInfo) -> Week:
    meetings = dict.fromkeys(meeting for day in days for meeting in day.meetings)
    return Week(
        first=days[0].day,
        zone=zone,
        days=len(days),
        hours=tuple(span for day in days for span in day.hours),
        busy=tuple(span for day in days for span in day.busy),
        unknown=tuple(span for day in days for span in day.unknown),
        buffers=tuple(span for day in days for span in day.buffer),
        marks=tuple(
            Mark(
                meeting.span,
                clean(names.get(meeting.contact, meeting.contact))[:1],
                meeting.state is State.DRAFTED,
            )
            for meeting in meetings
        ),
        notes={day.day: clean(day.day_off) for day in days if day.day_off},
    )


def _drawn_hours(days: "tuple[DayView, ...]", hours: Hours, zone: ZoneInfo) -> tuple[int, int]:
    """The hours of an office day, and more where working hours or our meetings need them."""
    first, last = _OFFICE_DAY
    for opens, closes in (span for day in hours.values() for span in day):
        first, last = min(first, opens.hour), max(last, _ceiling(closes))
    for meeting in (meeting for day in days for meeting in day.meetings):
        start, end = (moment.astimezone(zone) for moment in meeting.span)
        same_day = start.date() == end.date()
        first = min(first, start.hour if same_day else 0)
        last = max(last, _ceiling(end.time()) if same_day else _LAST_HOUR)
    return first, last


def _ceiling(closes: time) -> int:
    """The full hour at or after it; ``time.min`` is the midnight that ends a day."""
    if closes == time.min:
        return _LAST_HOUR
    return closes.hour + (closes.minute > 0 or closes.second > 0)
