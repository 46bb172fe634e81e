"""Mistakes are answered in plain words that say what to do, and change nothing."""

import pytest
from shell import Shell
from typist import typist


@pytest.fixture
def home(offline: Shell) -> Shell:
    """A home with three people, two of them with names that are alike."""
    for name in ("Ada Ash", "Ben Bloch", "Ben Bly"):
        email = f"{name.split()[-1].lower()}@example.test"
        offline.ok("contacts", "add", name, "--email", email, "--category", "results")
    return offline


MISTAKES = {
    ("note", "ada", "--promised", "x", "--due", "tomorrow"): (2, "no day like 2026-12-24"),
    ("snooze", "ada", "--until", "soon"): (2, "no day like 2026-12-24"),
    ("why", "--week", "--from", "2026-13-01"): (2, "no day like 2026-12-24"),
    ("note", "ada"): (2, "There is nothing to note. Write it as in"),
    ("contacts", "show", " "): (6, "Please say who is meant"),
    ("contacts", "show", "ben"): (6, "Please say which, by id."),
    ("contacts", "edit", "ada", "--knows", "ada"): (6, "please name somebody else"),
    ("contacts", "edit", "ada", "--step", "connect", "--no-step"): (2, "please say one"),
    ("introduce", "ada", "ada", "--because", "x"): (6, "takes two different people"),
    ("introduce", "ada", "bly"): (2, "Please say why they should meet"),
    ("introductions", "agree", "ada", "bly", "--by", "ada"): (
        6,
        "To begin one: connectd",
    ),
    ("contacts", "import", "carddav"): (3, 'group = "connect"'),
}


@pytest.mark.parametrize("words", MISTAKES, ids=" ".join)
def test_what_is_said_to_a_mistake(home: Shell, words: tuple[str, ...]) -> None:
    status, said = MISTAKES[words]
    before = home.json("contacts"), home.json("introductions")
    refused = home.run(*words).ends_with(status)
    assert said in refused.err
    assert refused.out == ""
    assert (home.json("contacts"), home.json("introductions")) == before


def test_of_many_people_only_some_are_named(home: Shell) -> None:
    rows = [f"Bea Number{number},b{number}@example.test,results" for number in range(50)]
    home.folder.joinpath("many.csv").write_text("\n".join(["name,email,category", *rows]))
    home.ok("contacts", "import", "many.csv")
    refused = home.run("contacts", "show", "bea").ends_with(6)
    assert "(bea-number12) or 45 more. Please say which" in refused.err


def test_answers_that_come_too_late(home: Shell) -> None:
    home.ok("introduce", "ada", "bly", "--because", "both sail", "--by", "mail")
    for _ in range(2):
        home.ok("introductions", "agree", "ada", "bly", "--by", "ada")
    stranger = home.run("introductions", "agree", "ada", "bly", "--by", "bloch").ends_with(6)
    assert "should be one of the two: ada-ash or ben-bly" in stranger.err
    home.ok("introductions", "agree", "ada", "bly", "--by", "bly")
    home.ok("introductions", "send", "ada", "bly")
    for turn in ("decline", "agree"):
        late = home.run("introductions", turn, "ada", "bly", "--by", "ada").ends_with(6)
        assert "they have been introduced. `connectd introductions` shows" in late.err


@pytest.mark.parametrize(
    ("editor", "said"), [("false", "failed (status 1)"), ("no-editor", "No such file")]
)
def test_an_editor_that_fails(home: Shell, editor: str, said: str) -> None:
    home.environment["EDITOR"] = editor
    with typist(home, "introduce", "ada", "bly", "--because", "both sail") as user:
        user.answer("Change these words in your editor?", "y")
        assert said in user.ends_with(2)
    assert home.json("introductions")["introductions"] == []


def test_ctrl_c_while_an_introduction_is_begun(home: Shell) -> None:
    with typist(home, "introduce", "ada", "bly") as user:
        user.answer("Both will read it:", "both sail")
        user.press("Change these words in your editor? [y/N]:", "c")
        assert user.ends_with(130).endswith("\nconnectd: stopped.\n")
    assert home.json("introductions")["introductions"] == []
