"""Who is archived can be brought back, and stays archived where nobody asks for that."""

import pytest
from shell import Shell, configuration

HEADER = "name,email,category,archived"
ADA = "Ada Ash,ada@example.test,business,yes"
BACK = "`connectd contacts edit ada-ash --no-archived` brings them back."


def import_csv(shell: Shell, *rows: str) -> tuple[str, ...]:
    path = shell.folder / "people.csv"
    path.write_text("\n".join([HEADER, *rows, ""]))
    return ("contacts", "import", str(path))


@pytest.fixture
def shell(offline: Shell) -> Shell:
    """Return a home in which Ada is archived, and Bob is not."""
    came = offline.json(*import_csv(offline, ADA, "Bob Bell,bob@example.test,business,"))
    assert [person.get("archived") for person in came] == [True, None]
    return offline


def ids(shell: Shell, *options: str) -> list[str]:
    return [person["id"] for person in shell.json("contacts", *options)]


def test_an_edit_brings_somebody_back(shell: Shell) -> None:
    assert (ids(shell), ids(shell, "--all")) == (["bob-bell"], ["ada-ash", "bob-bell"])
    shell.ok("contacts", "edit", "ada", "--no-archived")
    assert ids(shell) == ["ada-ash", "bob-bell"]


def test_who_adds_them_anew_is_told_how(shell: Shell) -> None:
    add = ("contacts", "add", "Ada", "--email", "ada@example.test", "--category", "business")
    refused = shell.run(*add).ends_with(6)
    assert f"belongs to Ada Ash (ada-ash, archived) already. {BACK}" in refused.err
    assert "brings" not in shell.run(*import_csv(shell, "B,bob@example.test,business,")).err


def test_a_file_names_every_line_with_somebody_known(shell: Shell) -> None:
    rows = ("Cid,cid@example.test,business,", ADA, "B,bob@example.test,business,")
    refused = shell.run(*import_csv(shell, *rows)).ends_with(6)
    said = refused.err.splitlines()
    assert said[-3].endswith("Nothing was imported:")
    assert said[-2].startswith("line 3: ada@example.test belongs to Ada Ash (ada-ash, archived)")
    assert said[-1] == "line 4: bob@example.test belongs to Bob Bell (bob-bell) already."
    assert ids(shell, "--all") == ["ada-ash", "bob-bell"]


def test_a_file_of_vcards_does_so_too(shell: Shell) -> None:
    path = shell.folder / "people.vcf"
    card = ("BEGIN:VCARD", "VERSION:4.0", "FN:Ada", "EMAIL:ada@example.test", "END:VCARD", "")
    path.write_text("\n".join(["", *card]))
    refused = shell.run("contacts", "import", str(path), "--category", "business").ends_with(6)
    assert "line 2: ada@example.test belongs to Ada Ash" in refused.err


def test_all_who_are_exported_are_what_they_were_when_they_are_imported(shell: Shell) -> None:
    shell.ok("contacts", "export", "all.csv", "--all")
    (shell.folder / "other").mkdir()
    other = Shell(shell.folder / "other")
    other.configure(configuration())
    other.ok("contacts", "import", str(shell.folder / "all.csv"))
    assert other.json("contacts", "--all") == shell.json("contacts", "--all")
    assert ids(other) == ["bob-bell"]
