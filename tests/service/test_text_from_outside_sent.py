"""Whatever names, facts and titles hold: calendars and mails get it safe and well formed."""

import email
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.header import decode_header, make_header

import pytest
from accounts import event
from address_book import address_book
from calendar_client import edit, prefix
from hostile import FORMULA, HOSTILE, LONG, ONE_LINE, assert_well_formed, unsafe
from installation import Install, Installation
from mailed import mail_table
from servers import Radicale, SentMail, SmtpSink, Xandikos

from connectd.domain.introductions import Bringing, Introduction
from connectd.domain.model import Contact, Fact, Span, State
from connectd.service import answers, opting
from connectd.service.introducing import ask, bring_together
from connectd.service.opting import Wanted

KINDS = ("ask", "helped_me", "need", "offer", "helped", "promised", "note")
HEADERS = {"From", "To", "Subject", "Date", "Message-ID", "MIME-Version"}
HEADERS |= {"Content-Type", "Content-Transfer-Encoding", "Auto-Submitted"}
LONGEST_IN_MAIL = 998
ON_A_TUESDAY = Span(datetime(2026, 11, 3, 15, tzinfo=UTC), datetime(2026, 11, 3, 16, tzinfo=UTC))
MORE = """
[people]
group = "connect"
category = "results"
[invitation]
text = "{first_name}, {me}: \\u202E \\U0001F469\\u200D\\U0001F4BB {activity} at {time}"
"""


def assert_safe(mail: SentMail) -> None:
    """Check a mail as it left: its lines, its headers, and all its parts, decoded."""
    assert max(map(len, mail.text.split("\r\n"))) <= LONGEST_IN_MAIL
    assert mail.text.isascii()
    assert "\n" not in mail.text.replace("\r\n", "")
    message = email.message_from_string(mail.text)
    assert set(message.keys()) <= HEADERS
    assert len(message.keys()) == len(set(message.keys()))
    for value in message.values():
        decoded = str(make_header(decode_header(value)))
        assert unsafe(decoded.replace("\r\n", "\n")) == set()
    for part in message.walk():
        assert part.defects == []
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            text = content.decode()
            assert unsafe(text.replace("\r\n", "\n")) == set()
            if part.get_content_type() == "text/calendar":
                assert_well_formed(text, folded=True)


def fill(alice: Installation, contact: Contact) -> None:
    """Put the worst words into every kind of fact about somebody."""
    today = alice.now.date()
    for kind in KINDS:
        for text in (HOSTILE, LONG, FORMULA):
            alice.store.add_fact(Fact(contact.id, kind, text, today, due=today), alice.now)


def update(alice: Installation, contact: Contact) -> Contact:
    nasty = contact._replace(note=HOSTILE, tags=(f"t{ONE_LINE}"[:100],), birthday="--11-05")
    alice.store.update_contact(nasty)
    return nasty


@pytest.fixture(params=["radicale, mail", "radicale, calendar", "xandikos, calendar"])
def alice(request: pytest.FixtureRequest, install: Install, sink: SmtpSink) -> Installation:
    """Return connectd that knows six people whose names, notes and facts are hostile."""
    kind, digest_by = request.param.split(", ")
    server: Radicale | Xandikos = request.getfixturevalue(kind)
    user = server.new_user()
    book = address_book(user)
    for name in ("ada", "ben"):
        known = (f"FN:{name} {ONE_LINE.replace(chr(92), '/')}", f"NOTE:{HOSTILE[:30]}")
        book.put(name, *known, "N:;;;;", f"EMAIL:{name}@example.test", "CATEGORIES:connect")
    digest = f'[digest]\nby = "{digest_by}"\n'
    more = mail_table(sink.port) + MORE + digest
    rules = {"open_drafts": 6, "per_day": 2, "per_week": 6}
    alice = install(user, more=more, agenda="todo", goal=6, meeting=rules)
    for name in ("Cy", "Dora", "Eve", "Found"):
        alice.add(f"{name} {ONE_LINE}", f"{name}@example.test".lower())
    if not user.schedules:
        meet_in_hostile_words(alice)
    return alice


