"""A report for a bug tracker holds nothing private of a busy installation, and is of use."""

import re
from datetime import date, timedelta
from socket import gethostname

import busy_life
import pytest
from busy_life import FIRST_NAMES, live
from shell import Shell
from typist import typist

from connectd.config_keys import SECTIONS
from connectd.domain.found import Found
from connectd.domain.introductions import Introduction
from connectd.domain.model import Fact, Span
from connectd.domain.view import Event, Unreadable
from connectd.edges.store import AccountRecord, CalendarRecord, FeedRecord, ObjectRow, Store
from connectd.edges.store.checkup import blank_in_memory
from connectd.edges.store.overview import PRIVATE_COLUMNS
from connectd.formats.folded_text import fold
from connectd.formats.readings import Reading, encode, encode_unreadable
from connectd.service.doctor.told_configuration import HARMLESS, PRIVATE
from connectd.service.notes import leave_health, leave_upcoming

AT = busy_life.AT
CALENDAR = "https://xqnowhere.invalid/xqpath/xqcal/"
HOUR = Span(AT, AT + timedelta(hours=1))
CONFIG = """
[me]
name = "Alice Xqsurname"
emails = ["alice@xqmail.test", "xqother@xqmail.test"]
timezone = "Europe/Berlin"
[goal]
people_per_month = 3
months = "xqmonths"
colour = "xqcolour"
[[account]]
name = "xqaccount"
url = "https://xqnowhere.invalid/xqpath/"
username = "xquser"
password_command = ["echo", "xqpassword"]
drafts = "Xqdrafts"
ignore = ["Xqbirthdays"]
[[feed]]
name = "xqfeed"
url = "https://xqfeedhost.invalid/xqtoken/abc.ics"
[mail]
host = "xqsmtp.invalid"
username = "xqmailuser"
password_command = ["echo", "xqmailpassword"]
[invitation]
booking_url = "https://xqbooking.test/xqalice"
text = "Xqhello {first_name}"
[xqsection]
xqkey = "xqvalue"
[categories.xqcategory]
ideal_days = 30
[state]
path = "xqstate/xqfile.db"
"""


@pytest.fixture
def private_life(shell: Shell) -> Shell:
    """A busy life with a marker in every place that may hold something private."""
    live(shell)
    shell.configure(CONFIG)
    database = shell.config.parent / "xqstate" / "xqfile.db"
    database.parent.mkdir(mode=0o700)
    shell.database.rename(database)
    shell.environment |= {"USER": "xqlogin", "LOGNAME": "xqlogin"}
    with Store.open(database) as store:
        fill(store)
    return shell


def fill(store: Store) -> None:
    ada = next(one for one in store.contacts() if one.id == "ada")
    private = ada._replace(note="Xqnote, that", tags=("xqtag",), birthday="1961-11-05")
    store.update_contact(private._replace(free_busy="https://xqbusy.test/xq"))
    store.remove_contact("dora")
    store.add_fact(Fact("ada", "need", "Xqneed of hers", date(2026, 11, 1)), AT)
    store.save_introduction(Introduction("ada", "carol", AT, "Xqbecause", texts=("Xqone", "Xqtwo")))
    one = Event("Xqcal", "/xq.ics", "xquid", "Xqtitle of it", HOUR, people=("xqguest@xq.test",))
    odd = Unreadable("Xqcal", "/o.ics", "xqodd", "Xqodd title", "it has no zone", "all of it")
    reading = Reading("xquid", (one,), (odd,))
    row = ObjectRow("/xq.ics", "1", "xquid", None, encode(reading), encode_unreadable((odd,)))
    store.save_objects(CALENDAR, [row])
    store.save_calendar(
        CalendarRecord(
            "xqaccount", "https://xqnowhere.invalid/xqpath/xqcal/", "Xqcal", "1", HOUR, AT
        )
    )
    error = "https://xqnowhere.invalid/xqpath/ did not answer; write to xqhelp@xq.test"
    store.save_account(AccountRecord("xqaccount", "{}", last_error=error, failing_since=AT))
    store.save_feed(FeedRecord("xqfeed", "h", error="xqfeedhost.invalid is gone"))
    gone = f"Dora Ng, Xqupcoming with Ada, {gethostname()}"
    leave_health(store, AT, f"xqaccount: Xqgone calendar: {error}; xqfeed: it is gone; {gone}")
    leave_upcoming(store, [Found("ada", HOUR, "xqup", "Xqupcoming with Ada")])
    store.set_note("inbox.https://xqnowhere.invalid/xqinbox/", '{"xq": 1}')
    store.log(AT, "complete", "ada", None, "found in your calendar on 2026-11-05: Xqpruned title")
    store.log(AT, "draft", "ben", "xquid", "“Xqold” of Ben Ng is over; so xqaccount is free")


def written(shell: Shell, *words: str, status: int = 3) -> str:
    """Have the report written, and return it."""
    file = shell.folder / "report.md"
    shell.run("doctor", "--bundle", str(file), *words, now=busy_life.NOW).ends_with(status)
    assert file.stat().st_mode & 0o777 == 0o600
    return file.read_text()


def test_nothing_private_is_in_it(private_life: Shell) -> None:
    plain = fold(written(private_life))
    assert "xq" not in plain, plain[max(0, plain.find("xq") - 80) :][:160]
    words = set(re.findall(r"[a-z0-9]+", plain))
    people = {name.lower() for name in FIRST_NAMES} | {"ng", "alice", "bob"}
    assert words & people == set()
    assert "1961" not in words
    assert str(private_life.folder) not in plain
    assert "dentist" not in plain
    assert "board meeting" not in plain
    assert fold(gethostname()) not in plain


