"""The story of a relation as one line of entries, in the order of time."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from connectd.domain.introductions import Introduction
from connectd.domain.model import Encounter, Fact, Meeting
from connectd.domain.spans import local_day

_HOW = {
    "done": "you said so",
    "found": "found in your calendar",
    "assumed": "assumed, since they had accepted",
}


class Entry(NamedTuple):
    """What there is to tell of a local day.

    ``what`` is ``meeting``, ``met``, ``introduction`` or the kind of a fact (see ``Fact``).
    """

    on: date
    what: str
    text: str


class History(NamedTuple):
    """What is on record about one contact; facts stand in the order they were recorded."""

    contact: str
    encounters: tuple[Encounter, ...] = ()
    facts: tuple[Fact, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    introductions: tuple[Introduction, ...] = ()


def timeline(history: History, names: Mapping[str, str], zone: ZoneInfo) -> tuple[Entry, ...]:
    """Everything on record, the oldest first; of one day, the meeting before what came of it.

    ``names`` gives the names of contacts by id; who is on the list no more goes by the id.
    """
    entries = (
        *_meetings(history, names, zone),
        *(Entry(met.on, "met", _HOW.get(met.how, met.how)) for met in history.encounters),
        *(Entry(fact.on, fact.kind, _said(fact)) for fact in history.facts),
        *_introductions(history, names, zone),
    )
    return tuple(sorted(entries, key=lambda entry: entry.on))


def other_of(introduction: Introduction, contact: str) -> str:
    """The id of the one to whom ``contact`` is introduced."""
    return introduction.second if introduction.first == contact else introduction.first


def _meetings(history: History, names: Mapping[str, str], zone: ZoneInfo) -> Iterator[Entry]:
    for meeting in sorted(history.meetings, key=lambda meeting: meeting.span.start):
        start = meeting.span.start.astimezone(zone)
        others = [names.get(one, one) for one in meeting.people if one != history.contact]
        with_whom = f" with {', '.join(others)}" if others else ""
        state = meeting.state.replace("_", " ")
        yield Entry(start.date(), "meeting", f"{start:%H:%M} {meeting.kind}{with_whom}: {state}")


def _said(fact: Fact) -> str:
    return f"{fact.text} (until {fact.due})" if fact.due else fact.text


def _introductions(history: History, names: Mapping[str, str], zone: ZoneInfo) -> Iterator[Entry]:
    for introduction in _by_time(history.introductions):
        other = other_of(introduction, history.contact)
        because = f", because {introduction.because}" if introduction.because else ""
        for moment, said in (
            (introduction.began_at, f"begun{because}"),
            (introduction.introduced_at, "introduced"),
            (introduction.dropped_at, "dropped"),
        ):
            if moment:
                text = f"to {names.get(other, other)}: {said}"
                yield Entry(local_day(moment, zone), "introduction", text)


def _by_time(introductions: Iterable[Introduction]) -> list[Introduction]:
    return sorted(introductions, key=lambda introduction: introduction.began_at)
