"""With a marker in everything private at once, none reaches a contact or a log, whatever happens.

One meeting of two, one of three that is moved and turned down, and an introduction by mail, from
the draft to the digest of the next week.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from accounts import event
from calendar_client import answer, edit, move, prefix, set_status
from installation import FIRST_SLOT, Install, Installation
from introduced import ADA, BOB, three
from mailed import mail_table, words_of
from rhythm import Rhythm
from servers import Radicale, SentMail, SmtpSink, User, Xandikos
from whole_account import every_byte

from connectd.domain.introductions import Bringing, Introduction
from connectd.domain.model import Fact, Span, State, Step
from connectd.formats.introduction_words import regrets
from connectd.service import opting
from connectd.service.introducing import ask, bring_together
from connectd.service.opting import Wanted

KINDS = ("ask", "helped_me", "need", "offer", "helped", "promised", "kept", "note")
PEOPLE = {"Ada Ash": ADA, "Bob Baker": BOB, "Cy Cole": "cy-cole", "Dora Dean": "dora-dean"}
PEOPLE |= {"Eve Eden": "eve-eden", "Fay Xqfay": "fay-xqfay"}
BIRTHDAY = ("1961-11", "19611105")
"""Written as no number that a server draws is."""
SAID_OF_THEM = ("help_them", "help them", "your week", "to talk about with", "question:")
MARKERS = ("xq", *SAID_OF_THEM, *BIRTHDAY)
HALF_AN_HOUR = timedelta(minutes=30)
MORE = """
[digest]
by = "calendar"
[categories.xqcategory]
ideal_days = 30
longest_days = 60
"""


class Story:
    """Alice, and all that the others and the log may see of her after each beat of the daemon."""

    def __init__(self, alice: Installation, emails: dict[str, str], sink: SmtpSink) -> None:
        self.alice = alice
        self.emails = {PEOPLE[name]: emails.get(name, f"{PEOPLE[name]}@x.test") for name in PEOPLE}
        self.sink = sink
        for name, contact in PEOPLE.items():
            alice.add(name, self.emails[contact], "xqcategory")
        self._fill()

    def _fill(self) -> None:
        """Put a marker into every private field of everybody."""
        alice, today = self.alice, self.alice.now.date()
        store = alice.store
        for person in store.contacts():
            note, tags = "xqremark, that is", ("xqtag", "sailing")
            private = person._replace(note=note, tags=tags, birthday="1961-11-05")
            store.update_contact(private._replace(step=Step.HELP_THEM))
            for kind in KINDS:
                fact = Fact(person.id, kind, f"xq{kind} of {person.id}", today, due=today)
                store.add_fact(fact, alice.now)
        store.add_acquaintance("cy-cole", "fay-xqfay", "said")
        both = (ADA, BOB)
        store.save_introduction(
            Introduction(*both, alice.now, "xqbecause", asked=both, agreed=both, texts=("xq", "xq"))
        )
        hint = Introduction("cy-cole", "fay-xqfay", alice.now, "xqhint", texts=("xqa", "xqb"))
        store.save_introduction(hint)
        steps = (step.value for step in Step)
        own = (
            f'[{step}]\nreplace = true\nquestions = ["What of the xqquestion?"]' for step in steps
        )
        alice.config_file.with_name("questions.toml").write_text("\n".join(own))
        busy = event("own", Span(FIRST_SLOT, FIRST_SLOT + HALF_AN_HOUR), "Xqtherapy")
        alice.user.dav.put(f"{alice.user.calendar}own.ics", busy, new=True).expect(201)
        alice.restart()

    def live(self, *acts: Callable[[], object], look: Callable[[], None]) -> None:
        """Let the daemon beat after each act, and look at everything after each beat."""

        def after_a_look(act: Callable[[], object]) -> Callable[[], object]:
            def look_and_act() -> None:
                look()
                act()

            return look_and_act

        first, *others = acts
        Rhythm(self.alice).run([(5, first), *((5, after_a_look(act)) for act in others)])
        look()

    def say_yes(self) -> None:
        for meeting in self.alice.store.meetings():
            if meeting.state is State.DRAFTED:
                place = self.alice.store.placement(meeting.uid)
                assert place
                how = set_status("CONFIRMED") if self.alice.user.schedules else prefix("OK")
                edit(self.alice.user, place.href, how)

    def collide(self) -> None:
        """Put an event of alice's own over both meetings."""
        first, *others = (meeting.span for meeting in self.alice.store.open_meetings())
        for number, span in enumerate([first, *others]):
            own = event(f"over{number}", span, "Xqdoctor")
            href = f"{self.alice.user.calendar}over{number}.ics"
            self.alice.user.dav.put(href, own, new=True).expect(201)

    def introduce(self) -> None:
        """Ask dora and eve, each in words of her own that the other must not read."""
        alice, texts = self.alice, ("Xydora, sails?", "Xyeve, maps?")
        dora, eve = (alice.store.contact(who) for who in ("dora-dean", "eve-eden"))
        assert dora
        assert eve
        wanted = Wanted("You both sail", Bringing.MAIL, texts)
        begun = opting.begin(alice.store, wanted, dora, eve, alice.config.me, alice.now)
        for who in (dora.id, eve.id):
            begun = ask(begun, who, alice.means, alice.now).introduction

    def bring_together(self) -> None:
        alice = self.alice
        known = alice.store.introduction("dora-dean", "eve-eden")
        assert known
        for who in known.people:
            known = opting.agree(alice.store, known, who, alice.now)
        bring_together(known, alice.means, alice.now)

    def check_mails(self) -> None:
        for mail in self.sink.messages:
            headers = mail.text.partition("\r\n\r\n")[0]
            assert_silent(headers + words_of(mail) + mail.calendar)
            if "dora-dean@x.test" in mail.recipients:
                assert "xyeve" not in words_of(mail).lower()
            if "eve-eden@x.test" in mail.recipients:
                assert "xydora" not in words_of(mail).lower()

    def check_calendar(self) -> set[str]:
        """Check what names a contact, and what is for alice alone; return what was seen."""
        seen = set()
        for text in self.alice.drafted().values():
            plain = text.replace("\r\n ", "")
            shared = [who for who, email in self.emails.items() if f"mailto:{email}" in plain]
            if shared:
                assert_silent(plain)
                seen.add(" and ".join(shared))
            elif "BEGIN:VTODO" in plain or "Your week" in plain:
                assert "ATTENDEE" not in plain
                assert "ORGANIZER" not in plain
                assert "CLASS:PRIVATE" in plain
                seen.add("task" if "BEGIN:VTODO" in plain else "digest")
            else:
                assert not any(email in plain for email in self.emails.values())
                seen.add("draft")
        return seen


