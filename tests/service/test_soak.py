"""Thirty days of the daemon in a process of its own, with all that goes wrong in a month.

Time runs fast; the server, the mail server and the keyring are real.
"""

import email
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from gnome_keyring import desktop, require_gnome_keyring
from installation import NOW, Install, Installation
from keyring_of_alice import KeyringOfAlice
from mailed import mail_table
from proxy import Fault, Proxy, Reply
from servers import Radicale, SmtpSink, User, wait_until
from soak_daemon import SoakDaemon
from soak_life import PEOPLE, SECRET, AliceLife

from connectd.domain.model import State
from connectd.service.notes import health

DAYS = 30
LOG_LINES_A_DAY = 40
DATABASE_BYTES, WAL_BYTES = 1_000_000, 4_500_000
GROWTH = 1.10
ALWAYS = 1_000_000
MASTER = "login"
WENT_OUT = frozenset({State.INVITED, State.CONFIRMED, State.MET, State.MISSED, State.CANCELLED})
DOWN = Fault(forward=False, drop=True)
REFUSED = Fault(forward=False, reply=Reply(401, {"WWW-Authenticate": 'Basic realm="dav"'}))
BUSY = Fault(forward=False, reply=Reply(503, {"Retry-After": "1800"}))


@pytest.fixture
def user(radicale: Radicale) -> User:
    return radicale.new_user()


