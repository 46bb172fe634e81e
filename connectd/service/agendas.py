"""Puts the agenda of a meeting together from what is on record; no server is asked for it."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from connectd.config import Config
from connectd.domain.agenda import Agenda, Record, agenda_of
from connectd.domain.model import Contact, Meeting, Step
from connectd.domain.progression import step_of
from connectd.domain.questions import Catalogue, choose_questions, used_questions
from connectd.domain.spans import local_day
from connectd.edges.store import Store

_FOR_ONE = 2
_FOR_EACH_OF_SEVERAL = 1


class AgendaOf(NamedTuple):
    """The agenda for a contact who stands on ``step``; ``meeting`` is None for one to come."""

    contact: Contact
    step: Step
    meeting: Meeting | None
    agenda: Agenda


def agenda_with(
    contact: Contact, now: datetime, config: Config, store: Store, catalogue: Catalogue
) -> AgendaOf:
    """The agenda of the open meeting with a contact, or what that of a next one would be."""
    open_ones = (m for m in store.meetings_with(contact.id) if m.is_open)
    meeting = next(open_ones, None)
    agenda = (
        meeting_agenda(meeting, config, store, catalogue)
        if meeting
        else agenda_of(
            [contact],
            local_day(now, config.me.timezone),
            _record([contact], store),
            questions_for([contact], store, catalogue),
        )
    )
    return AgendaOf(contact, _steps([contact], store)[contact.id], meeting, agenda)


def meeting_agenda(meeting: Meeting, config: Config, store: Store, catalogue: Catalogue) -> Agenda:
    """The agenda of a meeting, with the questions recorded for it.

    Somebody who is no longer on record has no part in it.
    """
    people = people_at(meeting, store)
    questions = meeting.questions or questions_for(people, store, catalogue)
    on = local_day(meeting.span.start, config.me.timezone)
    return agenda_of(people, on, _record(people, store), questions)


def people_at(meeting: Meeting, store: Store) -> tuple[Contact, ...]:
    """Those whom the user meets, as far as they are on record."""
    return tuple(filter(None, map(store.contact, meeting.people)))


def questions_for(people: Sequence[Contact], store: Store, catalogue: Catalogue) -> tuple[str, ...]:
    """Questions for a new meeting: two for one person, one for each of several."""
    steps = _steps(people, store)
    number = _FOR_ONE if len(people) == 1 else _FOR_EACH_OF_SEVERAL
    chosen: tuple[str, ...] = ()
    for contact in people:
        used = used_questions(store.meetings_with(contact.id))
        fresh = [one for one in catalogue[steps[contact.id]] if one not in chosen]
        chosen += choose_questions(fresh, used, contact.id, number)
    return chosen


def _steps(people: Sequence[Contact], store: Store) -> dict[str, Step]:
    held = Counter(encounter.contact for encounter in store.encounters())
    kinds = store.recorded_kinds()
    return {
        contact.id: step_of(held[contact.id], kinds.get(contact.id, frozenset()), contact.step)
        for contact in people
    }


def _record(people: Sequence[Contact], store: Store) -> Record:
    return Record(
        contacts={contact.id: contact for contact in store.contacts()},
        encounters=store.encounters(),
        facts=[fact for contact in people for fact in store.facts(contact.id)],
        introductions=store.introductions(),
    )