def test_it_tells_what_helps_to_find_a_fault(private_life: Shell) -> None:
    text = written(private_life)
    assert "error: dns (host-" in text
    assert "people_per_month = 3" in text
    assert re.search(r"^url = 'https://host-\d+/path-\d+'$", text, re.MULTILINE)
    assert re.search(r"^password_command = \(a command of 2 words\)$", text, re.MULTILINE)
    assert re.search(r"^key-\d+ = 'value-\d+'$", text, re.MULTILINE)
    assert re.search(r"^meetings, state drafted: 3$", text, re.MULTILINE)
    assert re.search(
        r"^2026-11-18T08:00:00Z complete person-\d+ found in your calendar on", text, re.MULTILINE
    )
    assert "failing since 2026-11-18 08:00:00+00:00" in text
    assert "versions: connectd " in text


def test_the_same_person_is_the_same_word(private_life: Shell) -> None:
    text = written(private_life)
    complete = re.search(r"complete (person-\d+) found", text)
    title = re.search(r"draft (person-\d+)", text)
    assert complete
    assert title
    assert complete[1] != title[1]


def test_a_file_that_is_there_stays(offline: Shell) -> None:
    offline.reconfigure("https://dav.example.test/", "https://nowhere.invalid/")
    file = offline.folder / "report.md"
    file.write_text("mine")
    ran = offline.run("doctor", "--bundle", str(file)).ends_with(2)
    assert "--force" in ran.err
    assert "ok  " not in ran.out, "it asks before it looks"
    assert file.read_text() == "mine"
    assert "# A report" in written(offline, "--force", "--json", status=5)


def test_a_place_where_no_file_can_be_is_told_before_it_looks(offline: Shell) -> None:
    ran = offline.run("doctor", "--bundle", str(offline.folder / "nowhere" / "report.md"))
    assert "no directory that you can write to" in ran.ends_with(2).err
    assert ran.out == ""


def test_a_password_that_was_fetched_is_not_in_it(offline: Shell) -> None:
    """As when somebody put it where it does not belong, or a server sent it back."""
    secret = "correct horse, battery"
    (offline.folder / "a-file").write_text(f"{secret}\n")
    offline.reconfigure("https://dav.example.test/", "https://nowhere.invalid/")
    offline.reconfigure('["echo", "hunter2"]', '["cat", "a-file"]')
    offline.ok("contacts")
    with Store.open(offline.database) as store:
        leave_health(store, AT, f"it said x{secret}x")
        store.log(AT, "draft", None, None, f"with {secret.upper()}")
    text = written(offline, status=5)
    assert "it said xsecret-1x" in text
    assert secret.lower() not in text.lower()


def test_at_a_terminal_it_asks_before_it_writes_over_a_file(offline: Shell) -> None:
    offline.reconfigure("https://dav.example.test/", "https://nowhere.invalid/")
    file = offline.folder / "report.md"
    file.write_text("mine")
    with typist(offline, "doctor", "--bundle", str(file)) as user:
        user.answer("exists. Write over it?", "n")
        assert "ok  " not in user.ends_with(130)
    assert file.read_text() == "mine"


def test_there_is_a_report_where_nothing_works(shell: Shell) -> None:
    shell.configure("[me]\nname = 'Xqsurname'\n[me.xqtwice]\n[me.xqtwice]")
    assert "xqtwice" in shell.run("doctor").out
    text = written(shell)
    assert "none that can be read" in text
    assert "xq" not in text.lower()


def test_every_key_of_the_configuration_is_either_harmless_or_private() -> None:
    keys = {f"{name}.{key.name}" for name, section in SECTIONS.items() for key in section.keys}
    assert keys == HARMLESS | PRIVATE.keys()
    assert HARMLESS & PRIVATE.keys() == set()


HARMLESS_COLUMNS = """
accounts.form accounts.failing_since accounts.last_error_at accounts.last_success
accounts.paused_at contacts.kind contacts.snoozed_until contacts.step contacts.timezone
encounters.how encounters.on_day facts.created_at facts.due facts.kind facts.on_day
"""
"""Texts that are no secret."""

NOT_SHOWN = """
accounts.drafts accounts.home accounts.refused_secret acquaintances address_books
calendar_objects.calendar calendar_objects.etag calendar_objects.href calendar_objects.text
calendars.account calendars.read_at calendars.url calendars.version calendars.window_end
calendars.window_start cards.book cards.contact cards.etag cards.href contact_emails.contact
contact_emails.folded contacts.free_busy encounters.contact encounters.meeting encounters.source
facts.contact facts.meeting feed_texts feeds.address feeds.etag feeds.last_modified feeds.version
follow_ups intents introductions letters mails meetings meta placements their_busy
"""
"""What a report tells nothing of but a number of rows, or sorts of rows."""

SEEN_TO = """
accounts.last_error calendar_objects.reading calendar_objects.unreadable contacts.id
contacts.name feeds.error feeds.read_at former_contacts.contact former_contacts.name
journal notes
"""
"""What is taken apart by methods of their own."""


def test_every_text_in_the_database_has_been_thought_of() -> None:
    """Whoever adds a column decides here whether it is private."""
    connection = blank_in_memory().database.connection
    thought_of = {*HARMLESS_COLUMNS.split(), *NOT_SHOWN.split(), *SEEN_TO.split()}
    thought_of |= PRIVATE_COLUMNS.keys()
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    columns = {
        f"{table}.{column['name']}"
        for (table,) in tables
        for column in connection.execute(f"PRAGMA table_info({table})")
        if column["type"] in {"TEXT", "BLOB"}
    }
    assert {one for one in columns - thought_of if one.split(".")[0] not in thought_of} == set()