def assert_silent(text: str) -> None:
    plain = " ".join(text.replace("\r\n ", "").replace("=\n", "").lower().split())
    found = [(marker, plain[max(0, plain.find(marker) - 60) :][:120]) for marker in MARKERS]
    found = [(marker, where) for marker, where in found if marker in plain]
    assert found == [], found


@pytest.fixture(autouse=True)
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO)
    return caplog


def installed(user: User, install: Install, sink: SmtpSink) -> Installation:
    rules = {"open_drafts": 2, "per_day": 2, "per_week": 6}
    more = mail_table(sink.port) + MORE
    return install(user, more=more, agenda="todo", goal=6, meeting=rules)


def the_log_is_silent(log: pytest.LogCaptureFixture) -> None:
    said = [record.getMessage() for record in log.records if record.name == "connectd"]
    assert any(line.startswith("invite ") for line in said)
    assert_silent("\n".join(said).replace("fay-xqfay", "fay"))


def test_by_mail(
    radicale: Radicale, install: Install, sink: SmtpSink, log: pytest.LogCaptureFixture
) -> None:
    story = Story(installed(radicale.new_user(), install, sink), {}, sink)
    alice, seen = story.alice, set()

    def look() -> None:
        story.check_mails()
        seen.update(story.check_calendar())

    def bob_declines() -> None:
        edit(alice.user, alice.path(ADA), answer(story.emails[BOB], "DECLINED"))

    def move_it() -> None:
        edit(alice.user, alice.path(ADA), move(timedelta(days=1)))

    nothing = lambda: None  # noqa: E731 - an act like the others
    acts = (nothing, story.introduce, story.collide, nothing, story.say_yes, story.say_yes)
    acts += (nothing, story.bring_together, move_it, nothing, bob_declines, nothing)
    story.live(*acts, lambda: later(alice, 8), nothing, lambda: later(alice, 3), look=look)
    assert {"draft", "task", "digest", f"{ADA} and {BOB}"} <= seen
    methods = [mail.method for mail in sink.messages if story.emails[ADA] in mail.recipients]
    assert methods == ["REQUEST", "REQUEST", "CANCEL"]
    assert len(letters(sink, story.emails["eve-eden"])) == 2
    assert_silent(regrets("Dora Dean", "Alice Example"))
    the_log_is_silent(log)


def later(alice: Installation, days: int) -> None:
    alice.now += timedelta(days=days)


def letters(sink: SmtpSink, address: str) -> list[SentMail]:
    """Return the mails to an address that are no invitations."""
    return [mail for mail in sink.messages if address in mail.recipients and not mail.method]


def test_by_a_server_with_three_users(
    xandikos: Xandikos, install: Install, sink: SmtpSink, log: pytest.LogCaptureFixture
) -> None:
    ada, bob = xandikos.new_user("ada"), xandikos.new_user("bob")
    emails = {"Ada Ash": ada.email, "Bob Baker": bob.email}
    story = Story(installed(xandikos.new_user("alice"), install, sink), emails, sink)
    before = len(xandikos.mails())
    alice, seen = story.alice, set()
    heard: list[str] = []

    def look() -> None:
        story.check_mails()
        seen.update(story.check_calendar())
        for person in (ada, bob):
            heard.append(every_byte(person))
            assert_silent(heard[-1])
        for mail in xandikos.mails()[before:]:
            assert_silent(mail.text.partition("\r\n\r\n")[0] + mail.calendar)

    def bob_declines() -> None:
        (href,) = bob.dav.objects(bob.calendar)
        edit(bob, href, answer(bob.email, "DECLINED"))

    def move_it() -> None:
        edit(alice.user, alice.path(ADA), move(timedelta(days=1)))

    nothing = lambda: None  # noqa: E731 - an act like the others
    acts = (nothing, story.introduce, nothing, story.say_yes, nothing, nothing)
    acts += (nothing, story.bring_together, move_it, nothing, bob_declines, nothing)
    story.live(*acts, lambda: later(alice, 8), nothing, look=look)
    assert {"draft", "task", "digest", f"{ADA} and {BOB}"} <= seen
    assert three(alice).uid in "".join(heard)
    assert len(letters(sink, story.emails["eve-eden"])) == 2
    the_log_is_silent(log)
