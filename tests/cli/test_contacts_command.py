import pytest
from shell import Shell

BOB = ("Bob Baker", "--email", "bob@example.test", "--category", "business")
CAROL = ("Carol Cole", "--email", "carol@example.test", "--category", "results")


@pytest.fixture
def shell(offline: Shell) -> Shell:
    return offline


def ids(shell: Shell) -> list[str]:
    return [person["id"] for person in shell.json("contacts")]


def test_a_person_is_shown_as_scripts_expect(shell: Shell) -> None:
    more = ("--every", "20", "--timezone", "Asia/Kolkata", "--kind", "call")
    bob = {
        "id": "bob-baker",
        "name": "Bob Baker",
        "emails": ["bob@example.test"],
        "category": "business",
        "step": "connect",
        "every_days": 20,
        "timezone": "Asia/Kolkata",
        "kind": "call",
        "free_busy": None,
        "snoozed_until": None,
        "step_pinned": False,
        "tags": [],
        "birthday": None,
    }

    assert shell.json("contacts", "add", *BOB, *more) == bob
    assert shell.json("contacts") == [bob]
    assert shell.json("contacts", "list") == [bob]
    assert shell.json("contacts", "show", "bob-baker") == bob | {
        "note": "",
        "last_met": None,
        "overdue_days": None,
        "light": "amber",
        "knows": [],
        "outstanding": {"promises": [], "asks": []},
        "met": [],
        "facts": [],
        "meetings": [],
        "introductions": [],
        "timeline": [],
        "their_busy": [],
    }


def test_nobody_is_an_empty_list(shell: Shell) -> None:
    assert shell.json("contacts") == []
    assert "Nobody is on the list yet" in shell.ok("contacts").out


def test_the_second_of_a_name_gets_a_number(shell: Shell) -> None:
    shell.ok("contacts", "add", *BOB)

    second = shell.ok("contacts", "add", "Bob Baker", "--email", "b@example.test", *BOB[3:])

    assert second.out == "Added Bob Baker (bob-baker-2).\n"
    assert ids(shell) == ["bob-baker", "bob-baker-2"]


def test_an_edit_changes_what_was_asked_and_keeps_the_id(shell: Shell) -> None:
    before = shell.json("contacts", "add", *BOB, "--every", "20")

    changed = shell.json("contacts", "edit", "bob", "--name", "Robert Baker", "--no-every")

    assert changed == before | {"name": "Robert Baker", "every_days": None}
    assert shell.json("contacts") == [changed]


def test_who_is_removed_is_gone_and_may_come_back(shell: Shell) -> None:
    shell.ok("contacts", "add", *BOB)
    shell.ok("contacts", "add", *CAROL)

    assert shell.json("contacts", "remove", "baker") == {"removed": "bob-baker"}
    assert ids(shell) == ["carol-cole"]
    assert shell.json("contacts", "add", *BOB)["id"] == "bob-baker"


@pytest.mark.parametrize("words", ["carol", "COLE", "carol-cole", "l c"])
def test_an_unambiguous_part_of_a_name_is_enough(shell: Shell, words: str) -> None:
    shell.ok("contacts", "add", *BOB)
    shell.ok("contacts", "add", *CAROL)

    assert shell.json("contacts", "show", words)["id"] == "carol-cole"


