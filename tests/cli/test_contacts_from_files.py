"""People who come from files of CSV and of vCards: all of them, or nobody."""

from pathlib import Path

import pytest
from shell import Shell

BOB = ("Bob Baker", "--email", "bob@example.test", "--category", "business")
CAROL = ("Carol Cole", "--email", "carol@example.test", "--category", "results")


@pytest.fixture
def shell(offline: Shell) -> Shell:
    return offline


def ids(shell: Shell) -> list[str]:
    return [person["id"] for person in shell.json("contacts")]


def csv_file(shell: Shell, *lines: str) -> str:
    path = shell.folder / "people.csv"
    path.write_text("\n".join(lines) + "\n")
    return str(path)


def test_a_csv_file_may_say_where_they_publish_their_time(shell: Shell) -> None:
    header, url = "name,email,category,free_busy", "https://bob.example.test/busy.ifb"
    path = csv_file(shell, header, f"Bob,bob@example.test,business,{url}")

    (bob,) = shell.json("contacts", "import", path)
    assert bob["free_busy"] == url

    wrong = csv_file(
        shell, header, "Carol,carol@example.test,business,http://c.example.test/secret"
    )
    refused = shell.run("contacts", "import", wrong).ends_with(2)
    assert "line 2: the free/busy URL must start with https://" in refused.err
    assert "secret" not in refused.err


class TestVCards:
    BOB = ("BEGIN:VCARD", "VERSION:3.0", "FN:Bob Baker", "EMAIL:bob@example.test", "END:VCARD")
    CAROL = (
        *("BEGIN:VCARD", "VERSION:4.0", "FN:Carol Cole", "EMAIL:carol@example.test"),
        *("CATEGORIES:results", "FBURL:https://carol.example.test/busy.ifb", "END:VCARD"),
    )

    @staticmethod
    def file(shell: Shell, *lines: str) -> str:
        path = shell.folder / "people.VCF"
        path.write_text("\n".join(lines) + "\n")
        return str(path)

    def test_people_come_in(self, shell: Shell) -> None:
        path = self.file(shell, *self.BOB, *self.CAROL)

        bob, carol = shell.json("contacts", "import", path, "--category", "business")

        assert (bob["id"], bob["category"], bob["free_busy"]) == ("bob-baker", "business", None)
        assert (carol["id"], carol["category"]) == ("carol-cole", "results")
        assert carol["free_busy"] == "https://carol.example.test/busy.ifb"

    def test_one_without_a_category_and_nobody_comes_in(self, shell: Shell) -> None:
        path = self.file(shell, *self.CAROL, *self.BOB)

        refused = shell.run("contacts", "import", path).ends_with(2)

        assert "line 8: Bob Baker: it has none of the categories" in refused.err
        assert ids(shell) == []

    def test_one_that_is_known_and_nobody_comes_in(self, shell: Shell) -> None:
        shell.ok("contacts", "add", *BOB)
        path = self.file(shell, *self.CAROL, *self.BOB)

        refused = shell.run("contacts", "import", path, "--category", "business").ends_with(6)

        assert "bob@example.test belongs to Bob Baker" in refused.err
        assert ids(shell) == ["bob-baker"]

    def test_the_category_must_be_known_and_is_for_vcards_alone(self, shell: Shell) -> None:
        path = self.file(shell, *self.BOB)
        table = csv_file(shell, "name,email,category", "Bob,bob@example.test,business")

        unknown = shell.run("contacts", "import", path, "--category", "friends").ends_with(2)
        needless = shell.run("contacts", "import", table, "--category", "results").ends_with(2)

        assert "unknown category 'friends'" in unknown.err
        assert "a CSV file has a column for it" in needless.err
        assert ids(shell) == []


def test_a_file_of_people_comes_in(shell: Shell) -> None:
    path = csv_file(
        shell,
        "name,email,category,every_days,timezone,kind,note",
        "Bob Baker,bob@example.test b.baker@work.test,business,20,Asia/Kolkata,call,likes tea",
        "Zoë Ärger,zoe@example.test,results,,,,",
    )

    came = shell.json("contacts", "import", path)

    assert [person["id"] for person in came] == ["bob-baker", "zoe-arger"]
    assert came == shell.json("contacts")
    assert came[0]["emails"] == ["bob@example.test", "b.baker@work.test"]
    assert (came[0]["every_days"], came[0]["timezone"], came[0]["kind"]) == (
        20,
        "Asia/Kolkata",
        "call",
    )
    assert shell.json("contacts", "show", "bob")["note"] == "likes tea"


def test_one_wrong_line_and_nobody_comes_in(shell: Shell) -> None:
    path = csv_file(
        shell,
        "name,email,category",
        "Bob Baker,bob@example.test,business",
        "Carol Cole,not an address,results",
        "Dan Dole,dan@example.test,friends",
        "Bob Bis,bob@example.test,business",
    )

    refused = shell.run("contacts", "import", path, "--json").ends_with(2)

    assert refused.out == ""
    assert [line.split(":")[0] for line in refused.err.splitlines()[1:]] == [
        *("line 3", "line 3", "line 3", "line 4", "line 5")
    ]
    assert shell.json("contacts") == []


def test_one_line_with_somebody_known_and_nobody_comes_in(shell: Shell) -> None:
    shell.ok("contacts", "add", *BOB)
    path = csv_file(
        shell,
        "name,email,category",
        "Carol Cole,carol@example.test,results",
        "Robert,bob@example.test,business",
    )

    refused = shell.run("contacts", "import", path).ends_with(6)

    assert "bob@example.test belongs to Bob Baker" in refused.err
    assert ids(shell) == ["bob-baker"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"name,mail\nBob,bob@example.test\n", "line 1: there is no column email, category"),
        (b"", "line 1: the first line must name the columns"),
        (b"name,email,category\nB\xf6b,bob@example.test,business\n", "line 2: the file is not UTF"),
    ],
)
def test_a_file_that_is_no_list_of_people(shell: Shell, data: bytes, said: str) -> None:
    path = shell.folder / "people.csv"
    path.write_bytes(data)

    refused = shell.run("contacts", "import", str(path)).ends_with(2)

    assert said in refused.err
    assert shell.json("contacts") == []


def test_a_file_that_is_not_there_or_has_no_end(shell: Shell, tmp_path: Path) -> None:
    missing = shell.run("contacts", "import", str(tmp_path / "none.csv")).ends_with(2)
    endless = shell.run("contacts", "import", "/dev/zero").ends_with(2)

    assert "does not exist" in missing.err
    assert "larger than 5 MB" in endless.err
