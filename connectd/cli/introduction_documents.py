"""The JSON documents about introductions."""

from collections.abc import Iterator

from connectd.cli.documents import Document, time_text
from connectd.domain.introductions import Introduction
from connectd.domain.matching import Pair
from connectd.domain.model import Fact
from connectd.edges.store.mails import REFUSED, UNKNOWN
from connectd.service.suggesting import Entry, Overview

_DIGITS = 3


def overview_document(overview: Overview) -> Document:
    """What there is to introduce, and what became of it."""
    return {
        "suggestions": [_suggestion(pair) for pair in overview.suggestions],
        "introductions": [
            introduction_document(entry.introduction)
            | {"gone": list(entry.gone), "undelivered": list(_undelivered(entry))}
            | (
                {"need": _fact(entry.pair.need), "offer": _fact(entry.pair.offer)}
                if entry.pair
                else {}
            )
            for entry in overview.entries
        ],
    }


def introduction_document(introduction: Introduction) -> Document:
    """One introduction, as it is now."""
    ended = introduction.introduced_at, introduction.dropped_at
    introduced, dropped = (time_text(moment) if moment else None for moment in ended)
    return {
        "first": introduction.first,
        "second": introduction.second,
        "state": introduction.state,
        "because": introduction.because,
        "by": introduction.by,
        "asked": list(introduction.asked),
        "agreed": list(introduction.agreed),
        "declined": introduction.declined,
        "began_at": time_text(introduction.began_at),
        "introduced_at": introduced,
        "dropped_at": dropped,
        "meeting": introduction.meeting,
        "texts": dict(zip(introduction.people, introduction.texts, strict=True)),
    }


def _undelivered(entry: Entry) -> Iterator[Document]:
    """The letters that did not arrive, or may not have."""
    for what, letters in (("question", entry.letters), ("introduction", entry.to_both)):
        for who, letter in letters.items():
            if letter.stage in (REFUSED, UNKNOWN):
                yield {"to": who, "what": what, "state": letter.stage, "said": letter.said}


def _suggestion(pair: Pair) -> Document:
    return {
        "first": pair.helper,
        "second": pair.helped,
        "need": _fact(pair.need),
        "offer": _fact(pair.offer),
        "tags": list(pair.tags),
        "score": round(pair.score, _DIGITS),
    }


def _fact(fact: Fact) -> Document:
    return {"contact": fact.contact, "text": fact.text, "on": fact.on.isoformat()}
