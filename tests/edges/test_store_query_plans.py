"""No question asked on every tick, or by ``status``, walks through a whole cached calendar."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from store_builders import (
    NOW,
    feed,
    follow_up,
    letter,
    mail,
    meeting,
    object_row,
    placement,
    their_busy,
)

from connectd.domain.model import Encounter, State
from connectd.edges.store import Store

QUESTIONS: dict[str, Callable[[Store], object]] = {
    "generation": lambda store: store.generation(),
    "get_note": lambda store: store.get_note("last_success"),
    "set_note": lambda store: store.set_note("last_success", "now"),
    "account": lambda store: store.account("main"),
    "calendars": lambda store: store.calendars("main"),
    "calendar": lambda store: store.calendar("c"),
    "object_text": lambda store: store.object_text("c", "/1.ics"),
    "recurring_rows": lambda store: store.recurring_rows("c"),
    "unreadable": lambda store: store.unreadable(),
    "save_objects": lambda store: store.save_objects("c", [object_row(1)]),
    "drop_objects": lambda store: store.drop_objects("c", ["/1.ics"]),
    "forget_calendar": lambda store: store.forget_calendar("c"),
    "feed": lambda store: store.feed("work"),
    "feed_text": lambda store: store.feed_text("work"),
    "save_feed": lambda store: store.save_feed(feed(), "BEGIN:VCALENDAR"),
    "forget_feed": lambda store: store.forget_feed("work"),
    "unfinished_intents": lambda store: store.unfinished_intents(),
    "begin_intent": lambda store: store.begin_intent("m-1", "draft", "", NOW),
    "finish_intent": lambda store: store.finish_intent(1, "written", NOW),
    "log": lambda store: store.log(NOW, "draft", "bob", None, ""),
    "journal": lambda store: store.journal(limit=5),
    "meeting": lambda store: store.meeting("m-1"),
    "save_meeting": lambda store: store.save_meeting(meeting(), was=State.DRAFTED),
    "open_meetings": lambda store: store.open_meetings(),
    "meetings_with": lambda store: store.meetings_with("bob"),
    "meetings since": lambda store: store.meetings(since=NOW - timedelta(days=90)),
    "placement": lambda store: store.placement("m-1"),
    "save_placement": lambda store: store.save_placement(placement("m-1")),
    "standing_follow_ups": lambda store: store.standing_follow_ups(),
    "save_follow_up": lambda store: store.save_follow_up(follow_up()),
    "queue_mail": lambda store: store.queue_mail(mail()),
    "waiting_mails": lambda store: store.waiting_mails(),
    "waiting_letters": lambda store: store.waiting_letters(),
    "save_letter_stage": lambda store: store.save_letter_stage("a/1", "sent"),
    "queue_refused_letter": lambda store: store.queue_refused_letter(letter()),
    "drop_letter": lambda store: store.drop_letter("a/1", "not wanted"),
    "mails_of": lambda store: store.mails_of("m-1"),
    "save_mail_stage": lambda store: store.save_mail_stage(mail().message_id, "sent"),
    "their_busy": lambda store: store.their_busy("bob", "url"),
    "save_their_busy": lambda store: store.save_their_busy(their_busy()),
    "contact": lambda store: store.contact("bob"),
    "add_encounter": lambda store: store.add_encounter(
        Encounter("bob", NOW.date(), "found"), "uid/start"
    ),
    "facts": lambda store: store.facts("bob"),
}

SHORT_WALKS = {
    "SCAN CONSTANT ROW",
    "SCAN journal",  # backwards from its end, up to the limit
    "SCAN intents USING INDEX intents_unfinished",  # holds the unfinished ones alone
    "SCAN calendar_objects USING INDEX calendar_objects_unreadable",  # likewise
    "SCAN follow_ups USING INDEX follow_ups_standing",  # holds the standing ones alone
    "SCAN mails USING INDEX mails_waiting",  # holds the waiting ones alone
    "SCAN letters USING INDEX letters_waiting",  # likewise
}


def plans(store: Store, ask: Callable[[Store], object]) -> list[str]:
    """How SQLite goes about each statement that ``ask`` runs."""
    statements: list[str] = []
    connection = store.database.connection
    connection.set_trace_callback(statements.append)
    ask(store)
    connection.set_trace_callback(None)
    queries = [sql for sql in statements if sql.split()[0] in {"SELECT", "UPDATE", "DELETE"}]
    return [
        row["detail"] for sql in queries for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")
    ]


@pytest.fixture
def filled(store: Store) -> Store:
    store.save_meeting(meeting(), was=None)
    store.save_objects("c", [object_row(number) for number in range(20)])
    return store


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_table_is_walked_through(filled: Store, question: str) -> None:
    walks = {plan for plan in plans(filled, QUESTIONS[question]) if plan.startswith("SCAN")}
    assert walks <= SHORT_WALKS


def test_whole_tables_of_a_few_rows_are_the_only_exception(filled: Store) -> None:
    def everything(store: Store) -> None:
        store.contacts()
        store.meetings()
        store.sent_meetings()
        store.encounters()
        store.recorded_kinds()

    assert not [plan for plan in plans(filled, everything) if "calendar_objects" in plan]
