"""Opening a database: private from the first moment, and refused with a reason."""

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from store_builders import NOW, Other, contact

from connectd.edges.store import Store
from connectd.errors import StoreError

NOBODY = 65534


@pytest.fixture(params=[0o000, 0o022], ids=["umask 000", "umask 022"])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("umask")
def test_files_and_new_directories_are_for_the_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "share" / "state" / "connectd.db"
    with Store.open(path) as store:
        store.add_contact(contact())
        names = ("connectd.db", "connectd.db-wal", "connectd.db-shm")
        assert {name: mode(path.with_name(name)) for name in names} == dict.fromkeys(names, 0o600)
    assert mode(path.parent) == 0o700
    assert mode(path.parent.parent) == 0o700


def test_the_file_is_private_from_the_moment_of_its_creation(tmp_path: Path) -> None:
    script = """
import os
os.umask(0)
def look(event, _):
    if event in {"sqlite3.connect", "os.chmod"}:
        say(*[oct(file.stat().st_mode & 0o777) for file in path.parent.iterdir()])
sys.addaudithook(look)
Store.open(path).close()
"""
    assert Other(script, tmp_path / "connectd.db").finish() == "0o600"


def test_what_was_open_to_others_is_closed_to_them(tmp_path: Path) -> None:
    directory = tmp_path / "state"
    path = directory / "connectd.db"
    Store.open(path).close()
    directory.chmod(0o755)
    path.chmod(0o644)
    Store.open(path).close()
    assert (mode(directory), mode(path)) == (0o700, 0o600)


def test_a_home_directory_stays_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    tmp_path.chmod(0o755)
    Store.open(tmp_path / "connectd.db").close()
    assert (mode(tmp_path), mode(tmp_path / "connectd.db")) == (0o755, 0o600)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory away")
def test_a_directory_where_everybody_writes_is_refused(tmp_path: Path) -> None:
    os.chown(tmp_path, NOBODY, NOBODY)
    tmp_path.chmod(0o777)
    with pytest.raises(StoreError, match="set \\[state\\] path to a directory of your own"):
        Store.open(tmp_path / "connectd.db")
    assert list(tmp_path.iterdir()) == []


def test_the_settings_that_keep_it_safe_are_on(store: Store) -> None:
    def setting(name: str) -> object:
        row = store.database.row(f"PRAGMA {name}")
        return None if row is None else row[0]

    assert setting("journal_mode") == "wal"
    assert setting("synchronous") == 2
    assert setting("foreign_keys") == 1
    assert setting("busy_timeout") == 10_000


def test_a_missing_database_is_not_created_unasked(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="connectd setup"):
        Store.open(tmp_path / "state" / "connectd.db", create=False)
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "connectd.db"
    path.write_text("these are my notes\n" * 100)
    with pytest.raises(StoreError, match=r"not a database\. Move it away"):
        Store.open(path)
    assert path.read_text() == "these are my notes\n" * 100


def test_the_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "connectd.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE bookmarks (url TEXT)")
    connection.commit()
    with pytest.raises(StoreError, match="another program"):
        Store.open(path)
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("bookmarks",)]
    connection.close()


def test_a_damaged_database_says_so(tmp_path: Path) -> None:
    path = tmp_path / "connectd.db"
    with Store.open(path) as store, store.transaction():
        for number in range(500):
            store.log(NOW, "draft", "bob", f"m-{number}", "because " * 20)
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 2)
        file.write(b"\xa5" * (size // 2))
    with pytest.raises(StoreError, match="put back a copy"), Store.open(path) as store:
        store.journal(limit=500)


def test_a_directory_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "connectd.db").mkdir()
    with pytest.raises(StoreError, match="unable to open database file"):
        Store.open(tmp_path / "connectd.db")


@pytest.mark.parametrize("existing", [False, True])
def test_a_directory_that_cannot_be_written_is_refused(*, existing: bool) -> None:
    # pathlib asks urllib for a URI, and nobody may not read a Python that lies in root's home
    without_root = f"""
import os, urllib.parse
if os.geteuid() == 0: os.setuid({NOBODY})
try: Store.open(path)
except Exception as error: say(type(error).__name__ + ": " + str(error))
"""
    with TemporaryDirectory() as place:
        path = Path(place) / "connectd.db"
        if existing:
            Store.open(path).close()
            if os.geteuid() == 0:
                os.chown(path, NOBODY, NOBODY)
        Path(place).chmod(0o555)
        said = Other(without_root, path).finish()
        Path(place).chmod(0o700)
    assert said.startswith(f"StoreError: The database {path}")


def test_a_path_with_odd_characters_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "50% of #1?mode=memory" / "my file.db"
    Store.open(path).close()
    assert path.exists()


def test_the_import_is_light() -> None:
    script = (
        "import click, sqlite3, json, tomllib, sys\n"
        "before = set(sys.modules)\n"
        "import connectd.edges.store\n"
        "print(*(set(sys.modules) - before))\n"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    added = [name for name in run.stdout.split() if not name.startswith("connectd")]
    assert {name.partition(".")[0] for name in added} <= sys.stdlib_module_names | {
        name for name in added if name.startswith("_sysconfigdata")
    }
    assert len(added) < 30
