"""What somebody answers in the talk of `connectd setup`, and what is there before and after."""

from typing import NamedTuple

from servers import User
from shell import Shell
from typist import Typist

ADDRESS = "Your e-mail address"
SERVER = "The address of your calendar server"
USERNAME = "Your user name there"
COMMAND = "The command that prints your password"
YOU = "and your time zone"
BUSY = "Which of them block time"
DRAFTS = "Calendar for drafts"
HOURS = "Hours in which you meet"
GOAL = "Your goal"
KINDS = "The kinds of people on your list"
PEOPLE = "People:"
WRITE = "Write this"


class Answer(NamedTuple):
    """A part of a question, and what is typed."""

    question: str
    typed: str = ""


def answers(user: User) -> list[Answer]:
    """Every answer from nothing to the first plan, for a user with one calendar."""
    return [*way_in(user), *choices()]


def way_in(user: User) -> list[Answer]:
    """The answers up to the first look at the calendars."""
    return [
        Answer(ADDRESS, user.email),
        Answer(SERVER, user.url),
        Answer(USERNAME, user.name),
        Answer(COMMAND, f"echo {user.password}"),
    ]


def choices(drafts: str = "") -> list[Answer]:
    """The answers after it, where there is nothing to choose for busy time."""
    return [
        Answer(YOU, "Alice Example, Europe/Berlin"),
        Answer(DRAFTS, drafts),
        Answer(HOURS),
        Answer(GOAL),
        Answer(KINDS),
        Answer(PEOPLE, "Bob Baker <bob@example.test> business"),
        Answer(WRITE),
    ]


def give(user: Typist, given: list[Answer]) -> None:
    """Answer the questions, each once it was seen."""
    for question, typed in given:
        user.answer(question, typed)


def command(user: User, *more: str) -> tuple[str, ...]:
    """The words of a setup that asks; a private certificate cannot be asked for."""
    return ("setup", *(("--ca-file", user.ca_file) if user.ca_file else ()), *more)


def traces(shell: Shell, user: User) -> tuple[object, ...]:
    """All that a setup could leave behind: files, folders, calendars, and what is in them."""
    there = user.dav.hrefs(user.home)
    return (
        sorted(shell.folder.rglob("*")),
        shell.files(),
        sorted(there),
        {url: user.dav.objects(url) for url in there if url.startswith(user.calendar)},
    )