def test_an_ambiguous_part_of_a_name_lists_who_is_meant_and_changes_nothing(shell: Shell) -> None:
    shell.ok("contacts", "add", *BOB)
    shell.ok("contacts", "add", *CAROL)

    refused = shell.run("contacts", "remove", "o", "--json").ends_with(6)
    nobody = shell.run("contacts", "remove", "nobody").ends_with(6)

    assert refused.out == ""
    assert "“o” could be Bob Baker (bob-baker), Carol Cole (carol-cole)." in refused.err
    assert "Nobody on your list is called “nobody”" in nobody.err
    assert ids(shell) == ["bob-baker", "carol-cole"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*BOB[:2], "a@example.test,b@example.test", *BOB[3:]), "not an e-mail address"),
        ((*BOB[:2], "a@example.test\nBcc: b@example.test", *BOB[3:]), "not an e-mail address"),
        ((*BOB[:2], "a@example.test?cc=b@example.test", *BOB[3:]), "not an e-mail address"),
        (("Bob\nBaker", *BOB[1:]), "has a line break"),
        (("Bob \x1b[31mBaker", *BOB[1:]), "control character"),
        ((b"Bob \xff", *BOB[1:]), "control character"),
        (("", *BOB[1:]), "there is no name"),
        ((*BOB[:-1], "friends"), "unknown category 'friends'"),
        ((*BOB, "--timezone", "Mars/Base"), "unknown time zone 'Mars/Base'"),
        ((*BOB, "--every", "0"), "--every"),
        ((*BOB, "--every", "9" * 40), "every_days must be from 1 to"),
        ((*BOB, "--kind", "dinner"), "--kind"),
        ((*BOB[:1], *BOB[3:]), "--email"),
    ],
)
def test_who_cannot_be_as_given_is_not_added(
    shell: Shell, words: tuple[str | bytes, ...], said: str
) -> None:
    refused = shell.run("contacts", "add", *words).ends_with(2)

    assert refused.out == ""
    assert said in refused.err
    assert shell.json("contacts") == []


def test_everything_wrong_with_a_person_is_said_at_once(shell: Shell) -> None:
    words = ("Bob", "--email", "nonsense", "--category", "friends", "--timezone", "Mars")

    refused = shell.run("contacts", "add", *words).ends_with(2)

    assert all(word in refused.err for word in ("'nonsense'", "'friends'", "'Mars'"))


def test_an_address_belongs_to_one_person(shell: Shell) -> None:
    shell.ok("contacts", "add", *BOB)

    again = shell.run("contacts", "add", "Robert", "--email", "BOB@Example.test", *BOB[3:])

    assert "belongs to Bob Baker (bob-baker) already" in again.ends_with(6).err
    assert ids(shell) == ["bob-baker"]


def test_an_edit_that_cannot_be_leaves_everything(shell: Shell) -> None:
    before = [shell.json("contacts", "add", *BOB), shell.json("contacts", "add", *CAROL)]

    taken = shell.run("contacts", "edit", "bob", "--name", "B", "--email", "carol@example.test")
    wrong = shell.run("contacts", "edit", "bob", "--name", "B", "--timezone", "Mars")

    taken.ends_with(6)
    wrong.ends_with(2)
    assert shell.json("contacts") == before


def test_a_step_is_pinned_and_follows_from_the_record_again(shell: Shell) -> None:
    added = shell.json("contacts", "add", *BOB, "--step", "help_them")
    assert (added["step"], added["step_pinned"]) == ("help_them", True)
    shell.ok("done", "bob", "--on", "2026-11-01")

    pinned = shell.json("contacts", "edit", "bob", "--step", "introduce")
    assert (pinned["step"], pinned["step_pinned"]) == ("introduce", True)
    assert shell.json("status")["contacts"][0]["step"] == "introduce"
    assert "step introduce (pinned)" in shell.ok("contacts", "show", "bob").out
    derived = shell.json("contacts", "edit", "bob", "--no-step")
    assert (derived["step"], derived["step_pinned"]) == ("help_me", False)
    assert "pinned" not in shell.ok("contacts", "show", "bob").out


def test_tags_and_the_birthday_come_and_go(shell: Shell) -> None:
    words = ("--tag", "design", "--tag", "old-friends", "--birthday", "--02-29")
    added = shell.json("contacts", "add", *BOB, *words)
    assert (added["tags"], added["birthday"]) == (["design", "old-friends"], "--02-29")
    assert "tags: design, old-friends" in shell.ok("contacts", "show", "bob").out

    changed = shell.json("contacts", "edit", "bob", "--tag", "tea", "--birthday", "1980-03-05")
    assert (changed["tags"], changed["birthday"]) == (["tea"], "1980-03-05")
    assert shell.json("contacts", "edit", "bob", "--every", "9")["tags"] == ["tea"]
    emptied = shell.json("contacts", "edit", "bob", "--no-tags", "--no-birthday")
    assert (emptied["tags"], emptied["birthday"]) == ([], None)


