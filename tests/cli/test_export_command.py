"""`connectd contacts export`: a private file that can be imported again."""

from pathlib import Path

import pytest
from address_book import address_book
from servers import User
from shell import Shell, configuration

BOB = ("Bob Baker", "--email", "bob@example.test", "--category", "business")
MORE = ("--every", "20", "--kind", "walk", "--timezone", "Asia/Kolkata", "--note", "=1+1")


@pytest.fixture
def home(offline: Shell) -> Shell:
    """A home with two people on the list."""
    offline.ok("contacts", "add", *BOB, *MORE)
    offline.ok("contacts", "add", "Ada", "--email", "a@example.test", "--category", "results")
    return offline


def another(home: Shell) -> Shell:
    """Return somebody else's home with the same configuration."""
    folder = home.folder / "other"
    folder.mkdir()
    other = Shell(folder)
    other.configure(configuration())
    return other


def test_csv_on_standard_output_is_the_default(home: Shell) -> None:
    ran = home.ok("contacts", "export")
    assert ran.out.splitlines() == [
        "name,email,category,every_days,timezone,kind,note,free_busy,tags,birthday,archived",
        "Ada,a@example.test,results,,,coffee,,,,,",
        "Bob Baker,bob@example.test,business,20,Asia/Kolkata,walk,'=1+1,,,,",
    ]
    assert home.ok("contacts", "export", "-", "--format", "csv").out == ran.out


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("people.csv", ()),
        ("people.vcf", ()),
        ("people.VCF", ("--vcard-version", "3.0")),
        ("people", ("--format", "csv")),
    ],
)
def test_a_file_is_imported_as_it_was_exported(
    home: Shell, name: str, options: tuple[str, ...]
) -> None:
    path = home.folder / name
    ran = home.ok("contacts", "export", str(path), *options)
    assert ran.out == f"Wrote 2 people to {path}.\n"
    assert path.stat().st_mode & 0o777 == 0o600
    other = another(home)
    other.json("contacts", "import", str(path))
    before, after = home.json("contacts"), other.json("contacts")
    if name.lower().endswith(".vcf"):
        assert path.read_text().startswith("BEGIN:VCARD")
        before = [one | {"every_days": None, "kind": "coffee"} for one in before]
    assert after == before
    assert other.json("contacts", "show", "bob")["note"] == "=1+1"


def test_a_file_that_exists_is_written_over_only_by_force(home: Shell) -> None:
    path = home.folder / "people.csv"
    path.write_text("mine")
    path.chmod(0o644)
    ran = home.run("contacts", "export", str(path)).ends_with(2)
    assert "--force" in ran.err
    assert path.read_text() == "mine"
    assert home.json("contacts", "export", str(path), "--force") == {
        "file": str(path),
        "people": 2,
    }
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text().startswith("name,")
    assert [one.name for one in home.folder.iterdir() if "people" in one.name] == ["people.csv"]


@pytest.mark.parametrize("where", ["missing/people.csv", "."])
def test_what_cannot_be_written_is_said(home: Shell, where: str) -> None:
    home.run("contacts", "export", str(home.folder / where)).ends_with(2)


def test_json_needs_a_file(home: Shell) -> None:
    home.run("contacts", "export", "--json").ends_with(2)


def test_archived_people_and_the_uids_of_their_cards(shell: Shell, alice: User) -> None:
    shell.configure(configuration(alice, "[people]", 'group = "connect"'))
    book = address_book(alice)
    book.person("ada")
    book.person("bob")
    shell.ok("contacts", "import", "carddav")
    book.delete("bob")
    shell.ok("contacts", "import", "carddav")
    out = shell.ok("contacts", "export", "--format", "vcf").out
    assert "UID:uid-ada" in out
    assert "Bob" not in out
    out = shell.ok("contacts", "export", "--format", "vcf", "--all").out
    assert "UID:uid-bob" in out


def test_only_the_owner_can_read_a_file_at_any_time(home: Shell, tmp_path: Path) -> None:
    link = tmp_path / "link.csv"
    link.symlink_to(tmp_path / "nowhere.csv")
    home.run("contacts", "export", str(link)).ends_with(2)
    assert not (tmp_path / "nowhere.csv").exists()
