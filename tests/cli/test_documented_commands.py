"""Every command that the README and the pages show is run, in a home where it makes sense."""

import re
import shlex
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import pytest
from servers import User
from shell import Shell, configuration

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`((?:connectd|make|pipx|python|systemctl|loginctl|sudo) [^`]+)`")
PROGRAMS = {
    *("connectd", "make", "pipx", "pass", "python", "rm", "cp", "mkdir", "install", "eval"),
    *("systemctl", "loginctl", "journalctl", "sudo", "secret-tool"),
}
"""What a line of a block begins with if it is a command, and no configuration or output."""

ELSEWHERE = {
    "connectd setup": "tests/cli/test_setup_talk.py, on terminals",
    "connectd run": "tests/service/test_daemon_process.py, as a process",
    "connectd contacts import carddav": "tests/cli/test_address_book_command.py",
    "make demo": "tests/cli/test_demo_command.py",
    "make test": "what runs this",
    "make lint": ".ci/run",
    "make bench": "run by hand: timings make no test",
    "python bench/effectiveness.py": "tests/bench/test_effectiveness.py",
    "pipx install": "tests/cli/test_manual.py builds and opens the wheel",
    "pipx uninstall": "pipx itself",
    "pipx inject": "pipx itself",
    "pipx ensurepath": "pipx itself",
    "rm": "tests/cli/test_putting_back.py, and by hand for the last step",
    "cp": "tests/cli/test_putting_back.py",
    "systemctl": "tests/service/test_service_unit.py, on a user manager of its own",
    "install": "as systemctl: it is root's",
    "pass": "pass itself",
    "secret-tool": "tests/edges/test_secrets_keyring.py, in a real keyring",
    "loginctl": "as systemctl",
    "journalctl": "as systemctl",
    "sudo": "as systemctl: it would change the machine",
}
"""Commands that are not run here, by how they begin, and what shows that they work."""

ON_A_TERMINAL = {
    "connectd done bob": "tests/cli/test_short_questions.py",
    "connectd note bob": "tests/cli/test_short_questions.py",
    "connectd contacts edit bob": "tests/cli/test_contacts_in_editor.py",
}
"""Commands that ask something when they stand alone, and the tests that answer them."""

MAKES_NO_SENSE_NOW = (
    *("connectd accept bob", "connectd decline bob", "connectd resend bob"),
    *("connectd done bob --on", "connectd missed"),
    *("connectd introductions decline", "connectd introductions drop"),
)
"""Commands in sentences that fit another hour than the one of this home: 6 is an answer, too."""

FINDS_FAULT = ("connectd doctor",)
"""Commands that find something to mend in such a home: no service runs there."""

LATER = "2026-11-07T08:00:00Z"
"""When the meetings with Ada and Bob are over."""

STANDS_FOR = {"DATE": "2026-11-06", "FILE": "a-file"}


def blocks(page: Path) -> Iterator[str]:
    """The commands that stand on lines of their own, comments and prompts taken off."""
    for language, block in BLOCK.findall(page.read_text().replace("\\\n", " ")):
        if language not in ("", "sh", "console"):
            continue
        for line in block.splitlines():
            words = shlex_or_nothing(line.removeprefix("$ "))
            if words and words[0] in PROGRAMS:
                yield shlex.join(words)


def shlex_or_nothing(line: str) -> list[str]:
    try:
        return shlex.split(line, comments=True)
    except ValueError:
        return []


def inline(page: Path) -> Iterator[str]:
    """The commands that stand in sentences."""
    for command in INLINE.findall(page.read_text()):
        yield shlex.join(shlex.split(" ".join(command.split())))


def is_elsewhere(command: str) -> bool:
    begins = any(f"{command} ".startswith(f"{known} ") for known in ELSEWHERE)
    return begins or command in ON_A_TERMINAL


@pytest.fixture
def home(shell: Shell, alice: User) -> Shell:
    """An account, people on the list, and the files that the pages name."""
    shell.configure(configuration(alice))
    for name in ("Ada Lang", "Bob Baker", "Carol Cole", "Erin East"):
        address = f"{name.partition(' ')[0].lower()}@example.test"
        shell.ok("contacts", "add", name, "--email", address, "--category", "business")
    people = "name,email,category\nDan Dyer,dan@example.test,results\n"
    (shell.folder / "people.csv").write_text(people)
    card = ("BEGIN:VCARD", "VERSION:4.0", "FN:Fay Fox", "EMAIL:fay@example.test", "END:VCARD")
    (shell.folder / "people.vcf").write_text("\n".join(card))
    return shell


def meet(home: Shell) -> None:
    """Have drafts made, and meetings with Ada and Bob that take place."""
    home.ok("tick")
    for person in ("ada", "bob"):
        home.ok("accept", person)
    home.ok("tick", now="2026-11-02T07:10:00Z")


def run(home: Shell, command: str, also_fine: tuple[str, ...] = ()) -> None:
    """Run it; raises AssertionError unless it did what it is for."""
    own = list(takewhile(lambda word: word not in (">", "|"), shlex.split(command)))
    words = [STANDS_FOR.get(word, word) for word in own[1:]]
    ran = home.run(*words, now=LATER)
    fine = {0, 6} if command.startswith(also_fine) else {0}
    if command.startswith(FINDS_FAULT):
        fine = {0, 7}
    assert ran.status in fine, f"{command}: {ran.status}: {ran.err}"


@pytest.mark.parametrize(
    "page", [page for page in PAGES if any(blocks(page))], ids=lambda page: page.name
)
def test_every_command_of_a_page_works_in_turn(home: Shell, page: Path) -> None:
    shown = [command for command in blocks(page) if not is_elsewhere(command)]
    if any(" done " in command for command in shown):
        meet(home)
    for command in shown:
        assert command.startswith("connectd "), f"nothing shows that this works: {command}"
        if command.startswith("connectd contacts add"):
            home.run("contacts", "remove", "bob")
        run(home, command)


@pytest.mark.parametrize(
    "page", [page for page in PAGES if any(inline(page))], ids=lambda page: page.name
)
def test_every_command_in_a_sentence_works(home: Shell, page: Path) -> None:
    for command in dict.fromkeys(inline(page)):
        if is_elsewhere(command):
            continue
        assert command.startswith("connectd "), f"nothing shows that this works: {command}"
        is_name = len(shlex.split(command)) == 2
        run(home, f"{command} --help" if is_name else command, MAKES_NO_SENSE_NOW)


def test_what_is_shown_elsewhere_has_the_options_that_it_is_shown_with(shell: Shell) -> None:
    """They are parsed before the help is shown."""
    shown = {command for page in PAGES for command in (*blocks(page), *inline(page))}
    ours = sorted(one for one in shown if one.startswith("connectd ") and is_elsewhere(one))
    assert len(ours) > 8
    for command in ours:
        run(shell, f"{command} --help")


def test_the_commands_are_found() -> None:
    readme = [*blocks(ROOT / "README.md"), *inline(ROOT / "README.md")]

    assert {"make demo", "connectd plan", "connectd status", "pipx install ."} <= set(readme)
    assert sum(1 for page in PAGES for _ in blocks(page)) > 50


def test_what_shows_that_the_others_work_is_there() -> None:
    for shown in (*ELSEWHERE.values(), *ON_A_TERMINAL.values()):
        for name in re.findall(r"tests/\w+(?:/\w+)*\.py", shown):
            assert (ROOT / name).exists(), name


def test_the_picture_of_the_readme_is_what_is_printed(online: Shell) -> None:
    for name, category in [("Ada Lang", "results"), ("Carol Cole", "organization")]:
        address = f"{name.partition(' ')[0].lower()}@example.test"
        online.ok("contacts", "add", name, "--email", address, "--category", category)
    readme = (ROOT / "README.md").read_text()
    picture = re.search(r"```console\n\$ connectd plan\n(.*?)```", readme, re.DOTALL)
    assert picture is not None

    assert online.ok("plan").out.startswith(picture[1])
