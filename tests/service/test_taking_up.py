"""An introduction that connectd suggests, taken up by the user, also after somebody agreed."""

from datetime import timedelta

import pytest
from installation import Install, Installation
from mailed import mail_table, words_of
from matchmaker import ADA, BOB, WANTED, Matchmaker, readers
from servers import Radicale, SmtpSink

from connectd.domain.introductions import Bringing, Introduction, Opting
from connectd.errors import SenselessError
from connectd.service import opting

TAKE_UP = 'connectd introduce ada-lovelace bob-baker --because "…"'


@pytest.fixture
def alice(radicale: Radicale, install: Install, sink: SmtpSink) -> Installation:
    return install(radicale.new_user(), more=mail_table(sink.port))


@pytest.fixture
def matchmaker(alice: Installation) -> Matchmaker:
    """Alice, to whom connectd suggested two people yesterday."""
    matchmaker = Matchmaker(alice)
    suggested = Introduction("ada-lovelace", "bob-baker", alice.now - timedelta(days=1))
    alice.store.save_introduction(suggested)
    return matchmaker


@pytest.mark.parametrize("by_hand", [True, False])
def test_nobody_is_asked_before_there_is_a_reason(
    matchmaker: Matchmaker, sink: SmtpSink, *, by_hand: bool
) -> None:
    with pytest.raises(SenselessError, match="why they should meet") as refused:
        matchmaker.ask("ada-lovelace", by_hand=by_hand)
    assert TAKE_UP in str(refused.value)
    assert matchmaker.introduction.asked == ()
    matchmaker.tick()
    assert sink.messages == []


def test_nobody_is_introduced_before_there_is_a_reason(matchmaker: Matchmaker) -> None:
    for who in ("ada-lovelace", "bob-baker"):
        matchmaker.agree(who)
    opting.choose(matchmaker.alice.store, matchmaker.introduction, Bringing.MAIL)
    with pytest.raises(SenselessError, match="why they should meet"):
        matchmaker.send()


def test_a_reason_given_later_keeps_what_was_said(matchmaker: Matchmaker, sink: SmtpSink) -> None:
    matchmaker.agree("bob-baker")
    before = matchmaker.introduction
    taken_up = matchmaker.begin()
    assert (taken_up.asked, taken_up.agreed) == (("bob-baker",), ("bob-baker",))
    assert (taken_up.began_at, taken_up.because) == (before.began_at, WANTED.because)
    matchmaker.ask("ada-lovelace")
    matchmaker.tick()
    (mail,) = sink.messages
    assert WANTED.because in words_of(mail)
    matchmaker.agree("ada-lovelace")
    matchmaker.send()
    matchmaker.tick()
    assert readers(sink) == [(ADA,), (ADA,), (BOB,)]


def test_a_question_is_asked_as_it_is_on_record_by_then(matchmaker: Matchmaker) -> None:
    """The user had looked at it before the reason was there."""
    seen = matchmaker.introduction
    matchmaker.begin()
    told = matchmaker.ask("ada-lovelace", of=seen)
    assert WANTED.because in told.text


def test_a_reason_alone_takes_no_meeting_out_of_the_calendar(matchmaker: Matchmaker) -> None:
    for who in ("ada-lovelace", "bob-baker"):
        matchmaker.agree(who)
    matchmaker.tick()
    assert matchmaker.introduction.meeting
    with pytest.raises(SenselessError, match="say no to that one first"):
        matchmaker.begin(WANTED._replace(by=Bringing.MAIL))
    taken_up = matchmaker.begin(WANTED._replace(by=Bringing.MEETING))
    assert (taken_up.state, taken_up.meeting) == (Opting.AGREED, matchmaker.introduction.meeting)


def test_words_of_blanks_are_none(matchmaker: Matchmaker) -> None:
    begun = matchmaker.begin(WANTED._replace(texts=("  \n", None)))
    assert begun.texts[0].startswith("Hi Ada,")
