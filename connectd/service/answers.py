"""What the user says in the shell: yes, no, done, missed, later."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from connectd.domain import before_sending
from connectd.domain.lifecycle import step
from connectd.domain.meant import History
from connectd.domain.model import Contact, Encounter, Meeting, State
from connectd.domain.spans import local_day
from connectd.domain.view import Action, Name
from connectd.edges.store import Store
from connectd.edges.store.mails import QUEUED, UNKNOWN
from connectd.errors import SenselessError
from connectd.service.facts import Noted, record_facts
from connectd.service.of_three import note_introduced

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Said:
    """What was recorded: about whom, for which local day, and the meeting as it is now."""

    contact: Contact
    on: date
    meeting: Meeting | None


def find_contact(store: Store, words: str) -> Contact:
    """The contact meant by an id or an unambiguous part of a name.

    Somebody archived is found only where nobody else fits. Raises SenselessError.
    """
    everybody = store.contacts(include_archived=True)
    if exact := next((contact for contact in everybody if contact.id == words), None):
        return exact
    if not words.strip():
        raise SenselessError("Please say who is meant: by id, or by a part of the name.")
    wanted = words.casefold()
    fitting = [contact for contact in everybody if wanted in contact.name.casefold()]
    fitting = [c for c in fitting if not c.archived] or fitting
    exactly = [contact for contact in fitting if contact.name.casefold() == wanted]
    match exactly or fitting:
        case [contact]:
            return contact
        case []:
            raise SenselessError(
                f"Nobody on your list is called “{words}”. `connectd contacts` shows them all."
            )
        case several:
            named = [f"{contact.name} ({contact.id})" for contact in several]
            more = len(named) - _MOST_NAMED
            names = ", ".join(named[:_MOST_NAMED]) + (f" or {more} more" if more > 0 else "")
            raise SenselessError(f"“{words}” could be {names}. Please say which, by id.")


def done(
    store: Store,
    contact: Contact,
    now: datetime,
    zone: ZoneInfo,
    on: date | None = None,
    facts: Iterable[tuple[str, str] | Noted] = (),
    assume_met_after: timedelta = timedelta(),
) -> Said:
    """Record that a meeting took place, with the facts that came of it.

    Without ``on``, the latest meeting that has begun is meant; with it, the one of that day, one
    of the days before that was caught up, or a meeting that connectd knew nothing of. What came
    of a meeting that is marked already is added to it. Raises SenselessError where there is
    nothing to mark and nothing to add.
    """
    told = [fact for fact in map(_as_noted, facts) if fact.text.strip()]
    today = local_day(now, zone)
    if on is not None and on > today:
        raise SenselessError(f"{on} is still to come. A meeting is done when it has taken place.")
    history = _history(store, contact, zone)
    meeting = history.done(now, on, assume_met_after)
    marked = meeting is not None and meeting.state is State.MET
    if on is None and (meeting is None or (marked and not told)):
        keep = f". To keep what you heard: connectd note {contact.id} …" if told else ""
        raise SenselessError(
            f"No meeting with {contact.name} has begun that is not marked already. If you met "
            f"all the same, say when: connectd done {contact.id} --on {today}{keep}"
        )
    day = on or (history.day_of(meeting) if meeting else today)
    uid = meeting.uid if meeting else None
    with store.transaction():
        if meeting and not marked:
            meeting = _step(store, meeting, Name.COMPLETE, "you said it took place", now)
        for person in meeting.people if meeting else (contact.id,):
            store.add_encounter(Encounter(person, day, "done", uid))
        if meeting:
            note_introduced(meeting, store, now)
        record_facts(store, contact, told, day, now, uid)
        if meeting is None:
            because = f"you said you met on {day}"
            store.log(now, Name.COMPLETE, contact.id, None, because)
    return Said(contact, day, meeting)


def missed(store: Store, contact: Contact, now: datetime, zone: ZoneInfo) -> Said:
    """Record that the latest meeting that has begun did not take place.

    It may be one of connectd's or one found in the calendar. Raises SenselessError where there
    is none, or it counts as not held already.
    """
    meant = _history(store, contact, zone).missed(now)
    if meant is None:
        raise SenselessError(f"No meeting with {contact.name} has begun that could be missed.")
    day, meeting = meant
    if meeting and meeting.state in (State.MISSED, State.EXPIRED):
        raise SenselessError(
            f"The latest meeting with {contact.name}, on {day}, is noted as not held already."
        )
    denied = {day, local_day(meeting.span.start, zone)} if meeting else {day}
    with store.transaction():
        if meeting:
            meeting = _step(store, meeting, Name.MISS, "you said it did not take place", now)
        else:
            because = f"you said you did not meet on {day}"
            store.log(now, Name.MISS, contact.id, None, because)
        for person in meeting.people if meeting else (contact.id,):
            for one in denied:
                store.deny_encounter(person, one)
    return Said(contact, day, meeting)


def accept(store: Store, contact: Contact, now: datetime, zone: ZoneInfo) -> Said:
    """Say yes to the contact's draft; it is sent on a later tick, after the grace.

    A second yes sends a draft whose time is taken all the same.
    """
    standing = _standing(store, contact, (State.DRAFTED, State.ACCEPTED))
    if standing.state is State.ACCEPTED and not standing.is_contested:
        raise SenselessError(f"You have said yes to the meeting with {contact.name} already.")
    say_yes = before_sending.overrule if standing.state is State.ACCEPTED else before_sending.accept
    meeting = _settled(store, standing)
    action = say_yes(meeting, "command", "you said yes in the shell", now)
    return Said(contact, local_day(meeting.span.start, zone), _record(store, action, now))


def decline(store: Store, contact: Contact, now: datetime, zone: ZoneInfo) -> Said:
    """Say no to the contact's draft; the next tick removes it from the calendar."""
    drafted = _settled(store, _standing(store, contact, (State.DRAFTED, State.ACCEPTED)))
    meeting = _step(store, drafted, Name.DECLINE, "you said no in the shell", now)
    return Said(contact, local_day(drafted.span.start, zone), meeting)


