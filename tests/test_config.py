from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from config_texts import ACCOUNT, GOAL, HERE, HOME, ME, SMALLEST, parse

from connectd import config
from connectd.config import Account, Daemon, Delivery, Feed, Mail, Person
from connectd.domain.model import Cadence, Goal, MeetingRules, Month
from connectd.errors import ConfigError


def test_the_smallest_configuration_has_the_documented_defaults() -> None:
    smallest = parse(SMALLEST)

    morning, afternoon = (time(9), time(12)), (time(13), time(17))
    assert smallest.path == HERE
    assert smallest.me == Person(
        "Alice Example",
        ("alice@example.test", "a.example@work.test"),
        ZoneInfo("Europe/Berlin"),
    )
    assert smallest.accounts == (
        Account(
            name="main",
            url="https://dav.example.test/",
            username="alice",
            email="alice@example.test",
            password_command=None,
            token_command=None,
            busy=("*",),
            ignore=(),
            drafts="Connections",
            accepted=None,
            draft_form="auto",
            ca_file=None,
        ),
    )
    assert smallest.feeds == ()
    assert smallest.policy.zone == ZoneInfo("Europe/Berlin")
    assert smallest.policy.hours == dict.fromkeys(range(5), (morning, afternoon))
    assert smallest.policy.rules == MeetingRules(
        minutes=45,
        buffer_minutes=15,
        notice_hours=48,
        horizon_days=28,
        per_day=1,
        per_week=3,
        open_drafts=3,
        grace_minutes=2,
        expires_hours=24,
        pause_days=7,
        rest_after=3,
        rest_days=90,
        assume_met_after_days=3,
    )
    assert smallest.policy.categories == {
        "results": Cadence(30, 60),
        "organization": Cadence(30, 60),
        "business": Cadence(30, 60),
    }
    assert smallest.delivery == Delivery("auto")
    assert smallest.mail is None
    assert smallest.daemon.every_minutes == 5
    assert smallest.state == Path("/home/alice/.local/state/connectd/connectd.db")


def test_a_goal_without_a_start_counts_from_the_month_of_installation() -> None:
    installed = Month(2026, 11)

    assert parse(SMALLEST).goal_starts is None
    assert parse(SMALLEST).with_start(installed).policy.goal == Goal(3, 6, installed)


def test_a_goal_with_a_start_keeps_it() -> None:
    configured = parse(SMALLEST.replace("months = 6", 'starts = "2027-01"'))

    assert configured.goal_starts == Month(2027, 1)
    assert configured.policy.goal == Goal(3, 6, Month(2027, 1))
    assert configured.with_start(Month(2026, 11)) == configured


def test_a_day_left_out_is_a_day_off() -> None:
    hours = '[hours]\ntuesday = ["08:00-09:30"]\nfriday = []'

    assert parse(SMALLEST + hours).policy.hours == {1: ((time(8), time(9, 30)),)}


def test_one_of_the_three_categories_can_be_changed_alone() -> None:
    business = "[categories.business]\nideal_days = 14\n"

    assert parse(SMALLEST + business).policy.categories == {
        "results": Cadence(30, 60),
        "organization": Cadence(30, 60),
        "business": Cadence(14, 60),
    }


def test_categories_with_names_of_their_own_replace_the_three() -> None:
    own = '[categories.results]\n[categories."close friends"]\nlongest_days = 90\n'

    assert parse(SMALLEST + own).policy.categories == {
        "results": Cadence(30, 60),
        "close friends": Cadence(30, 90),
    }


@pytest.mark.parametrize(
    ("security", "port"), [('"tls"', 465), ('"starttls"', 587), ('"none"', 25)]
)
def test_the_mail_port_follows_the_security(security: str, port: int) -> None:
    mail = f'[mail]\nhost = "127.0.0.1"\nsecurity = {security}\nusername = "alice"\n'

    configured = parse(SMALLEST + mail).mail

    assert configured
    assert configured.port == port
    assert configured.from_ == "alice@example.test"


def test_everything_at_once() -> None:
    full = parse(
        ME
        + GOAL
        + ACCOUNT
        + """
        email = "a@example.test"
        password_command = ["pass", "show", "dav"]
        busy = ["Work", "https://dav.example.test/alice/family/"]
        ignore = ["Birthdays"]
        accepted = "Work"
        draft_form = "plain"
        ca_file = "/etc/ssl/private-ca.pem"
        [[account]]
        name = "google"
        url = "http://[::1]:8080/dav/"
        username = "alice@example.test"
        token_command = ["oama", "access", "alice@example.test"]
        busy = []
        [[feed]]
        name = "work"
        url = "webcal://calendar.example.test/private/abc.ics"
        ca_file = "private-ca.pem"
        [delivery]
        sender = "mail"
        [mail]
        host = "smtp.example.test"
        port = 2465
        security = "tls"
        username = "alice"
        from = "alice@mail.test"
        token_command = ["oama", "access", "alice@mail.test"]
        ca_file = "~/ca.pem"
        [daemon]
        every_minutes = 15
        notices = "mail"
        [state]
        path = "/var/lib/connectd.db"
        """
    )

    main, google = full.accounts
    assert main.email == "a@example.test"
    assert main.password_command == ("pass", "show", "dav")
    assert main.busy == ("Work", "https://dav.example.test/alice/family/")
    assert main.ignore == ("Birthdays",)
    assert main.accepted == "Work"
    assert main.draft_form == "plain"
    assert main.ca_file == Path("/etc/ssl/private-ca.pem")
    assert google.token_command == ("oama", "access", "alice@example.test")
    assert google.busy == ()
    assert google.drafts is None
    assert full.drafts_account == main
    work = "https://calendar.example.test/private/abc.ics"
    assert full.feeds == (Feed("work", work, HERE.parent / "private-ca.pem"),)
    assert full.delivery == Delivery("mail")
    assert full.mail == Mail(
        host="smtp.example.test",
        port=2465,
        security="tls",
        username="alice",
        from_="alice@mail.test",
        token_command=("oama", "access", "alice@mail.test"),
        ca_file=Path("/home/alice/ca.pem"),
    )
    assert full.daemon == Daemon(15, "mail")
    assert full.state == Path("/var/lib/connectd.db")