@pytest.fixture
def work(radicale: Radicale) -> User:
    return radicale.new_user("work")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Return what a process needs to know of the desktop, where the keyring is open."""
    require_gnome_keyring()
    with desktop(tmp_path, unlock_with=MASTER) as session:
        # whoever would ask for the master password says no at once, not after a while
        prompter = tmp_path / "data/dbus-1/services/prompter.service"
        prompter.write_text(prompter.read_text().replace("/bin/sleep 20", "/bin/false"))
        yield session


@pytest.fixture
def keyring(session: dict[str, str], work: User) -> Iterator[KeyringOfAlice]:
    keyring = KeyringOfAlice(session, MASTER)
    keyring.keep("work", work.password)
    yield keyring
    keyring.close()


@pytest.fixture
def alice(user: User, work: User, proxy: Proxy, install: Install, sink: SmtpSink) -> Installation:
    """Return alice with two accounts, one of them with its password in the keyring."""
    tables = [
        mail_table(sink.port),
        f'[[account]]\nname = "work"\nurl = "{proxy.url}"\nusername = "{work.name}"',
    ]
    alice = install(
        user,
        url=proxy.url,
        more="\n".join(tables),
        goal=6,
        every_minutes=60,
        notices="mail",
        meeting={"notice_hours": 24, "pause_days": 2, "horizon_days": 14},
    )
    for name in PEOPLE:
        alice.add(name, f"{name.split()[0].lower()}@example.test")
    return alice


@pytest.fixture
def life(alice: Installation, work: User) -> AliceLife:
    life = AliceLife(alice, work)
    life.begin(NOW)
    return life


@pytest.fixture
def daemon(alice: Installation, session: dict[str, str], tmp_path: Path) -> Iterator[SoakDaemon]:
    daemon = SoakDaemon(alice.config_file, tmp_path / "said", NOW, session)
    yield daemon
    daemon.kill()


class Month:
    """The days, one after the other, and what goes wrong on them."""

    def __init__(
        self,
        alice: Installation,
        life: AliceLife,
        daemon: SoakDaemon,
        proxy: Proxy,
        keyring: KeyringOfAlice,
    ) -> None:
        self.alice, self.life, self.daemon = alice, life, daemon
        self.proxy, self.keyring = proxy, keyring
        self.lines: list[int] = []
        self.resident: list[int] = []
        self.troubles: dict[int, Callable[[], None]] = {
            1: self.stop_and_start,
            4: self.lose_the_network,
            6: self.lose_the_answer_to_a_write,
            8: self.suspend,
            10: self.refuse_the_password_for_a_day,
            13: self.lock_the_keyring,
            16: self.change_the_configuration,
            18: self.break_the_configuration,
            20: self.set_the_clock_and_put_it_right,
            22: self.be_busy,
            26: self.wake_up_without_a_network,
        }

    def pass_by(self) -> None:
        self.be_killed_while_writing()
        for day in range(DAYS):
            said = len(self.daemon.said)
            morning = self.daemon.now
            self.life.change_her_calendar(day, morning)
            self.daemon.live(hours=5)
            self.life.answer_one_draft()
            self.troubles.get(day, self.nothing)()
            self.life.tell_of_one_meeting(self.daemon.now)
            self.daemon.live(
                seconds=(morning + timedelta(days=1) - self.daemon.now).total_seconds()
            )
            assert health(self.alice.store)[1] is None, f"day {day}: {self.daemon.said[-5:]}"
            self.lines.append(len(self.daemon.said) - said)
            self.resident.append(self.daemon.resident_kib())
            self.proxy.clear()

    def nothing(self) -> None:
        self.daemon.live(hours=6)

    def be_killed_while_writing(self) -> None:
        """The server has got a draft, and its answer never comes."""
        self.proxy.inject(Fault(hang=True), "PUT")
        self.daemon.launch()
        calendar = f"{self.alice.user.home}connections/"
        wait_until(lambda: any(seen.method == "PUT" for seen in self.proxy.requests), "a PUT", 20)
        wait_until(lambda: self.alice.user.dav.hrefs(calendar) != [], "a draft")
        self.daemon.kill()
        self.daemon.start()

    def stop_and_start(self) -> None:
        self.daemon.live(hours=1)
        self.daemon.stop()
        self.daemon.start()

    def lose_the_network(self) -> None:
        self.proxy.inject(DOWN, times=ALWAYS)
        self.daemon.live(hours=6)
        self.proxy.clear()

    def lose_the_answer_to_a_write(self) -> None:
        self.proxy.inject(Fault(drop=True), "PUT")
        self.proxy.inject(Fault(reply=Reply(504)), "PUT")
        self.daemon.live(hours=6)

    def suspend(self) -> None:
        self.life.answer_one_draft()
        self.daemon.suspend(hours=9)

    def refuse_the_password_for_a_day(self) -> None:
        name = self.alice.user.name
        self.proxy.clear()
        self.proxy.inject(REFUSED, part=f"/{name}/", times=ALWAYS)
        self.daemon.live(hours=18)
        refused = [seen for seen in self.proxy.requests if f"/{name}/" in seen.path]
        assert len(refused) <= 3, "a server would have locked the account"
        self.proxy.clear()
        self.configure('["echo",', '["printf", "%s\\\\n",')
        self.daemon.reload("the configuration was loaded again")

    def lock_the_keyring(self) -> None:
        self.keyring.lock()
        self.daemon.reload("the configuration was loaded again")
        self.daemon.live(hours=6)
        assert "the keyring" in (health(self.alice.store)[1] or "")
        self.keyring.unlock()

    def change_the_configuration(self) -> None:
        self.configure("people_per_month = 6", "people_per_month = 7")
        self.daemon.reload("the configuration was loaded again")
        self.daemon.live(hours=6)

    def break_the_configuration(self) -> None:
        self.configure("people_per_month = 7", "people_per_month = 7 people")
        self.daemon.reload("the one so far stays")
        self.daemon.live(hours=6)
        self.configure("people_per_month = 7 people", "people_per_month = 7")
        self.daemon.reload("the configuration was loaded again")

    def set_the_clock_and_put_it_right(self) -> None:
        self.daemon.set_clock(hours=3)
        self.daemon.live(hours=1)
        self.daemon.set_clock(hours=-3)
        self.daemon.live(hours=6)

    def be_busy(self) -> None:
        self.proxy.inject(BUSY, times=ALWAYS)
        self.daemon.live(hours=3)
        self.proxy.clear()

    def wake_up_without_a_network(self) -> None:
        self.proxy.inject(DOWN, times=4)
        self.daemon.suspend(hours=7)

    def configure(self, old: str, new: str) -> None:
        text = self.alice.config_file.read_text()
        assert old in text
        self.alice.config_file.write_text(text.replace(old, new))


@pytest.fixture
def month(
    alice: Installation,
    life: AliceLife,
    daemon: SoakDaemon,
    proxy: Proxy,
    keyring: KeyringOfAlice,
) -> Month:
    return Month(alice, life, daemon, proxy, keyring)


@pytest.mark.timeout(600)
def test_after_a_month_nothing_is_doubled_lost_or_grown(
    month: Month, alice: Installation, life: AliceLife, daemon: SoakDaemon, sink: SmtpSink
) -> None:
    month.pass_by()
    daemon.kill()
    daemon.start()
    daemon.live(hours=2)

    assert life.stored_now() == life.hers
    objects = alice.drafted()
    nothing_is_doubled(alice, objects, sink)
    every_answer_counted(alice, life, objects, sink)
    nothing_told_is_lost(alice, life)
    notices_came_once_a_day(alice, sink)
    the_log_is_short_and_says_no_titles(month, alice)
    assert month.resident[-1] <= month.resident[3] * GROWTH, month.resident
    the_database_is_small(alice)


def nothing_is_doubled(alice: Installation, objects: dict[str, str], sink: SmtpSink) -> None:
    uids = Counter(uid_of(text) for text in objects.values())
    assert max(uids.values()) == 1
    meetings = {meeting.uid for meeting in alice.store.meetings()}
    assert {uid_of(text) for text in objects.values() if "BEGIN:VEVENT" in text} <= meetings
    people = Counter(meeting.contact for meeting in alice.store.open_meetings())
    assert max(people.values()) == 1
    mails = Counter((m.uid, m.method, m.recipients) for m in sink.messages if m.method)
    assert max(mails.values()) == 1
    assert alice.store.unfinished_intents() == ()


def uid_of(text: str) -> str:
    found = re.search(r"^UID:(.*?)\r?$", text, re.MULTILINE)
    assert found
    return found[1]


def every_answer_counted(
    alice: Installation, life: AliceLife, objects: dict[str, str], sink: SmtpSink
) -> None:
    states = {meeting.uid: meeting.state for meeting in alice.store.meetings()}
    assert len(life.yes) >= 5
    assert len(life.no) >= 2
    assert {states[uid] for uid in life.yes} <= WENT_OUT
    assert {states[uid] for uid in life.no} == {State.DECLINED}
    asked = {mail.uid for mail in sink.messages if mail.method == "REQUEST"}
    assert asked == set(life.yes)
    assert not set(life.no) & set(map(uid_of, objects.values()))


def nothing_told_is_lost(alice: Installation, life: AliceLife) -> None:
    assert len(life.told) >= 2
    assert life.told.keys() <= {met.contact for met in alice.store.encounters()}
    facts = {(fact.contact, fact.text) for fact in alice.store.all_facts()}
    assert life.told.items() <= facts


def notices_came_once_a_day(alice: Installation, sink: SmtpSink) -> None:
    letters = [email.message_from_string(m.text) for m in sink.messages if not m.method]
    zone = alice.config.me.timezone
    told = Counter(
        ("help" in str(one["Subject"]), parsedate_to_datetime(one["Date"]).astimezone(zone).date())
        for one in letters
    )
    assert max(told.values()) == 1
    assert len({trouble for trouble, _ in told}) == 2


def the_log_is_short_and_says_no_titles(month: Month, alice: Installation) -> None:
    text = "\n".join(month.daemon.said)
    assert max(month.lines) <= LOG_LINES_A_DAY, month.lines
    for word in ("Traceback", SECRET, alice.user.password, "work1-secret"):
        assert word not in text


def the_database_is_small(alice: Installation) -> None:
    path = alice.config.state
    assert path.stat().st_size < DATABASE_BYTES
    assert path.with_name(f"{path.name}-wal").stat().st_size < WAL_BYTES
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
