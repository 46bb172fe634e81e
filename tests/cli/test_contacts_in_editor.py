"""A person changed in an editor, on a real pseudo-terminal; the editors are small shell scripts."""

import shlex
import signal
from typing import Any

import pytest
from shell import Shell
from typist import typist

EDIT = ("contacts", "edit", "bob")


@pytest.fixture
def known(offline: Shell) -> Shell:
    """A home with bob and carol on the list, and no server."""
    for name, category in (("Bob Baker", "business"), ("Carol Cole", "results")):
        email = f"{name.split()[0].lower()}@example.test"
        offline.ok("contacts", "add", name, "--email", email, "--category", category)
    return offline


def editor(shell: Shell, *lines: str) -> str:
    """Return the command of an editor that runs these lines with the file as $1."""
    script = shell.folder / "editor.sh"
    script.write_text("\n".join(["set -e", *lines, ""]))
    return f"sh {shlex.quote(str(script))}"


def appending(shell: Shell, *lines: str) -> str:
    return editor(shell, *(f"printf '%s\\n' {shlex.quote(line)} >> \"$1\"" for line in lines))


def bob(shell: Shell) -> Any:  # noqa: ANN401 - whatever the document is
    return shell.json("contacts", "show", "bob")


def test_what_was_changed_is_saved(known: Shell) -> None:
    before = bob(known)
    lines = (
        *('tags = ["tea", "design"]', 'birthday = "--03-05"', "snoozed_until = 2027-02-01"),
        *('step = "introduce"', "every_days = 9"),
    )

    with typist(known, *EDIT, EDITOR=appending(known, *lines)) as user:
        assert user.ends_with() == "Changed Bob Baker (bob-baker).\n"

    assert bob(known) == before | {
        "tags": ["tea", "design"],
        "birthday": "--03-05",
        "snoozed_until": "2027-02-01",
        "step": "introduce",
        "step_pinned": True,
        "every_days": 9,
    }


def test_a_line_taken_out_empties_it(known: Shell) -> None:
    known.ok("contacts", "edit", "bob", "--tag", "tea", "--kind", "walk", "--step", "introduce")

    taken_out = editor(known, "sed -i -e '/^tags/d' -e '/^kind/d' -e 's/^step/# step/' \"$1\"")
    with typist(known, *EDIT, VISUAL=taken_out, EDITOR="false") as user:
        user.ends_with()

    assert (bob(known)["tags"], bob(known)["kind"], bob(known)["step"]) == ([], "coffee", "connect")


@pytest.mark.parametrize("lines", [(), (': > "$1"',), ("printf '  \\n' > \"$1\"",)])
def test_an_unchanged_or_emptied_text_changes_nothing(known: Shell, lines: tuple[str, ...]) -> None:
    before = bob(known)

    with typist(known, *EDIT, EDITOR=editor(known, *lines)) as user:
        assert user.ends_with() == "Nothing was changed.\n"

    assert bob(known) == before


def test_everything_wrong_is_shown_and_the_text_is_kept(known: Shell) -> None:
    corrected = "sed -i -e '/^mail/d' -e 's/Mars/Europe\\/Paris/' -e 's/soon/--03-05/' \"$1\""
    first = 'mail = "x"\\ntimezone = "Mars"\\nbirthday = "soon"\\n'
    twice = (
        "if [ -e seen ]; then",
        corrected,
        f"else : > seen; printf '{first}' >> \"$1\"; fi",
    )

    with typist(known, *EDIT, EDITOR=editor(known, *twice)) as user:
        user.answer("Edit it again? [Y/n]:", "")
        shown = user.ends_with()

    for problem in ("unknown key 'mail'", "unknown time zone 'Mars'", "the birthday 'soon'"):
        assert problem in shown
    assert "Changed Bob Baker" in shown
    assert (bob(known)["timezone"], bob(known)["birthday"]) == ("Europe/Paris", "--03-05")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('name = "Bo', "the text is no valid TOML"),
        ('category = "friends"', "the text is no valid TOML: Cannot overwrite a value"),
        ('mail = "\\u001b[31m"', "unknown key 'mail'"),
        ('birthday = "\\u001b[31mred"', "the birthday '\\x1b[31mred' is no day"),
    ],
)
def test_who_gives_up_has_changed_nothing(known: Shell, line: str, said: str) -> None:
    before = bob(known)

    with typist(known, *EDIT, EDITOR=appending(known, "every_days = 9", line)) as user:
        user.answer("Edit it again?", "n")
        shown = user.ends_with()

    assert said in shown
    assert "\x1b[31m" not in shown
    assert shown.endswith("Nothing was changed.\n")
    assert bob(known) == before