def test_large_values_are_legal() -> None:
    text = SMALLEST.replace("people_per_month = 3", "people_per_month = 60") + (
        "[meeting]\nminutes = 480\nbuffer_minutes = 0\nnotice_hours = 0\nhorizon_days = 56\n"
        "per_day = 20\nper_week = 100\nopen_drafts = 60\ngrace_minutes = 0\n"
        "expires_hours = 0\npause_days = 0\nrest_days = 0\nassume_met_after_days = 0\n"
    )

    assert parse(text).policy.rules == MeetingRules(480, 0, 0, 56, 20, 100, 60, 0, 0, 0, 3, 0, 0)
    assert parse(text).policy.goal.people_per_month == 60


def test_hours_are_sorted_and_may_touch_and_end_at_midnight() -> None:
    hours = '[hours]\nsunday = ["12:00-24:00", "00:00-01:30", "01:30-12:00"]\n'

    assert parse(SMALLEST + hours).policy.hours == {
        6: (
            (time(0), time(1, 30)),
            (time(1, 30), time(12)),
            (time(12), time(0)),
        )
    }


@pytest.mark.parametrize(
    "url",
    [
        "https://dav.example.test",
        "HTTPS://dav.example.test:8443/a%20b/",
        "https://büro.example.test/",
        "http://localhost:5232/",
        "http://127.0.0.1:5232/",
        "http://127.1.2.3/",
        "http://[::1]/",
    ],
)
def test_urls_that_are_safe(url: str) -> None:
    assert parse(SMALLEST.replace("https://dav.example.test/", url)).accounts[0].url == url


@pytest.mark.parametrize("name", ["main", "Work 2", "a.b-c_d@example+x", "x" * 64])
def test_account_names_that_can_be_file_names(name: str) -> None:
    assert parse(SMALLEST.replace('"main"', f'"{name}"')).accounts[0].name == name


@pytest.mark.parametrize("username", ["alice@example.test", "älice", "DOMAIN\\\\alice"])
def test_user_names(username: str) -> None:
    text = SMALLEST.replace('username = "alice"', f'username = "{username}"')

    assert parse(text).accounts[0].username == username.replace("\\\\", "\\")


def test_mail_without_a_user_name_to_this_very_machine() -> None:
    mail = parse(SMALLEST + '[mail]\nhost = "localhost"\nport = 1025\nsecurity = "none"').mail

    assert mail == Mail("localhost", 1025, "none", None, "alice@example.test")


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("~/data/connectd.db", "/home/alice/data/connectd.db"),
        ("/srv/connectd.db", "/srv/connectd.db"),
        ("connectd.db", "/home/alice/.config/connectd/connectd.db"),
    ],
)
def test_paths_start_at_home_or_beside_the_configuration(written: str, found: str) -> None:
    assert parse(SMALLEST + f'[state]\npath = "{written}"').state == Path(found)
    account = parse(SMALLEST + f'ca_file = "{written}"').accounts[0]
    assert account.ca_file == Path(found)


def test_the_state_follows_xdg() -> None:
    def state(xdg: str) -> Path:
        return config.parse(SMALLEST, HERE, HOME | {"XDG_STATE_HOME": xdg}).state

    assert state("/data/state") == Path("/data/state/connectd/connectd.db")
    assert state("relative") == Path("/home/alice/.local/state/connectd/connectd.db")


def test_a_missing_file_says_how_to_get_one(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "none.toml", tmp_path / "file" / "none.toml"):
        with pytest.raises(ConfigError, match=r"connectd setup.*config\.example\.toml") as e:
            config.load(path, HOME)
        assert str(path) in str(e.value)


def test_a_directory(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is a directory"):
        config.load(tmp_path, HOME)


def test_a_path_that_cannot_be_opened(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)

    with pytest.raises(ConfigError, match="cannot be read: Too many levels"):
        config.load(loop, HOME)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"[me]\nname = 'Gr\xfcn'\n")

    with pytest.raises(ConfigError, match=r"not UTF-8 text \(see line 2\)"):
        config.load(path, HOME)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(SMALLEST, encoding="utf-8-sig")

    assert config.load(path, HOME).me.name == "Alice Example"


def test_a_mistake_in_the_syntax_is_named_with_its_place() -> None:
    with pytest.raises(ConfigError, match=r"(?s)config\.toml.*line 3, column 6"):
        parse('[me]\nname = "x"\nemail: "x"\n')


def test_where_the_configuration_is() -> None:
    environment = HOME | {"XDG_CONFIG_HOME": "/xdg", "CONNECTD_CONFIG": "/chosen.toml"}

    assert config.config_path("/option.toml", environment) == Path("/option.toml")
    assert config.config_path(None, environment) == Path("/chosen.toml")
    del environment["CONNECTD_CONFIG"]
    assert config.config_path(None, environment) == Path("/xdg/connectd/config.toml")
    environment["XDG_CONFIG_HOME"] = "relative"
    assert config.config_path(None, environment) == HERE
    assert config.config_path(None, HOME) == HERE


def test_without_a_home_variable_the_user_database_is_asked() -> None:
    assert config.config_path(None, {}).is_absolute()
