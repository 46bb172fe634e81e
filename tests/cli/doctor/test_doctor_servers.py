"""`connectd doctor` looks at the servers that connectd needs, and says what to do."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from accounts import event
from address_book import address_book
from diagnosis import examined
from mail_sink import MailSink
from proxy import Fault, Proxy, Reply
from servers import User, Xandikos
from servers.certificate import make_certificate
from servers.ports import free_port
from shell import Shell, configuration
from web_server import Page, WebServer

from connectd.domain.model import Span
from connectd.edges.store import Store

NOW = datetime(2026, 11, 2, 7, tzinfo=UTC)
TOMORROW = Span(NOW + timedelta(days=1), NOW + timedelta(days=1, hours=1))
MAIL = '[mail]\nhost = "127.0.0.1"\nport = {}\nsecurity = "none"\nusername = "alice"\n'
MAIL += 'password_command = ["echo", "hunter2"]\n'


def test_a_wrong_password_is_one_line_and_one_try(well: Shell, alice: User) -> None:
    with Proxy(alice.url) as proxy:
        well.reconfigure(alice.url, proxy.url)
        well.reconfigure(f'"{alice.password}"', '"wrong"')
        found = examined(well)
        refused = [seen for seen in proxy.requests if seen.method == "PROPFIND"]
    assert found.status == 4
    assert "does not accept the credentials" in found.one("server").detail
    assert found.one("credentials").detail == "come from the password_command (echo)"
    assert "calendar" not in found.names
    assert len(refused) == 1


def test_a_command_that_gives_no_password_is_named(well: Shell) -> None:
    well.reconfigure('password_command = ["echo",', 'password_command = ["false",')
    found = examined(well)
    assert found.status == 4
    assert "failed with status 1" in found.one("credentials").detail
    assert "server" not in found.names


def test_a_server_that_is_down_is_one_of_many_lines(well: Shell, alice: User) -> None:
    well.reconfigure(alice.url, f"http://127.0.0.1:{free_port()}/")
    found = examined(well)
    assert found.status == 5
    assert "nothing listens there" in found.one("server").detail
    assert found.one("database").level == "ok"
    assert found.one("versions").level == "ok"


def test_a_server_of_ones_own_that_is_down_is_to_be_started(well: Shell, alice: User) -> None:
    port = free_port()
    well.reconfigure(alice.url, f"http://127.0.0.1:{port}/")
    folder = well.database.parent / "radicale"
    folder.mkdir()
    (folder / "config").write_text(f"[server]\nhosts = 127.0.0.1:{port}\n")
    found = examined(well)
    assert "systemctl --user start connectd-radicale" in found.one("server").advice
    assert found.status == 5


def test_a_host_that_is_nowhere_is_looked_up_once(well: Shell, alice: User) -> None:
    well.reconfigure(alice.url, "https://nowhere.invalid/")
    found = examined(well)
    assert found.one("dns").detail == "No address is known for the name nowhere.invalid."
    assert not {"certificate", "clock"} & found.names
    assert found.status == 5


def test_a_paused_account_is_tried_afresh_and_goes_on(well: Shell, alice: User) -> None:
    refusal = Fault(forward=False, reply=Reply(401))
    with Proxy(alice.url) as proxy:
        well.reconfigure(alice.url, proxy.url)
        proxy.inject(refusal, times=9)
        well.run("tick").ends_with(4)
        assert paused(well)
        assert examined(well).status == 4
        assert paused(well), "it stays paused while it is refused"
        proxy.clear()
        found = examined(well)
        assert "goes on now" in found.one("server").detail
        assert [line.level for line in found.all("calendar")] == ["ok", "ok"]
        assert not paused(well)
        well.ok("tick")
        proxy.clear()
        assert examined(well).status == 0
        assert [seen for seen in proxy.requests if seen.method == "REPORT"], "it reads for real"


def paused(shell: Shell) -> bool:
    with Store.open(shell.database) as store:
        record = store.account("main")
    assert record
    return record.paused_at is not None


def test_what_cannot_be_removed_again_is_told_and_removed_next_time(
    well: Shell, alice: User
) -> None:
    with Proxy(alice.url) as proxy:
        well.reconfigure(alice.url, proxy.url)
        proxy.inject(Fault(forward=False, reply=Reply(204)), "DELETE")
        assert "could not be taken away" in examined(well).one("drafts").detail
        assert examined(well).one("drafts").level == "ok"


def test_where_nobody_knows_whether_it_was_written_nothing_is_left(
    well: Shell, alice: User
) -> None:
    with Proxy(alice.url) as proxy:
        well.reconfigure(alice.url, proxy.url)
        proxy.inject(Fault(drop=True), "PUT", times=1)
        assert examined(well).one("drafts").level == "error"
        deleted = [seen.path for seen in proxy.requests if seen.method == "DELETE"]
    assert [path.rpartition("/")[2] for path in deleted] == ["connectd-doctor-probe.ics"]


def test_a_certificate_that_ends_soon_is_a_warning(well: Shell, tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path / "tls", days_left=9.5)
    with MailSink(certificate=certificate, implicit=True, users={"alice": "hunter2"}) as sink:
        mail = MAIL.format(sink.port).replace('"none"', f'"tls"\nca_file = "{certificate}"')
        well.configure(well.config.read_text() + mail)
        found = examined(well)
    assert found.one("mail").level == "ok"
    (line,) = found.not_fine
    assert (line.name, line.level, line.subject) == (
        "certificate",
        "warning",
        f"127.0.0.1:{sink.port}",
    )
    assert line.detail.endswith(", in 9 days")
    assert found.status == 7


def test_a_calendar_for_drafts_that_cannot_be_written_is_named(well: Shell, alice: User) -> None:
    with Proxy(alice.url) as proxy:
        well.reconfigure(alice.url, proxy.url)
        proxy.inject(Fault(forward=False, reply=Reply(403)), "PUT")
        found = examined(well)
    assert found.one("drafts").level == "error"
    assert "not allowed" in found.one("drafts").detail
    assert found.status == 5


def test_a_calendar_that_cannot_be_read_does_not_stop_the_others(well: Shell, alice: User) -> None:
    with Proxy(alice.url) as proxy:
        well.reconfigure(alice.url, proxy.url)
        proxy.inject(Fault(forward=False, reply=Reply(500)), "REPORT", part="/cal/")
        found = examined(well)
    levels = {line.subject: line.level for line in found.all("calendar")}
    assert levels == {"main: Calendar": "error", "main: Connections": "ok"}
    assert found.one("drafts").level == "ok"


def test_names_that_mean_no_calendar_are_named(well: Shell) -> None:
    more = 'busy = ["Holliday"]\nignore = ["Birthdays"]\naccepted = "Yes"'
    well.reconfigure('drafts = "Connections"', f'drafts = "Connections"\n{more}')
    found = examined(well)
    levels = {x.subject: x.level for x in found.all("calendar") if x.level != "ok"}
    assert levels == {
        "main: Holliday": "error",
        "main: Yes": "error",
        "main: Birthdays": "warning",
    }
    assert all("there are: Calendar, Connections" in x.advice for x in found.not_fine)


@pytest.mark.parametrize(
    ("shift", "words"),
    [(-600, "10 minutes ahead of"), (7200, "2 hours behind"), (30, "agrees with")],
)
def test_a_clock_that_is_off_is_noticed(well: Shell, alice: User, shift: float, words: str) -> None:
    def other_time(reply: Reply) -> Reply:
        there = datetime.now(UTC) + timedelta(seconds=shift)
        return Reply(reply.status, reply.headers | {"Date": f"{there:%a, %d %b %Y %H:%M:%S GMT}"})

    with Proxy(alice.url) as proxy:
        well.reconfigure(alice.url, proxy.url)
        proxy.inject(Fault(change=other_time), "OPTIONS")
        found = examined(well)
    assert words in found.one("clock").detail
    assert found.status == (0 if shift == 30 else 7)


def test_a_mail_server_is_logged_in_to_and_sent_nothing(well: Shell) -> None:
    with MailSink(users={"alice": "hunter2"}) as sink:
        well.configure(well.config.read_text() + MAIL.format(sink.port))
        well.reconfigure('"hunter2"', '"wrong"')
        with Store.open(well.database) as store:
            store.set_note("mail_rests_until", "2026-11-02T09:00:00+00:00")
        found = examined(well)
        assert found.one("mail").level == "error"
        assert found.status == 4
        assert resting(well)
        well.reconfigure('"wrong"', '"hunter2"')
        found = examined(well)
        assert "it takes the login of alice" in found.one("mail").detail
        assert found.status == 0
        assert not resting(well), "mails go out with the next tick"
        assert len(sink.logins) == 2
        assert sink.mails == []


def resting(shell: Shell) -> bool:
    with Store.open(shell.database) as store:
        return store.get_note("mail_rests_until") is not None


def test_a_feed_that_is_gone_is_named_by_its_name_alone(well: Shell) -> None:
    url = f"http://127.0.0.1:{free_port()}/secret/abc.ics"
    well.configure(f'{well.config.read_text()}[[feed]]\nname = "work"\nurl = "{url}"\n')
    found = examined(well)
    assert found.one("feed").subject == "work"
    assert found.one("feed").level == "error"
    assert not any("secret" in f"{line.detail}{line.subject}" for line in found.lines)


def test_a_feed_whose_last_copy_stands_in_is_an_error_all_the_same(well: Shell) -> None:
    with WebServer() as web:
        web.pages["/work.ics"] = Page(event("work", TOMORROW, "Work").encode())
        well.configure(
            f'{well.config.read_text()}[[feed]]\nname = "work"\nurl = "{web.url}/work.ics"\n'
        )
        well.ok("tick")
        assert examined(well).one("feed").detail == "it was fetched and read"
    found = examined(well)
    assert found.one("feed").level == "error"
    assert "could not be fetched, and its last copy stands in: " in found.one("feed").detail
    assert found.status == 5


def test_a_server_that_schedules_says_what_it_can_do(shell: Shell, xandikos: Xandikos) -> None:
    alice = xandikos.new_user()
    shell.configure(configuration(alice))
    shell.config.chmod(0o600)
    shell.ok("tick")
    found = examined(shell)
    assert found.not_fine == []
    assert "sends invitations itself" in found.one("features").detail
    assert "it can be trusted, and ends on " in found.one("certificate").detail
    shell.reconfigure(f'ca_file = "{alice.ca_file}"', "")
    found = examined(shell)
    assert "not trusted: self-signed certificate" in found.one("certificate").detail
    assert found.status == 5


def test_an_address_book_has_to_be_there_where_people_come_from_one(
    well: Shell, alice: User
) -> None:
    people = '[people]\ngroup = "connect"\nurl = "{}"\n'
    text = well.config.read_text()
    well.configure(text + people.format(f"{alice.url}nowhere/"))
    assert examined(well).one("address book").level == "error"
    book = address_book(alice).url
    well.configure(text + people.format(book))
    assert "people on your list come from there" in examined(well).one("address book").detail
    alice.dav.request("DELETE", book)


def test_credentials_that_are_for_calendars_alone_are_well_where_no_people_come_from_there(
    well: Shell, alice: User
) -> None:
    def calendars_alone(reply: Reply) -> Reply:
        return Reply(401) if b"addressbook-home-set" in reply.body else reply

    with Proxy(alice.url) as proxy:
        well.reconfigure(alice.url, proxy.url)
        proxy.inject(Fault(change=calendars_alone), "PROPFIND", times=99)
        found = examined(well)
    assert found.one("address book").detail == "none was found, and none is needed"
    assert found.status == 0