def meet_in_hostile_words(alice: Installation) -> None:
    """Put a meeting into the calendar that connectd finds; Xandikos cannot take its title."""
    title = "".join(c for c in HOSTILE[:-2] if unicodedata.category(c) != "Cc")
    people = [f"ORGANIZER:mailto:{alice.user.email}", f"ATTENDEE:mailto:{alice.user.email}"]
    people.append("ATTENDEE;PARTSTAT=ACCEPTED:mailto:found@example.test")
    found = event("found", ON_A_TUESDAY, title.replace(";", "").replace(",", ""), *people)
    alice.user.dav.put(f"{alice.user.calendar}found.ics", found, new=True).expect(201)


def test_all_that_is_written_and_mailed(alice: Installation, sink: SmtpSink) -> None:
    seen: list[str] = []

    def tick(**later: float) -> None:
        report = alice.tick(**later)
        assert [f for f in report.failures if "person" not in f.reason] == []
        for text in alice.drafted().values():
            # Radicale writes objects anew, and folds by the number of characters
            assert_well_formed(text, folded=alice.user.schedules)
            seen.append(text)
        for mail in sink.messages:
            assert_safe(mail)

    tick()
    people = [update(alice, contact) for contact in alice.store.contacts()]
    assert len(people) == 6
    for person in people:
        fill(alice, person)
    ids = {person.name.partition(" ")[0].lower(): person for person in people}
    introduce_by_mail(alice, ids["ada"], ids["ben"], tick)
    alice.store.save_introduction(
        Introduction(
            *(ids["dora"].id, ids["eve"].id, alice.now, HOSTILE),
            asked=(ids["dora"].id, ids["eve"].id),
            agreed=(ids["dora"].id, ids["eve"].id),
        )
    )
    for _ in range(2):
        decline_all(alice)
        tick(days=8)
    drafted = [m for m in alice.store.meetings() if m.state is State.DRAFTED]
    assert any(meeting.other for meeting in drafted)
    for meeting in drafted:
        placement = alice.store.placement(meeting.uid)
        assert placement
        edit(alice.user, placement.href, prefix("OK"))
    tick(minutes=5)
    tick(minutes=5)
    tick(minutes=5)
    invited = [m for m in alice.store.meetings() if m.state is State.INVITED]
    assert len(invited) == len(drafted)
    tick(days=9)
    tick(days=2)
    everything = "".join(seen)
    assert "BEGIN:VTODO" in everything
    by_mail = {""} if alice.user.schedules else {"REQUEST", ""}
    assert {mail.method for mail in sink.messages} == by_mail
    in_calendar = alice.config.digest and alice.config.digest.by == "calendar"
    assert ("Your week" in everything) is in_calendar


def decline_all(alice: Installation) -> None:
    for meeting in alice.store.meetings():
        if meeting.state is State.DRAFTED:
            person = alice.store.contact(meeting.contact)
            assert person
            answers.decline(alice.store, person, alice.now, alice.config.me.timezone)


def introduce_by_mail(
    alice: Installation, ada: Contact, ben: Contact, tick: Callable[..., None]
) -> None:
    """From the reason, and a text of the user's own, to the mail that brings both together."""
    wanted = Wanted(f"{LONG} {HOSTILE}", Bringing.MAIL, (f"Dear you\n{HOSTILE}{LONG}", None))
    store, now = alice.store, alice.now
    begun = opting.begin(store, wanted, ada, ben, alice.config.me, now)
    for who in (ada.id, ben.id):
        begun = ask(begun, who, alice.means, now).introduction
    tick(minutes=5)
    for who in (ada.id, ben.id):
        begun = opting.agree(store, begun, who, alice.now)
    bring_together(begun, alice.means, alice.now)
    tick(minutes=timedelta(minutes=5) / timedelta(minutes=1))
