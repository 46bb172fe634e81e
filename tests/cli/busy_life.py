"""Thirty people and a busy month, put on record without any calendar."""

from datetime import UTC, date, datetime, timedelta

from shell import Shell, configuration

from connectd.domain.introductions import Bringing, Introduction
from connectd.domain.model import (
    Contact,
    Delivery,
    Encounter,
    Fact,
    Kind,
    Meeting,
    Span,
    State,
)
from connectd.edges.store import AccountRecord, FeedRecord, ObjectRow, Store

NOW = "2026-11-18T08:00:00Z"
"""A Wednesday, nine o'clock in Berlin."""
AT = datetime(2026, 11, 18, 8, tzinfo=UTC)
TODAY = date(2026, 11, 18)

FIRST_NAMES = (
    *("Ada", "Ben", "Carol", "Dan", "Erin", "Finn", "Gus", "Hal", "Ida", "Jo"),
    *("Kim", "Lea", "Mia", "Ned", "Olga", "Pia", "Quin", "Rosa", "Sam", "Tess"),
    *("Ugo", "Vera", "Walt", "Xenia", "Yuri", "Zoe", "Anton", "Birgit", "Cem", "Dora"),
)
CATEGORIES = ("results", "organization", "business")


def people() -> list[Contact]:
    """Everybody, turn by turn in each category."""
    return [
        Contact(
            id=name.lower(),
            name=f"{name} Ng",
            emails=(f"{name.lower()}@example.test",),
            category=CATEGORIES[number % 3],
        )
        for number, name in enumerate(FIRST_NAMES)
    ]


def meeting(contact: str, state: State, start: str, **given: object) -> Meeting:
    """A coffee of 45 minutes that starts so in UTC."""
    begins = datetime.fromisoformat(f"2026-{start}").replace(tzinfo=UTC)
    built = Meeting(
        uid=f"m-{contact}",
        contact=contact,
        attempt=1,
        state=state,
        span=Span(begins, begins + timedelta(minutes=45)),
        kind=Kind.COFFEE,
        drafted_at=AT - timedelta(days=9),
        invited_at=None if state in {State.DRAFTED, State.ACCEPTED} else AT - timedelta(days=8),
    )
    return built._replace(**given)


def meetings() -> list[Meeting]:
    """What stands open, in every state."""
    taken = "“Dentist” on Wed 25 Nov"
    return [
        meeting("ada", State.DRAFTED, "11-20T08:00"),
        meeting("ben", State.DRAFTED, "11-24T09:00"),
        meeting("carol", State.DRAFTED, "11-26T12:00", conflict="“Board meeting” in Work"),
        meeting("dan", State.ACCEPTED, "11-25T08:00", conflict=taken),
        meeting("erin", State.INVITED, "11-23T08:00", delivery=Delivery.MANUAL),
        meeting("finn", State.INVITED, "11-19T13:00", delivery=Delivery.MAIL),
        meeting("gus", State.CONFIRMED, "11-27T10:00", delivery=Delivery.SERVER),
        meeting("hal", State.CONFIRMED, "11-16T10:00", delivery=Delivery.MAIL),
        meeting("ida", State.INVITED, "11-17T10:00", delivery=Delivery.MAIL),
        meeting("jo", State.CANCELLED, "11-20T15:00", delivery=Delivery.MANUAL, ended_at=AT),
    ]


def encounters() -> list[Encounter]:
    """Who was met when: some of late, some long ago, some never."""
    days = [3, 16, 34, 45, 70, 95, 12, 28, 33, 59, 61, 8, 20, 40, 100, 31, 29, 75, 5, 50]
    met = [Encounter(c.id, TODAY - timedelta(days=d)) for c, d in zip(people(), days, strict=False)]
    return [*met, Encounter("ada", date(2026, 9, 1)), Encounter("gus", date(2026, 9, 2))]


def facts() -> list[Fact]:
    """What was said, some of it this month."""
    october, november = date(2026, 10, 6), date(2026, 11, 10)
    return [
        Fact("carol", "promised", "the paper on resilience", october, due=date(2026, 11, 13)),
        Fact("ben", "promised", "a book", november, due=date(2026, 11, 20)),
        Fact("kim", "promised", "an introduction to the team of Lea", november, due=TODAY),
        Fact("lea", "promised", "lunch", november),
        Fact("mia", "promised", "the slides", november, due=date(2027, 3, 1)),
        Fact("ada", "helped", "with the move", november),
        Fact("erin", "helped_me", "find a venue", november),
        Fact("finn", "helped_me", "with a reference", october),
    ]


def introductions() -> list[Introduction]:
    """One that is suggested, one that waits for an answer, one by mail, and one that is over."""
    both = ("mia", "ned")
    return [
        Introduction("ada", "ben", AT, "both restore boats"),
        Introduction("kim", "lea", AT, asked=("kim",)),
        Introduction("mia", "ned", AT, "", Bringing.MAIL, asked=both, agreed=both),
        Introduction("olga", "pia", AT, dropped_at=AT),
    ]


UNREADABLE = (
    '[{"calendar": "Work", "href": "/w/1.ics", "uid": "odd", "title": "Odd one",'
    ' "reason": "it repeats in a way that is not known", "blocks": "9:00 to 10:00 each day",'
    ' "spans": []}]'
)


def live(shell: Shell) -> None:
    """Put all of it on record, with trouble beside it."""
    shell.configure(configuration(None, "[[feed]]", 'name = "work"', 'url = "https://x.test/"'))
    with Store.open(shell.database) as store:
        store.begin(datetime(2026, 9, 1, tzinfo=UTC))
        for one in people():
            store.add_contact(one)
        for met in encounters():
            store.add_encounter(met)
        for fact in facts():
            store.add_fact(fact, AT)
        for one in meetings():
            store.save_meeting(one, was=None)
        for number in range(3):
            start = AT - timedelta(days=40 + number * 20)
            refused = meeting("zoe", State.TURNED_DOWN, "10-01T08:00", uid=f"no-{number}")
            span = Span(start, start + timedelta(minutes=45))
            ended = start - timedelta(days=2)
            store.save_meeting(refused._replace(span=span, ended_at=ended), was=None)
        for one in introductions():
            store.save_introduction(one)
        store.save_objects("work", [ObjectRow("/w/1.ics", "1", "odd", None, "{}", UNREADABLE)])
        store.save_feed(
            FeedRecord("work", "h", read_at=AT - timedelta(hours=3), error="It is gone.")
        )
        slow = "Work: the server gave no whole answer in 30 seconds"
        read = AT - timedelta(minutes=5)
        store.save_account(
            AccountRecord("main", "", last_success=read, last_error=slow, failing_since=AT)
        )
        store.set_note("last_success", "2026-11-18T07:55:00+00:00")
        store.set_note("last_error", f"main: {slow}")
