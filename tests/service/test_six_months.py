"""Six months on a real server: twelve people, all four steps, and one introduction."""

from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest
from half_year import LAST_DAY, Friend, HalfYear, step_by_hand
from installation import Install
from mailed import mail_table, words_of
from servers import Radicale, SmtpSink
from shell import Shell

from connectd.domain.model import Step

NEED = "a designer for her shop's new website"
OFFER = "designs websites for small shops"
BECAUSE = "You both care about small shops"

ADA = Friend(
    "Ada Ash",
    "business",
    every=28,
    told=(
        ("--need", NEED, "--helped-me", "PRIVATE named two good suppliers"),
        ("--helped", "PRIVATE lent her a book"),
    ),
)
BEN = Friend(
    "Ben Bloch",
    "business",
    every=28,
    told=(
        ("--offer", OFFER, "--promised", "PRIVATE send the paper on fonts", "--due", "2027-01-15"),
    ),
)
FRIENDS = (
    ADA,
    BEN,
    Friend("Cem Celik", "business", told=(("--note", "PRIVATE likes to walk"),)),
    Friend("Dora Dahl", "business", answers=("DECLINED", "ACCEPTED")),
    Friend("Eli Ernst", "results", told=((), ("--need", "PRIVATE rest"))),
    Friend("Fay Falk", "results", told=(("--ask", "PRIVATE her advice on hiring"),)),
    Friend("Gil Gross", "results", answers=("TENTATIVE", "ACCEPTED")),
    Friend("Hedi Horn", "results"),
    Friend("Ivo Iden", "organization", answers=("DECLINED",)),
    Friend("Jan Jost", "organization", answers=("",)),
    Friend("Kim Klee", "organization", told=(("--helped-me", "PRIVATE explained the budget"),)),
    Friend("Lea Lang", "organization", answers=("", "ACCEPTED")),
)


@pytest.fixture
def half_year(radicale: Radicale, install: Install, sink: SmtpSink, tmp_path: Path) -> HalfYear:
    more = f'{mail_table(sink.port)}[digest]\nby = "mail"\n'
    alice = install(radicale.new_user(), more=more, goal=3, agenda="todo")
    (tmp_path / "home").mkdir()
    return HalfYear(alice, Shell(tmp_path / "home"), sink)


@pytest.mark.timeout(300)
def test_half_a_year_from_just_connecting_to_connecting_others(half_year: HalfYear) -> None:
    half_year.meets(*FRIENDS)
    introduced = False
    for day in half_year.live():
        if day == date(2027, 1, 14):
            half_year.tells(BEN.id, "note", "--kept", "PRIVATE the paper on fonts")
        if not introduced and _both_have_told(half_year):
            introduced = True
            _introduce(half_year)
    assert introduced
    _the_two_met_together(half_year)
    _status_agrees_with_the_account(half_year)
    _nothing_private_went_out(half_year)
    _a_digest_came_every_week(half_year)


def _both_have_told(half_year: HalfYear) -> bool:
    return {NEED, OFFER} <= {told.text for told in half_year.told}


def _introduce(half_year: HalfYear) -> None:
    """From the need to both agreements: connectd found the pair, and asks nobody by itself."""
    listed = half_year.asks("introductions")
    (found, *_) = [*listed["suggestions"], *listed["introductions"]]
    assert {found["first"], found["second"]} == {ADA.id, BEN.id}
    assert (found["need"]["text"], found["offer"]["text"]) == (NEED, OFFER)
    before = len(half_year.mails_to_others())
    half_year.says("introduce", "ada", "ben", "--because", BECAUSE, "--send")
    half_year.alice.tick(minutes=5)
    asked = half_year.mails_to_others()[before:]
    assert {mail.recipients for mail in asked} == {(ADA.email,), (BEN.email,)}
    assert all(BECAUSE in words_of(mail) for mail in asked)
    for mail, other in ((asked[0], asked[1]), (asked[1], asked[0])):
        assert other.recipients[0] not in mail.text
    half_year.says("introductions", "agree", "ada", "ben", "--by", "ben")
    half_year.alice.tick(minutes=5)
    assert half_year.asks("introductions")["introductions"][0]["state"] == "asked_second"
    half_year.says("introductions", "agree", "ada", "ben", "--by", "ada")


def _the_two_met_together(half_year: HalfYear) -> None:
    (introduction,) = half_year.asks("introductions")["introductions"]
    assert introduction["state"] == "introduced"
    uid = introduction["meeting"]
    mails = [mail for mail in half_year.mails_to_others() if mail.uid == uid]
    assert {mail.recipients for mail in mails if mail.method == "REQUEST"} == {
        (ADA.email,),
        (BEN.email,),
    }
    together = defaultdict(set)
    for day, who in half_year.held:
        together[day].add(who)
    assert any({ADA.id, BEN.id} <= people for people in together.values())


def _status_agrees_with_the_account(half_year: HalfYear) -> None:
    """The final page, counted once more from what the test itself saw happen and told."""
    status = half_year.asks("status")
    for month in status["months"]:
        met = {who for day, who in half_year.held if f"{day:%Y-%m}" == month["month"]}
        assert set(month["people"]) == met, month
        assert month["met"] == len(met)
    reached = sum(month["met"] >= month["goal"] for month in status["months"] if month["goal"])
    assert status["summary"]["months_reached"] == reached
    assert status["summary"]["meetings"] == len(half_year.over)
    steps = {contact["id"]: contact["step"] for contact in status["contacts"]}
    assert steps == {friend.id: _step(half_year, friend.id) for friend in FRIENDS}
    assert set(steps.values()) == set(Step)
    assert status["steps"] == {step: list(steps.values()).count(step) for step in Step}
    last = {who: day.isoformat() for day, who in sorted(half_year.held)}
    assert {c["id"]: c["last_met"] for c in status["contacts"]} == {
        friend.id: last.get(friend.id) for friend in FRIENDS
    }


def _step(half_year: HalfYear, contact: str) -> Step:
    held = sum(1 for _, who in half_year.held if who == contact)
    return step_by_hand(held, {told.kind for told in half_year.told if told.contact == contact})


def _nothing_private_went_out(half_year: HalfYear) -> None:
    for mail in half_year.mails_to_others():
        for text in (mail.text, mail.calendar, words_of(mail)):
            assert "PRIVATE" not in text
            assert NEED not in text
            assert OFFER not in text


def _a_digest_came_every_week(half_year: HalfYear) -> None:
    weeks = (LAST_DAY - date(2026, 11, 2)).days // 7 + 1
    assert len(half_year.mails_to_me()) == weeks