def resend(store: Store, contact: Contact, now: datetime, zone: ZoneInfo) -> Said:
    """Let the mail whose fate is unknown go out once more, the same in every byte.

    Of a meeting of three, it is the mail to this contact. Raises SenselessError where there is
    none.
    """
    from connectd.service.letters import reader_of  # noqa: PLC0415 - slow, and seldom needed

    for meeting in reversed(store.meetings_with(contact.id)):
        for mail in reversed(store.mails_of(meeting.uid)):
            to_them = reader_of(mail, meeting) == contact.id
            if mail.stage == UNKNOWN and mail.sequence == meeting.sequence and to_them:
                with store.transaction():
                    store.save_mail_stage(mail.message_id, QUEUED)
                    because = "you asked for the mail to be sent once more"
                    store.log(now, Name.INVITE, contact.id, meeting.uid, because)
                return Said(contact, local_day(meeting.span.start, zone), meeting)
    raise SenselessError(f"No mail to {contact.name} is left in doubt, so nothing is sent again.")


def snooze(store: Store, contact: Contact, until: date, today: date) -> Contact:
    """Let a contact rest until a local day. Raises SenselessError for a day that is not ahead."""
    if until <= today:
        raise SenselessError(f"{until} is not ahead of today, so there is nothing to wait for.")
    rested = contact._replace(snoozed_until=until)
    store.update_contact(rested)
    return rested


def whom(store: Store, said: Said) -> str:
    """Whom it was said of, by name: both, of a meeting of three."""
    if said.meeting is None:
        return said.contact.name
    everybody = store.contacts(include_archived=True)
    return said.meeting.named({contact.id: contact.name for contact in everybody})


def _history(store: Store, contact: Contact, zone: ZoneInfo) -> History:
    theirs = [met for met in store.encounters() if met.contact == contact.id]
    return History(store.meetings_with(contact.id), theirs, zone)


def _as_noted(fact: tuple[str, str] | Noted) -> Noted:
    return Noted(*fact)


def _standing(store: Store, contact: Contact, states: Sequence[State]) -> Meeting:
    for meeting in store.open_meetings():
        if contact.id in meeting.people:
            if meeting.state in states:
                return meeting
            raise SenselessError(
                f"The invitation to {contact.name} has gone out. To call the meeting off, delete "
                "or cancel it in your calendar."
            )
    raise SenselessError(f"There is no draft for {contact.name}. `connectd status` shows them.")


def _settled(store: Store, meeting: Meeting) -> Meeting:
    """The meeting, unless nobody knows whether its object has reached the server."""
    if any(intent.meeting == meeting.uid for intent in store.unfinished_intents()):
        raise SenselessError("It is just being written. Please try again after the next tick.")
    return meeting


def _step(store: Store, meeting: Meeting, name: Name, because: str, now: datetime) -> Meeting:
    return _record(store, step(meeting, name, because, now), now)


def _record(store: Store, action: Action, now: datetime) -> Meeting:
    with store.transaction():
        if not store.save_meeting(action.meeting, was=action.was):
            raise SenselessError("The meeting has just changed. Please look at it again.")
        store.log(now, action.name, action.meeting.contact, action.meeting.uid, action.because)
    return action.meeting
