"""The JSON document of `connectd status`: times in UTC as ``2026-12-01T09:00:00Z``."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from connectd.cli.documents import Document, meeting_document, month_document, time_text
from connectd.service.status import Relation, Status

if TYPE_CHECKING:
    from connectd.domain.summary import Summary


def status_document(status: Status) -> Document:
    """How things stand."""
    return {
        "now": time_text(status.now),
        "goal": {
            "people_per_month": status.goal.people_per_month,
            "months": status.goal.months,
            "starts": str(status.goal.starts),
        },
        "months": [
            month_document(month, status.outlooks.get(month.month)) | {"people": list(month.people)}
            for month in status.months
        ],
        "summary": _summary(status.summary) if status.summary else None,
        "categories": [
            {"name": name, "people": list(people)} for name, people in status.categories.items()
        ],
        "contacts": [_contact(relation) for relation in status.relations],
        "steps": {step.value: number for step, number in status.steps.items()},
        "moved": [
            {"contact": moved.contact, "from": moved.before, "to": moved.after}
            for moved in status.moved
        ],
        "waiting": [
            {
                "kind": one.kind,
                "contact": one.contact,
                "other": one.other,
                "text": one.text,
                "on": _day(one.on),
            }
            for one in status.waiting
        ],
        "promises": [
            {
                "contact": promise.contact,
                "text": promise.text,
                "on": promise.on.isoformat(),
                "due": _day(promise.due),
            }
            for promise in status.promises
        ],
        "introductions": [
            {"first": one.first, "second": one.second, "state": one.state}
            for one in status.introductions
        ],
        "meetings": [meeting_document(meeting) for meeting in status.meetings],
        "unreadable": list(status.unreadable),
        "feeds": [
            {
                "name": feed.name,
                "read_at": _time(feed.read_at),
                "error": feed.error,
            }
            for feed in status.feeds
        ],
        "address_book": {"last_error": status.people_error},
        "daemon": {
            "last_success": _time(status.last_success),
            "last_error": status.last_error,
            "accounts": [
                {
                    "name": account.name,
                    "last_success": _time(account.last_success),
                    "last_error": account.last_error,
                    "failing_since": _time(account.failing_since),
                    "paused_since": _time(account.paused_since),
                }
                for account in status.accounts
            ],
        },
    }


def _contact(relation: Relation) -> Document:
    return {
        "id": relation.contact.id,
        "name": relation.contact.name,
        "category": relation.contact.category,
        "step": relation.step,
        "last_met": _day(relation.last_met),
        "overdue_days": relation.overdue_days,
        "light": relation.light,
        "open": relation.open,
        "resting_until": _time(relation.rest.until) if relation.rest else None,
    }


def _summary(summary: "Summary") -> Document:
    return {
        "months_reached": summary.months_reached,
        "months": summary.months,
        "people": summary.people,
        "meetings": summary.meetings,
    }


def _time(moment: datetime | None) -> str | None:
    return time_text(moment) if moment else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
