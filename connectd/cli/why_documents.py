"""The JSON documents of `connectd why`: times in UTC, days as local dates."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from connectd.cli.documents import Document, meeting_document, time_text, view_document
from connectd.config_keys import WEEKDAYS
from connectd.domain.model import Meeting, Span

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from connectd.domain.learned import Learned, Liking
    from connectd.domain.verdicts import Verdict
    from connectd.domain.week_view import DayView
    from connectd.service.why import AboutContact, AboutTime, AboutWeek


def contact_document(about: "AboutContact") -> Document:
    """How one contact stands; the score of somebody who is held back is null."""
    prospect = about.prospect
    day = prospect.next_possible
    return {
        "contact": prospect.contact.id,
        "due": prospect.due,
        "light": prospect.light,
        "score": None if prospect.score is None else round(prospect.score, 4),
        "reasons": list(prospect.reasons),
        "passed_over": prospect.passed_over,
        "open": meeting_document(prospect.open) if prospect.open else None,
        "proposal": _proposal(prospect.proposal) if prospect.proposal else None,
        "learned": _learned(prospect.learned) if prospect.learned else None,
        "next_possible": day.isoformat() if day else None,
    } | view_document(about.plan.snapshot)


def moment_document(about: "AboutTime") -> Document:
    """What blocks a time, and what lies there and does not."""
    judgement = about.judgement
    return {
        "at": time_text(judgement.span.start),
        "until": time_text(judgement.span.end),
        "free": judgement.free,
        "blocked_by": [_verdict(v, about.read_at(v)) for v in judgement.blocked_by],
        "beside": [_verdict(v, about.read_at(v)) for v in judgement.beside],
        "calendars": [
            {"calendar": calendar.name, "read_at": time_text(calendar.read_at)}
            for calendar in about.calendars
        ],
    } | view_document(about.plan.snapshot)


def week_document(about: "AboutWeek", zone: "ZoneInfo") -> Document:
    """What seven days hold."""
    return {
        "from": about.days[0].day.isoformat(),
        "zone": zone.key,
        "days": [_day(day) for day in about.days],
    } | view_document(about.plan.snapshot)


def _learned(learned: "Learned") -> Document:
    """The answers to earlier drafts, by weekday and by the local hour, where there are any."""
    return {
        "weekdays": {
            WEEKDAYS[day]: _liking(liking, learned.likes_weekday(day))
            for day, liking in learned.weekdays.items()
            if liking.asked
        },
        "hours": {
            f"{hour:02d}": _liking(liking, learned.likes_hour(hour))
            for hour, liking in learned.hours.items()
            if liking.asked
        },
    }


def _liking(liking: "Liking", beyond_usual: float) -> Document:
    return {"yes": liking.yes, "asked": liking.asked, "beyond_usual": round(beyond_usual, 4)}


def _proposal(meeting: Meeting) -> Document:
    return _ends(meeting.span) | {"reasons": list(meeting.reasons)}


def _verdict(verdict: "Verdict", read_at: datetime | None) -> Document:
    return {
        "kind": verdict.cause,
        "what": verdict.what,
        "calendar": verdict.calendar or None,
        "start": time_text(verdict.span.start) if verdict.span else None,
        "end": time_text(verdict.span.end) if verdict.span else None,
        "all_day": verdict.all_day,
        "read_at": time_text(read_at) if read_at else None,
    }


def _day(day: "DayView") -> Document:
    return {
        "date": day.day.isoformat(),
        "day_off": day.day_off or None,
        "free": _spans(day.free),
        "busy": _spans(day.busy),
        "unknown": _spans(day.unknown),
        "buffer": _spans(day.buffer),
        "meetings": [
            {"contact": meeting.contact, "other": meeting.other, "state": meeting.state}
            | _ends(meeting.span)
            for meeting in day.meetings
        ],
    }


def _spans(spans: Iterable[Span]) -> list[Document]:
    return [_ends(span) for span in spans]


def _ends(span: Span) -> Document:
    return {"start": time_text(span.start), "end": time_text(span.end)}