def test_an_address_of_somebody_else_can_be_put_right(known: Shell) -> None:
    known.ok("contacts", "edit", "carol", "--name", "Car\u202eol Cole")
    before = bob(known)

    with typist(known, *EDIT, EDITOR=editor(known, 'sed -i s/bob@/carol@/ "$1"')) as user:
        user.wait_for("carol@example.test belongs to Carol Cole (carol-cole) already.")
        user.press("Edit it again?", "c")
        user.ends_with(130)

    assert bob(known) == before


def test_what_others_changed_meanwhile_stays(known: Shell) -> None:
    program = shlex.join(map(str, known.command("contacts", "edit", "bob", "--note", "likes tea")))
    lines = (program, 'sed -i \'s/^name = .*/name = "Robert"/\' "$1"')

    with typist(known, *EDIT, EDITOR=editor(known, *lines)) as user:
        assert "Changed Robert (bob-baker)." in user.ends_with()

    assert (bob_by_id(known)["name"], bob_by_id(known)["note"]) == ("Robert", "likes tea")


def bob_by_id(shell: Shell) -> Any:  # noqa: ANN401 - as above
    return shell.json("contacts", "show", "bob-baker")


def test_who_was_removed_meanwhile_does_not_come_back(known: Shell) -> None:
    program = shlex.join(map(str, known.command("contacts", "remove", "bob")))

    with typist(known, *EDIT, EDITOR=editor(known, program, "echo 'x = 1' > \"$1\"")) as user:
        user.wait_for("bob-baker is on your list no more.")
        user.answer("Edit it again?", "n")
        user.ends_with()

    assert [person["id"] for person in known.json("contacts")] == ["carol-cole"]


def test_the_file_is_the_users_alone_and_goes_away(known: Shell) -> None:
    lines = ('stat -c %a "$1" > mode', 'echo "$1" > path', 'cp "$1" "$1~"', 'cp "$1" copy')

    with typist(known, *EDIT, EDITOR=editor(known, *lines), TMPDIR=str(known.folder)) as user:
        user.ends_with()

    assert (known.folder / "mode").read_text() == "600\n"
    assert (known.folder / "path").read_text().endswith(".toml\n")
    assert 'name = "Bob Baker"' in (known.folder / "copy").read_text()
    assert not list(known.folder.glob("connectd-*"))


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_the_file_goes_away_with_the_terminal(known: Shell, number: int) -> None:
    before, lines = bob(known), ("echo ready", "exec sleep 60")

    with typist(known, *EDIT, EDITOR=editor(known, *lines), TMPDIR=str(known.folder)) as user:
        user.signal("ready", number)
        user.ends_with(128 + number)

    assert not list(known.folder.glob("connectd-*"))
    assert bob(known) == before


@pytest.mark.parametrize("command", ["false", "no-such-editor --wait", "unclosed 'quote"])
def test_an_editor_that_does_not_work_is_named(known: Shell, command: str) -> None:
    with typist(known, *EDIT, EDITOR=command) as user:
        assert f"The editor “{command}” " in user.ends_with(2)


def test_keys_that_interrupt_belong_to_the_editor(known: Shell) -> None:
    lines = (
        "trap 'echo every_days = 9 >> \"$1\"; exit 0' INT",
        "echo ready",
        "while :; do sleep 0.1; done",
    )

    with typist(known, *EDIT, EDITOR=editor(known, *lines)) as user:
        user.press("ready", "c")
        assert "Changed Bob Baker" in user.ends_with()

    assert bob(known)["every_days"] == 9


def test_awkward_notes_survive_the_editor(known: Shell) -> None:
    note = 'two\nlines \x1b[31m “quoted” \\ """ \u202e 👩\u200d🚀 שלום'
    known.ok("contacts", "edit", "bob", "--note", note)

    with typist(known, *EDIT, EDITOR=appending(known, "every_days = 9")) as user:
        user.ends_with()

    assert (bob(known)["note"], bob(known)["every_days"]) == (note, 9)


def test_without_any_editor_it_is_vi(known: Shell) -> None:
    (known.folder / "bin").mkdir()
    vi = known.folder / "bin" / "vi"
    vi.write_text("#!/bin/sh\necho 'every_days = 9' >> \"$1\"\n")
    vi.chmod(0o700)
    path = f"{known.folder / 'bin'}:{known.environment['PATH']}"

    with typist(known, *EDIT, PATH=path) as user:
        user.ends_with()

    assert bob(known)["every_days"] == 9
