"""`connectd doctor` finds what is wrong with a real installation, and says what to do."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from diagnosis import examined
from hostile import ONE_LINE, unsafe
from servers import User
from shell import Shell

from connectd.edges.store import Store
from connectd.service.doctor.checks import NAMES


def test_all_is_well_after_a_tick(well: Shell) -> None:
    before = well.files()
    found = examined(well)
    assert (found.not_fine, found.status, found.ok) == ([], 0, True)
    assert found.one("drafts").detail == "a draft for trial was written, read and removed"
    assert {"main: Calendar", "main: Connections"} <= {x.subject for x in found.all("calendar")}
    assert all(line.took_seconds is not None for line in found.all("server"))
    after = well.files()
    assert {path: after[path] for path in before} == before


def test_it_is_told_line_by_line(well: Shell) -> None:
    well.reconfigure("[agenda]", "[daemon]\nevery_minutes = 1\n[agenda]")
    ran = well.run("doctor", now="2026-11-02T09:00:00Z").ends_with(7)
    lines = ran.out.splitlines()
    at = next(at for at, line in enumerate(lines) if line.startswith("warning  last tick: "))
    assert "2 hours ago; it should be every 1 minute" in lines[at]
    assert lines[at + 1] == "         → see that connectd runs, and what its log says"
    assert lines[-1] == "1 warning: the arrows say what to do."
    assert ran.err == ""


def test_every_problem_of_the_configuration_is_named_and_the_rest_is_looked_at(well: Shell) -> None:
    well.reconfigure("months = 6", 'months = "six"')
    well.reconfigure('drafts = "Connections"', 'drafts = "Connections"\ncolour = "red"')
    found = examined(well)
    assert (found.status, found.ok) == (3, False)
    said = [line.detail for line in found.all("configuration")]
    assert any(said.startswith("goal.months: ") for said in said)
    assert any('account "main".colour: ' in said for said in said)
    assert [line.level for line in found.all("calendar")] == ["ok", "ok"]
    assert found.one("drafts").level == "ok"
    assert found.one("database").level == "ok"


@pytest.mark.parametrize("text", ["[me\n", "\x00", "", "account = 3\nfeed = [1]\nme = []"])
def test_a_configuration_of_no_use_leaves_what_needs_none(offline: Shell, text: str) -> None:
    offline.configure(text)
    found = examined(offline)
    assert found.status == 3
    assert {"configuration", "permissions", "database", "versions"} <= found.names
    assert not {"credentials", "dns"} & found.names


def test_without_a_configuration_it_says_how_to_get_one(shell: Shell) -> None:
    found = examined(shell)
    assert found.status == 3
    assert found.one("configuration").advice == "run `connectd setup` to write one"
    assert shell.files() == {}


@pytest.mark.parametrize("what", ["configuration", "database"])
def test_a_path_that_cannot_even_be_looked_at_is_one_line(offline: Shell, what: str) -> None:
    """As in a directory of somebody else's; a name that is too long does it for root, too."""
    too_long = offline.folder / ("x" * 300)
    words = ("--config", str(too_long)) if what == "configuration" else ()
    offline.reconfigure("https://dav.example.test/", "https://nowhere.invalid/")
    offline.configure(f'{offline.config.read_text()}[state]\npath = "{too_long}"\n')
    ran = offline.run(*words, "doctor", "--json").ends_with(3)
    lines = {line["name"]: line for line in ran.json["checks"]}
    assert lines[what]["level"] == "error"
    assert "setup" not in lines[what]["advice"]
    assert "begin anew" not in lines[what]["advice"]
    assert lines["versions"]["level"] == "ok"


def test_what_others_may_read_or_change_is_named(well: Shell) -> None:
    well.config.chmod(0o666)
    well.database.chmod(0o644)
    well.database.parent.chmod(0o755)
    well.config.parent.chmod(0o777)
    found = examined(well)
    assert {line.advice for line in found.all("permissions")} == {
        f"chmod 600 {well.config}",
        f"chmod go-w {well.config.parent}",
        f"chmod 600 {well.database}",
        f"chmod 700 {well.database.parent}",
    }
    assert found.status == 3
    assert well.database.stat().st_mode & 0o777 == 0o644, "it only looks"


