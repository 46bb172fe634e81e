"""The JSON document of everything on record about one person."""

from typing import TYPE_CHECKING

from connectd.cli.documents import Document, meeting_document, relation_document, time_text
from connectd.cli.facts import fact_document
from connectd.domain.introductions import Introduction
from connectd.domain.timeline import other_of

if TYPE_CHECKING:
    from connectd.service.stories import Story


def story_document(story: "Story") -> Document:
    """Everything on record about one person."""
    relation, history, between = story.relation, story.history, story.outstanding
    return relation_document(relation) | {
        "note": relation.contact.note,
        "last_met": relation.last_met.isoformat() if relation.last_met else None,
        "overdue_days": relation.overdue_days,
        "light": relation.light,
        "knows": [known.id for known in story.knows],
        "outstanding": {
            "promises": [fact_document(promise) for promise in between.promises],
            "asks": [fact_document(ask) for ask in between.asks],
        },
        "met": [{"on": met.on.isoformat(), "how": met.how} for met in history.encounters],
        "facts": [fact_document(fact) for fact in history.facts],
        "meetings": [meeting_document(meeting) for meeting in history.meetings],
        "introductions": [_introduction(one, history.contact) for one in history.introductions],
        "timeline": [
            {"on": entry.on.isoformat(), "what": entry.what, "text": entry.text}
            for entry in story.timeline
        ],
        "their_busy": [
            {
                "from": known.way,
                "asked_at": time_text(known.asked_at),
                "known_since": time_text(known.known_since) if known.known_since else None,
                "refusal": known.refusal or None,
            }
            for known in story.their_busy
        ],
    }


def _introduction(introduction: Introduction, contact: str) -> Document:
    begun, introduced, dropped = (
        time_text(moment) if moment else None
        for moment in (
            introduction.began_at,
            introduction.introduced_at,
            introduction.dropped_at,
        )
    )
    return {
        "with": other_of(introduction, contact),
        "state": introduction.state,
        "because": introduction.because,
        "by": introduction.by,
        "began_at": begun,
        "introduced_at": introduced,
        "dropped_at": dropped,
    }
