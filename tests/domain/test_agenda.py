"""What stands on the agenda of a meeting, and what never does."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from domain_builders import day, person
from hypothesis import given
from hypothesis import strategies as st

from connectd.domain.agenda import FOLLOW_UP_QUESTION, Record, agenda_of, birthday_near
from connectd.domain.introductions import Introduction
from connectd.domain.model import Contact, Encounter, Fact

BEGAN = datetime(2026, 11, 1, 8, tzinfo=UTC)
ON = day("2026-11-10")
ADA, BOB, CLEO = person("ada"), person("bob"), person("cleo")


@dataclass
class Known:
    """What is on record in a test."""

    facts: tuple[Fact, ...] = ()
    encounters: tuple[Encounter, ...] = ()
    introductions: tuple[Introduction, ...] = ()
    contacts: tuple[Contact, ...] = (ADA, BOB, CLEO)

    def lines(self, *people: Contact, questions: tuple[str, ...] = ()) -> list[str]:
        """Return the agenda with these people without the line that always comes last."""
        contacts = {contact.id: contact for contact in self.contacts}
        record = Record(contacts, self.encounters, self.facts, self.introductions)
        *lines, last = agenda_of(people, ON, record, questions).lines()
        assert last == FOLLOW_UP_QUESTION
        return lines


def fact(kind: str, text: str, contact: str = "bob", due: str | None = None) -> Fact:
    return Fact(contact, kind, text, day("2026-10-01"), due=day(due) if due else None)


def test_it_says_who_this_is() -> None:
    bob = BOB._replace(note="likes tea", tags=("printing", "sailing"), birthday="1980-11-12")
    assert Known().lines(bob) == [
        "Bob, business (printing, sailing)",
        "Note: likes tea",
        "No meeting on record yet",
        "Their birthday: Thursday 12 November",
    ]
    assert Known().lines(BOB) == ["Bob, business", "No meeting on record yet"]


def test_it_says_when_you_last_met_before_that_day() -> None:
    met = [Encounter(who, day(on)) for who, on in [("bob", "2025-03-02"), ("ada", "2026-11-01")]]
    before = Known(encounters=(*met, Encounter("bob", day("2026-12-01"))))
    assert before.lines(BOB)[1] == "Last met: Sunday 2 March 2025"
    this_year = Known(encounters=(Encounter("bob", day("2026-11-09")),))
    assert this_year.lines(BOB)[1] == "Last met: Monday 9 November"


def test_open_promises_and_asks_stand_there_and_settled_ones_do_not() -> None:
    known = Known(
        (
            fact("promised", "the printing quote", due="2026-11-12"),
            fact("promised", "a photo of the boat", due="2026-11-09"),
            fact("promised", "the recipe"),
            fact("promised", "an answer about Lisbon"),
            fact("kept", "an answer about Lisbon"),
            fact("ask", "a word with the board"),
            fact("ask", "feedback on my talk"),
            fact("helped_me", "feedback on my talk"),
        )
    )
    assert known.lines(BOB)[2:] == [
        "You promised by Thursday 12 November: the printing quote",
        "You promised by Monday 9 November, and it is not too late: a photo of the boat",
        "You promised: the recipe",
        "You hope for: a word with the board",
    ]


def test_a_promise_for_the_very_day_is_not_late() -> None:
    assert "too late" not in Known((fact("promised", "it", due="2026-11-10"),)).lines(BOB)[2]


def test_the_latest_needs_and_offers_stand_there() -> None:
    facts = [fact(kind, f"{kind} {n}") for n in range(5) for kind in ("need", "offer")]
    assert Known(tuple(facts)).lines(BOB)[2:] == [
        *(f"They need: need {n}" for n in (2, 3, 4)),
        *(f"They can give others: offer {n}" for n in (2, 3, 4)),
    ]


def test_what_is_open_fills_no_page() -> None:
    facts = [fact(kind, "a thing") for kind in ("promised", "ask") for _ in range(100)]
    assert len(Known(tuple(facts)).lines(BOB)) == 12


def test_questions_stand_last() -> None:
    lines = Known((fact("need", "rest"),)).lines(BOB, questions=("How so?", "What next?"))
    assert lines[-2:] == ["Question: How so?", "Question: What next?"]


class TestIntroductions:
    open_one = Introduction("ada", "bob", BEGAN, "both print books")

    @pytest.mark.parametrize(
        ("changes", "asked"),
        [
            ({}, ["ada", "bob"]),
            ({"asked": ("ada", "bob")}, ["ada", "bob"]),
            ({"asked": ("ada",), "agreed": ("ada",)}, ["bob"]),
            ({"agreed": ("ada", "bob")}, []),
            ({"declined": "ada"}, []),
            ({"dropped_at": BEGAN}, []),
            ({"introduced_at": BEGAN}, []),
        ],
    )
    def test_those_who_said_nothing_yet_are_asked(
        self, changes: dict[str, object], asked: list[str]
    ) -> None:
        known = Known(introductions=(self.open_one._replace(**changes),))
        people = [p.id for p in (ADA, BOB) if any("whether" in line for line in known.lines(p))]
        assert people == asked

    def test_the_other_is_named_with_the_reason_alone(self) -> None:
        secret = [fact(k, f"secret {k}", "ada") for k in ("need", "offer", "ask", "promised")]
        ada = ADA._replace(note="secret note", tags=("secret",), birthday="1990-11-10")
        known = Known(
            tuple(secret),
            (Encounter("ada", ON),),
            (self.open_one,),
            (ada, BOB),
        )
        lines = known.lines(BOB)
        assert lines[2:] == ["Ask Bob whether meeting Ada would be welcome: both print books"]
        assert "secret" not in "".join(lines)

    def test_what_connectd_suggests_is_not_on_an_agenda(self) -> None:
        known = Known(introductions=(self.open_one._replace(because=""),))
        assert known.lines(BOB)[2:] == []

    def test_of_somebody_who_left_the_list_nothing_is_said(self) -> None:
        assert len(Known(introductions=(self.open_one,), contacts=(BOB,)).lines(BOB)) == 2

    def test_two_who_sit_there_are_not_asked_about_each_other(self) -> None:
        known = Known(introductions=(self.open_one, Introduction("cleo", "ada", BEGAN, "a boat")))
        asked = [line for line in known.lines(ADA, BOB) if "whether" in line]
        assert asked == ["Ada: ask Ada whether meeting Cleo would be welcome: a boat"]


def test_of_two_people_each_line_names_its_own() -> None:
    known = Known(
        (fact("need", "a flat"), fact("offer", "legal advice", "ada")),
        (Encounter("ada", day("2026-11-02")),),
    )
    assert known.lines(ADA, BOB, questions=("What else?",)) == [
        "Ada, business",
        "Ada: last met: Monday 2 November",
        "Ada: they can give others: legal advice",
        "Bob, business",
        "Bob: no meeting on record yet",
        "Bob: they need: a flat",
        "Question: What else?",
    ]


class TestBirthday:
    @pytest.mark.parametrize(
        ("birthday", "on", "expected"),
        [
            ("1980-11-12", "2026-11-10", "2026-11-12"),
            ("--11-12", "2026-11-10", "2026-11-12"),
            ("1980-11-24", "2026-11-10", "2026-11-24"),
            ("1980-11-25", "2026-11-10", None),
            ("1980-10-27", "2026-11-10", "2026-10-27"),
            ("1980-10-26", "2026-11-10", None),
            ("--01-03", "2026-12-28", "2027-01-03"),
            ("--12-28", "2027-01-03", "2026-12-28"),
            ("--02-29", "2027-02-20", "2027-02-28"),
            ("2000-02-29", "2028-02-20", "2028-02-29"),
            (None, "2026-11-10", None),
            ("", "2026-11-10", None),
            ("--13-40", "2026-11-10", None),
            ("soon", "2026-11-10", None),
        ],
    )
    def test_counts_two_weeks_before_and_after(
        self, birthday: str | None, on: str, expected: str | None
    ) -> None:
        assert birthday_near(birthday, day(on)) == (day(expected) if expected else None)

    @given(
        st.text() | st.from_regex(r"-{0,2}\d{1,4}-\d\d(-\d\d)?", fullmatch=True),
        st.dates(date(1901, 1, 1), date(9000, 1, 1)),
    )
    def test_whatever_was_typed_gives_a_near_day_or_none(self, birthday: str, on: date) -> None:
        found = birthday_near(birthday, on)
        assert found is None or abs((found - on).days) <= 14
