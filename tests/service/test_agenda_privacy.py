"""With a marker in every private field, none reaches another person, or a log."""

import logging
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from calendar_client import edit, move, prefix, set_status
from installation import Install, Installation
from mailed import mail_table, words_of
from rhythm import Rhythm
from servers import Radicale, SmtpSink, User, Xandikos
from whole_account import every_byte

from connectd.domain.introductions import Introduction
from connectd.domain.model import Fact, State

KINDS = ("ask", "helped_me", "need", "offer", "helped", "promised", "kept", "note")
LONG = date(2027, 6, 1)
STEPS = ("connect", "help_me", "help_them", "introduce")
IN_THE_AGENDA = (
    *("xqtag", "xqremark", "xqdora", "xqbecause", "xqquestion"),
    *(f"xq{kind}" for kind in ("ask", "need", "offer", "promised")),
)
MARKERS = (*IN_THE_AGENDA, "xqhelped", "xqkept", "xqnote", "xqhers", "xqletter")
HOW_IT_IS_SAID = ("to talk about with", "question:", "follow-up", "last met", "would be welcome")


def fill_the_record(alice: Installation) -> None:
    """Put a marker of its own into everything that is the user's alone, about bob and others."""
    store, today = alice.store, alice.now.date()
    bob = store.contact("bob-baker")
    dora = alice.add("Dora Xqdora", "dora@example.test", "results")
    assert bob
    store.update_contact(bob._replace(note="xqremark", tags=("xqtag",), birthday="1980-11-05"))
    store.update_contact(dora._replace(note="xqhers", tags=("xqhers",), snoozed_until=LONG))
    facts = [("helped_me", "xqhelped_me"), ("kept", "xqkept")]
    facts += [(kind, f"xq{kind}") for kind in KINDS if (kind, f"xq{kind}") not in facts]
    for kind, text in facts:
        store.add_fact(Fact("bob-baker", kind, f"{text} and more", today, due=today), alice.now)
        store.add_fact(Fact(dora.id, kind, f"xqhers {kind}", today), alice.now)
    store.save_introduction(
        Introduction(
            *("bob-baker", dora.id, alice.now, "xqbecause they both sail"),
            texts=("xqletter to bob", "xqletter to dora"),
        )
    )
    own = "".join(
        f'[{step}]\nreplace = true\nquestions = ["What of the xqquestion?"]\n' for step in STEPS
    )
    alice.config_file.with_name("questions.toml").write_text(own)
    alice.restart()


def live(alice: Installation, look: Callable[[], None]) -> None:
    """Run the daemon from the draft to the call-off, and look at everything after each beat."""
    steps: list[tuple[int, Callable[[], object]]] = [
        (0, lambda: None),
        (5, lambda: edit(alice.user, alice.path(), prefix("OK"))),
        (5, lambda: None),
        (5, lambda: edit(alice.user, alice.path(), move(timedelta(days=1)))),
        (5, lambda: None),
        (5, lambda: edit(alice.user, alice.path(), set_status("CANCELLED"))),
        (5, lambda: None),
    ]
    states: list[State] = []

    def after_each(act: Callable[[], object]) -> Callable[[], object]:
        def look_and_act() -> None:
            look()
            states.append(alice.state())
            act()

        return look_and_act

    first, *others = steps
    Rhythm(alice).run([first, *((minutes, after_each(act)) for minutes, act in others)])
    look()
    states.append(alice.state())
    assert [*dict.fromkeys(states)] == [
        State.DRAFTED,
        State.ACCEPTED,
        State.INVITED,
        State.CANCELLED,
    ]


def assert_silent(text: str) -> None:
    plain = " ".join(text.replace("\r\n ", "").replace("=\n", "").lower().split())
    found = [said for said in (*MARKERS, *HOW_IT_IS_SAID) if said in plain]
    assert found == []


def assert_told(text: str) -> None:
    plain = text.replace("\r\n ", "").lower()
    assert [marker for marker in IN_THE_AGENDA if marker not in plain] == []
    assert "xqhers" not in plain
    assert "xqletter" not in plain


@pytest.fixture(autouse=True)
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO)
    return caplog


@pytest.mark.parametrize("where", ["todo", "mail", "none"])
def test_by_mail(
    radicale: Radicale,
    install: Install,
    sink: SmtpSink,
    where: str,
    log: pytest.LogCaptureFixture,
) -> None:
    alice = install(radicale.new_user(), more=mail_table(sink.port), agenda=where)
    alice.add()
    fill_the_record(alice)
    told: set[str] = set()

    def look() -> None:
        for mail in sink.messages:
            if mail.recipients == (alice.user.email,):
                assert_told(words_of(mail))
                told.add("mail")
            else:
                assert_silent(mail.text + words_of(mail) + mail.calendar)
        told.update(look_at_own_calendar(alice))

    live(alice, look)
    to_bob = [mail for mail in sink.messages if mail.recipients == ("bob@example.test",)]
    assert [mail.method for mail in to_bob] == ["REQUEST", "REQUEST", "CANCEL"]
    assert told == {"draft"} | ({where} - {"none"})
    assert "invite bob-baker" in log.text
    assert_silent(log.text)


@pytest.mark.parametrize("where", ["todo", "none"])
def test_by_a_server_with_two_users(
    xandikos: Xandikos,
    pair: tuple[User, User],
    install: Install,
    where: str,
    log: pytest.LogCaptureFixture,
) -> None:
    alice, bob = install(pair[0], agenda=where), pair[1]
    alice.add(email=bob.email)
    fill_the_record(alice)
    told: set[str] = set()
    heard: list[str] = []
    before = len(xandikos.mails())

    def look() -> None:
        heard.append(every_byte(bob))
        assert_silent(heard[-1])
        for mail in xandikos.mails()[before:]:
            assert_silent(mail.text + mail.calendar)
        told.update(look_at_own_calendar(alice))

    live(alice, look)
    assert alice.meeting().uid not in heard[1]
    assert alice.meeting().uid in heard[2]
    assert told == {"draft"} | ({where} - {"none"})
    assert "invite bob-baker" in log.text
    assert_silent(log.text)


def look_at_own_calendar(alice: Installation) -> set[str]:
    """Check that the event is silent once it was sent; return where the agenda stands."""
    told = set()
    sent = alice.meeting().invited_at is not None
    for text in alice.drafted().values():
        if "BEGIN:VTODO" in text:
            assert_told(text)
            assert "CLASS:PRIVATE" in text
            told.add("todo")
        elif sent and alice.meeting().uid in text:
            assert_silent(text)
        elif alice.meeting().uid in text:
            assert_told(text)
            told.add("draft")
    return told