def test_an_event_that_cannot_be_read_is_named_with_what_it_costs(
    well: Shell, odd: Callable[[str], None]
) -> None:
    odd("Odd one")
    found = examined(well)
    line = found.one("events")
    assert (line.level, line.subject) == ("warning", "Calendar")
    assert "“Odd one” could not be read: " in line.detail
    assert "Kept free of drafts: " in line.detail
    assert found.status == 7


def test_of_many_events_that_cannot_be_read_twenty_are_named(
    well: Shell, odd: Callable[[str], None], alice: User
) -> None:
    odd("Odd one")
    found = alice.dav.request("GET", f"{alice.calendar}odd.ics").text
    others = [f"{alice.calendar}odd{number}.ics" for number in range(24)]
    for number, href in enumerate(others):
        text = found.replace("UID:odd", f"UID:odd{number}")
        alice.dav.put(href, text, new=True).expect(201)
    try:
        lines = examined(well).all("events")
    finally:
        for href in others:
            alice.dav.request("DELETE", href)
    assert [line.detail for line in lines[20:]] == ["5 more could not be read"]
    assert len({line.detail for line in lines[:20]}) == 1, "the others have all the same title"
    assert lines[-1].advice == "connectd plan --json lists them all"


def test_a_damaged_database_is_named_and_the_rest_is_looked_at(well: Shell) -> None:
    with Store.open(well.database) as store:
        for number in range(200):
            store.set_note(f"note {number}", "x" * 200)
    with sqlite3.connect(well.database) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (root,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'notes'"
        ).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    data = bytearray(well.database.read_bytes())
    data[(root - 1) * size : root * size] = b"\xa5" * size
    well.database.write_bytes(data)
    found = examined(well)
    assert found.one("database").level == "error"
    assert "damaged" in found.one("database").detail
    assert found.status == 3
    assert found.one("drafts").level == "ok"


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda path: path.write_bytes(b"no database at all " * 100), "file is not a database"),
        (lambda path: run_sql(path, "PRAGMA user_version = 999"), "newer connectd"),
        (lambda path: run_sql(path, "PRAGMA application_id = 7"), "another program's. Set"),
        (lambda path: run_sql(path, "PRAGMA user_version = 4"), "from an older connectd"),
    ],
)
def test_a_database_of_no_use_is_named(
    offline: Shell, spoil: Callable[[Path], object], words: str
) -> None:
    offline.ok("contacts")
    spoil(offline.database)
    offline.reconfigure("https://dav.example.test/", "https://nowhere.invalid/")
    before = offline.database.read_bytes()
    assert words in examined(offline).one("database").detail
    assert offline.database.read_bytes() == before


def run_sql(path: Path, sql: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(sql)
    connection.close()


def test_it_waits_for_no_daemon_that_is_at_work(well: Shell) -> None:
    busy = sqlite3.connect(well.database, isolation_level=None)
    busy.execute("BEGIN IMMEDIATE")
    busy.execute("INSERT INTO notes VALUES ('half', 'done')")
    try:
        assert examined(well).status == 0
    finally:
        busy.close()


def test_foreign_words_do_not_steer_the_terminal(well: Shell, odd: Callable[[str], None]) -> None:
    odd(ONE_LINE.replace(";", "").replace(",", "").replace("\\", ""))
    ran = well.run("doctor")
    assert "could not be read" in ran.out
    assert unsafe(ran.out) == set()


def test_a_report_of_a_real_account_holds_nothing_of_it(
    well: Shell, alice: User, odd: Callable[[str], None]
) -> None:
    odd("Xqodd title, of sorts")
    file = well.folder / "report.md"
    ran = well.run("doctor", "--bundle", str(file)).ends_with(7)
    assert f"The report is in {file}" in ran.err
    text = file.read_text()
    assert "“title-1” could not be read" in text
    for private in ("Xqodd", alice.name, alice.password, alice.email, "Alice", "bob", "Baker"):
        assert private.lower() not in text.lower(), private


def test_the_page_names_every_check_in_its_order() -> None:
    page = (Path(__file__).parents[3] / "docs" / "doctor.md").read_text()
    table = page.partition("|---|---|---|\n")[2].partition("\n\n")[0]
    assert [line.split("|")[1].strip() for line in table.splitlines()] == list(NAMES)
