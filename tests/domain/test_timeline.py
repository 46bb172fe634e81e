"""The story of a relation in the order of time."""

from datetime import date, timedelta

from domain_builders import BERLIN, TODAY, at, meeting
from hypothesis import given
from hypothesis import strategies as st

from connectd.domain.introductions import Introduction
from connectd.domain.model import Encounter, Fact, State
from connectd.domain.timeline import Entry, History, other_of, timeline

NAMES = {"bob": "Bob Baker", "carol": "Carol Cole"}


def told(history: History) -> list[tuple[str, str, str]]:
    return [(str(e.on), e.what, e.text) for e in timeline(history, NAMES, BERLIN)]


def test_nothing_on_record_is_nothing_to_tell() -> None:
    assert timeline(History("bob"), NAMES, BERLIN) == ()


def test_everything_is_told_in_the_order_of_time() -> None:
    history = History(
        "bob",
        encounters=(Encounter("bob", date(2026, 11, 4)), Encounter("bob", date(2026, 9, 1))),
        facts=(
            Fact("bob", "need", "a designer", date(2026, 11, 4)),
            Fact("bob", "promised", "a book", date(2026, 11, 4), due=date(2026, 12, 1)),
            Fact("bob", "kept", "the book", date(2026, 10, 1)),
        ),
        meetings=(
            meeting("bob", State.DRAFTED, "2026-12-01T10:00"),
            meeting("bob", State.MET, "2026-11-04T09:00"),
        ),
        introductions=(Introduction("carol", "bob", at("2026-11-03T12:00"), "she designs"),),
    )

    assert told(history) == [
        ("2026-09-01", "met", "you said so"),
        ("2026-10-01", "kept", "the book"),
        ("2026-11-03", "introduction", "to Carol Cole: begun, because she designs"),
        ("2026-11-04", "meeting", "09:00 coffee: met"),
        ("2026-11-04", "met", "you said so"),
        ("2026-11-04", "need", "a designer"),
        ("2026-11-04", "promised", "a book (until 2026-12-01)"),
        ("2026-12-01", "meeting", "10:00 coffee: drafted"),
    ]


def test_a_day_is_the_users_own() -> None:
    late = meeting("bob", State.TURNED_DOWN, "2026-11-05T00:30")
    begun = Introduction("bob", "carol", at("2026-11-05T00:10"))

    assert told(History("bob", meetings=(late,), introductions=(begun,))) == [
        ("2026-11-05", "meeting", "00:30 coffee: turned down"),
        ("2026-11-05", "introduction", "to Carol Cole: begun"),
    ]


def test_how_a_meeting_is_known() -> None:
    met = (Encounter("bob", TODAY, "found"), Encounter("bob", TODAY + timedelta(1), "assumed"))

    assert [text for _, _, text in told(History("bob", encounters=met))] == [
        "found in your calendar",
        "assumed, since they had accepted",
    ]


def test_a_meeting_of_three_names_the_other_one() -> None:
    three = meeting("carol", State.INVITED, "2026-11-05T10:00", other="bob")

    for contact, other in (("carol", "Bob Baker"), ("bob", "Carol Cole")):
        (entry,) = timeline(History(contact, meetings=(three,)), NAMES, BERLIN)
        assert entry.text == f"10:00 coffee with {other}: invited"


def test_an_introduction_has_a_line_for_each_turn() -> None:
    begun, later = at("2026-10-01T12:00"), at("2026-10-20T12:00")
    history = History(
        "bob",
        introductions=(
            Introduction("bob", "dan", begun + timedelta(1), dropped_at=later),
            Introduction("carol", "bob", begun, introduced_at=later),
        ),
    )

    assert told(history) == [
        ("2026-10-01", "introduction", "to Carol Cole: begun"),
        ("2026-10-02", "introduction", "to dan: begun"),
        ("2026-10-20", "introduction", "to Carol Cole: introduced"),
        ("2026-10-20", "introduction", "to dan: dropped"),
    ]
    assert other_of(history.introductions[0], "bob") == "dan"
    assert other_of(history.introductions[1], "bob") == "carol"


days = st.dates(date(2026, 1, 1), date(2026, 3, 1))


facts_of_bob = st.tuples(st.sampled_from(["need", "note"]), st.text(), days).map(
    lambda said: Fact("bob", *said)
)
days_met = days.map(lambda day: Encounter("bob", day))


@given(st.lists(facts_of_bob), st.lists(days_met))
def test_nothing_is_left_out_and_facts_of_a_day_keep_their_order(
    facts: list[Fact], met: list[Encounter]
) -> None:
    entries = timeline(History("bob", tuple(met), tuple(facts)), NAMES, BERLIN)

    assert sorted(entry.on for entry in entries) == [entry.on for entry in entries]
    assert len(entries) == len(facts) + len(met)
    for day in {fact.on for fact in facts}:
        said = [Entry(f.on, f.kind, f.text) for f in facts if f.on == day]
        assert [e for e in entries if e.on == day and e.what != "met"] == said
