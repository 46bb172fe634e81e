"""The JSON documents that scripts rely on: times in UTC as ``2026-12-01T09:00:00Z``."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from connectd.domain.goal import Standing
from connectd.domain.model import Meeting, Step
from connectd.domain.outlook import Outlook
from connectd.service.status import Relation

if TYPE_CHECKING:
    from connectd.domain.view import Snapshot, Unread, Unreadable
    from connectd.service.tick import Plan, Report

Document = dict[str, Any]

_DIGITS = 4


def time_text(moment: datetime) -> str:
    """A UTC time as JSON has it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def plan_document(plan: "Plan", steps: Mapping[str, Step]) -> Document:
    """What `connectd plan` would do; ``steps`` gives the step of each contact by id."""
    contacts = {contact.id: contact for contact in plan.snapshot.contacts}
    names = {contact.id: contact.name for contact in plan.snapshot.contacts}
    return {
        "now": time_text(plan.snapshot.now),
        **view_document(plan.snapshot),
        "months": [month_document(month, plan.outlooks.get(month.month)) for month in plan.months],
        "proposals": [
            {
                "contact": meeting.contact,
                "other": meeting.other,
                "name": meeting.named(names),
                "category": contacts[meeting.contact].category,
                "step": steps[meeting.contact],
                "start": time_text(meeting.span.start),
                "end": time_text(meeting.span.end),
                "reasons": list(meeting.reasons),
            }
            for meeting in plan.proposals
        ],
        "passed_over": [
            {"contact": passed.contact, "reason": passed.reason}
            for passed in plan.decision.passed_over
        ],
    }


def tick_document(report: "Report") -> Document:
    """What a tick saw and did."""
    return {
        "now": time_text(report.now),
        "complete": report.complete,
        "unread": [_unread(unread) for unread in report.unread],
        "unreadable": [_unreadable(event) for event in report.unreadable],
        "applied": [
            {
                "action": deed.action,
                "meeting": deed.meeting,
                "contact": deed.contact,
                "detail": deed.detail,
            }
            for deed in report.applied
        ],
        "failures": [
            {"action": deed.action, "contact": deed.contact, "reason": deed.reason}
            for deed in report.failures
        ],
    }


def view_document(snapshot: "Snapshot") -> Document:
    """Whether all calendars could be read, and what could not be."""
    return {
        "complete": snapshot.complete,
        "unread": [_unread(unread) for unread in snapshot.unread],
        "unreadable": [_unreadable(event) for event in snapshot.unreadable],
    }


def month_document(month: Standing, outlook: Outlook | None) -> Document:
    """One month against the goal; its chance is null where none is known."""
    return {
        "month": str(month.month),
        "goal": month.goal,
        "met": month.met,
        "scheduled": len(month.scheduled),
        "open_drafts": month.open_drafts,
        "needed": month.needed,
        "chance": round(outlook.chance, _DIGITS) if outlook else None,
        "raised_by": [
            {"what": help_.what, "chance": round(help_.chance, _DIGITS)}
            for help_ in (outlook.raised_by if outlook else ())
        ],
    }


def meeting_document(meeting: Meeting) -> Document:
    """One meeting, as it is now."""
    return {
        "uid": meeting.uid,
        "contact": meeting.contact,
        "other": meeting.other,
        "state": meeting.state,
        "start": time_text(meeting.span.start),
        "end": time_text(meeting.span.end),
        "delivery": meeting.delivery,
        "delivery_detail": meeting.delivery_detail,
        "reply": meeting.reply,
        "conflict": meeting.conflict or None,
        "missing_since": time_text(meeting.missing_since) if meeting.missing_since else None,
    }


def relation_document(relation: Relation) -> Document:
    """One person on the list, with the step that follows from the record."""
    contact = relation.contact
    document: Document = {
        "id": contact.id,
        "name": contact.name,
        "emails": list(contact.emails),
        "category": contact.category,
        "step": relation.step,
        "every_days": contact.every_days,
        "timezone": contact.timezone,
        "kind": contact.kind,
        "free_busy": contact.free_busy,
        "snoozed_until": contact.snoozed_until.isoformat() if contact.snoozed_until else None,
        "step_pinned": contact.step is not None,
        "tags": list(contact.tags),
        "birthday": contact.birthday,
    }
    return document | {"archived": True} if contact.archived else document


def _unread(unread: "Unread") -> Document:
    return {"calendar": unread.calendar, "reason": unread.reason}


def _unreadable(event: "Unreadable") -> Document:
    return {
        "calendar": event.calendar,
        "href": event.href,
        "uid": event.uid,
        "title": event.title,
        "reason": event.reason,
        "blocks": event.blocks,
    }