def test_blanks_within_a_tag_become_hyphens(shell: Shell) -> None:
    tagged = shell.json("contacts", "add", *BOB, "--tag", " book  club", "--tag", "book-club")
    assert tagged["tags"] == ["book-club"]
    edited = shell.json("contacts", "edit", "bob", "--tag", "a\u00a0b", "--tag", "c")
    assert edited["tags"] == ["a-b", "c"]


def test_who_knows_whom_is_shown_on_both_sides(shell: Shell) -> None:
    shell.ok("contacts", "add", *BOB)
    shell.ok("contacts", "add", *CAROL, "--knows", "bob")
    shell.ok("contacts", "add", "Dan", "--email", "dan@example.test", *BOB[3:])
    shell.ok("contacts", "edit", "dan", "--knows", "bob", "--knows", "carol")

    assert shell.json("contacts", "show", "bob")["knows"] == ["carol-cole", "dan"]
    assert shell.json("contacts", "show", "dan")["knows"] == ["bob-baker", "carol-cole"]
    assert "knows Bob Baker, Dan" in shell.ok("contacts", "show", "carol").out
    shell.ok("contacts", "remove", "dan")
    assert shell.json("contacts", "show", "bob")["knows"] == ["carol-cole"]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("edit", "bob", "--knows", "bob", "--every", "9"), 6),
        (("edit", "bob", "--knows", "nobody", "--every", "9"), 6),
        (("edit", "bob", "--every", "9", "--birthday", "1980-02-30"), 2),
        (("edit", "bob", "--every", "9", "--tag", " "), 2),
        (("edit", "bob", "--every", "9", "--step", "friends"), 2),
        (("edit", "bob"), 2),
        (("edit", "bob", "--json"), 2),
        (("add", "Dan", "--email", "dan@example.test", *BOB[3:], "--knows", "nobody"), 6),
    ],
)
def test_what_cannot_be_known_of_a_person_changes_nothing(
    shell: Shell, words: tuple[str, ...], status: int
) -> None:
    shell.ok("contacts", "add", *BOB)
    before = shell.json("contacts", "show", "bob")

    refused = shell.run("contacts", *words).ends_with(status)

    assert refused.out == ""
    assert ids(shell) == ["bob-baker"]
    assert shell.json("contacts", "show", "bob") == before


def test_where_they_publish_their_time_comes_and_goes(shell: Shell) -> None:
    url = "https://bob.example.test/busy.ifb"

    added = shell.json("contacts", "add", *BOB, "--free-busy", url)
    assert added["free_busy"] == url
    assert shell.json("contacts", "show", "bob")["free_busy"] == url
    assert url in shell.ok("contacts", "show", "bob").out
    changed = shell.json("contacts", "edit", "bob", "--free-busy", "http://127.0.0.1:8000/x")
    assert changed["free_busy"] == "http://127.0.0.1:8000/x"
    assert shell.json("contacts", "edit", "bob", "--no-free-busy")["free_busy"] is None


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://bob.example.test/secret", "the free/busy URL must start with https://"),
        ("webcal://bob.example.test/secret", "must start with https:// instead of webcal://"),
        ("https://bob:secret@example.test/", "must hold no user name or password"),
        ("file:///secret", "must be a URL"),
        ("https://bob.example.test/secret secret", "is no well-formed URL"),
    ],
)
def test_a_url_that_may_not_be_asked_is_not_repeated(shell: Shell, url: str, said: str) -> None:
    refused = shell.run("contacts", "add", *BOB, "--free-busy", url).ends_with(2)

    assert said in refused.err
    assert "secret" not in refused.err
    assert shell.json("contacts") == []


def test_json_asked_for_in_the_wrong_place_is_not_just_left_out(shell: Shell) -> None:
    refused = shell.run("contacts", "--json", "list").ends_with(2)

    assert "--json after `list`" in refused.err
