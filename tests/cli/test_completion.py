"""What the three shells complete, asked of the shells themselves."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest
from shell import PROGRAM, Shell

BASH = """
eval "$(connectd completion bash)"
COMP_WORDS=({words} '{last}'); COMP_CWORD={place}; _connectd_completion connectd
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
FISH = "connectd completion fish | source; complete --do-complete '{words} {last}'"


@pytest.fixture
def home(offline: Shell) -> Shell:
    """A home with three people on the list, and connectd where a shell finds it."""
    for name in ("Bob Baker", "Barbara Lang", "Ada Baker"):
        offline.ok(
            *("contacts", "add", name, "--email", f"{name[:3]}@example.test"),
            *("--category", "business"),
        )
    program = offline.folder / "bin" / "connectd"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{PROGRAM[2]}" "$@"\n')
    program.chmod(0o755)
    offline.environment["PATH"] = f"{program.parent}:{offline.environment['PATH']}"
    return offline


def completed(home: Shell, program: str, *words: str) -> list[str]:
    """The words that a shell offers for the last of the words typed so far."""
    *before, last = words
    script = (BASH if program == "bash" else FISH).format(
        words=" ".join(before), last=last, place=len(before)
    )
    start = {"bash": ["bash", "--norc", "-c"], "fish": ["fish", "--no-config", "-c"]}[program]
    done = subprocess.run(
        [*start, script],
        env=home.environment,
        cwd=home.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return sorted(line.partition("\t")[0] for line in done.stdout.splitlines() if line)


@pytest.mark.parametrize("program", ["bash", "fish"])
class TestAShell:
    def test_completes_commands(self, home: Shell, program: str) -> None:
        offered = completed(home, program, "connectd", "contacts", "re")

        assert offered == ["remove"]

    def test_completes_people(self, home: Shell, program: str) -> None:
        assert completed(home, program, "connectd", "done", "bar") == ["barbara-lang"]

    def test_completes_the_people_of_options(self, home: Shell, program: str) -> None:
        words = ("connectd", "introductions", "agree", "bob-baker", "ada-baker", "--by", "bo")

        assert completed(home, program, *words) == ["bob-baker"]


def test_bash_completes_people_by_every_word_of_their_name(home: Shell) -> None:
    offered = completed(home, "bash", "connectd", "done", "BA")

    assert offered == ["ada-baker", "barbara-lang", "bob-baker"]


@pytest.fixture
def zsh(home: Shell) -> Iterator[pexpect.spawn]:
    started = pexpect.spawn(
        "zsh",
        ["-f", "-i"],
        env={**home.environment, "PS1": "$ ", "TERM": "dumb"},
        cwd=str(home.folder),
        encoding="utf-8",
        timeout=20,
    )
    started.sendline("autoload -Uz compinit && compinit -u -D; unsetopt prompt_sp")
    started.sendline('eval "$(connectd completion zsh)" && echo its-"ready"')
    started.expect("its-ready")
    yield started
    started.close(force=True)


def test_zsh_completes_people(zsh: pexpect.spawn) -> None:
    zsh.send("connectd done bo\t")

    zsh.expect("connectd done bob-baker")


@pytest.mark.parametrize("spoilt", ["no configuration", "no database", "a broken one"])
def test_where_the_list_cannot_be_read_nobody_is_offered(
    spoilt: str, offline: Shell, shell: Shell
) -> None:
    there = shell if spoilt == "no configuration" else offline
    if spoilt == "a broken one":
        there.config.write_text("[me\n")
    before = there.files()
    asking = {"_CONNECTD_COMPLETE": "bash_complete", "COMP_WORDS": "connectd done b"}
    there.environment |= asking | {"COMP_CWORD": "2"}

    said = there.spawn(now=None)

    assert (said.out.strip(), said.err) == ("", "")
    assert there.files() == before


def test_the_words_for_each_shell_are_told(shell: Shell) -> None:
    said = shell.ok("completion", "--help", now=None).out

    lines = [line.split() for line in said.splitlines()]
    for name in ("bash", "zsh", "fish"):
        (told,) = [words for words in lines if words[:1] == [f"{name}:"]]
        assert f"completion {name}" in " ".join(told), "on a line of its own"


def test_a_shell_that_is_not_known(shell: Shell) -> None:
    assert "'bash', 'zsh', 'fish'" in shell.run("completion", "csh", now=None).ends_with(2).err


def test_the_script_is_what_the_help_promises(home: Shell) -> None:
    rc = Path(home.folder) / ".bashrc"
    rc.write_text(home.ok("completion", "bash", now=None).out)

    checked = subprocess.run(["bash", "-n", str(rc)], capture_output=True, check=False)

    assert checked.returncode == 0
