"""OAuth 2 tokens, which live for an hour: what a server that checks them sees of connectd."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from door import Door
from installation import Install, Installation
from servers import Radicale, User


class Tokens:
    """A token helper as oama: prints the token of this hour, and counts how often it is asked."""

    def __init__(self, folder: Path) -> None:
        self._token, self._asked = folder / "token", folder / "asked"
        self._asked.touch()
        self.command = ["sh", "-c", f"echo x >> '{self._asked}'; cat '{self._token}'"]
        self.valid: set[str] = set()

    def issue(self, token: str) -> None:
        """Let this token be the one that is printed, and taken."""
        self._token.write_text(f"{token}\n")
        self.valid = {token}

    @property
    def times_asked(self) -> int:
        return len(self._asked.read_text().split())


@pytest.fixture
def user(radicale: Radicale) -> User:
    return radicale.new_user()


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    tokens = Tokens(tmp_path)
    tokens.issue("ya29.first")
    return tokens


@pytest.fixture
def door(user: User, tokens: Tokens) -> Iterator[Door]:
    """Let in whoever shows a token that is valid now."""
    with Door(
        user, "Bearer", lambda _, shown: shown.removeprefix("Bearer ") in tokens.valid
    ) as door:
        yield door


@pytest.fixture
def alice(user: User, tokens: Tokens, door: Door, install: Install) -> Installation:
    alice = install(user, url=door.url, account={"token_command": tokens.command})
    alice.add()
    return alice


def test_one_that_expired_is_fetched_again_once(
    alice: Installation, tokens: Tokens, door: Door
) -> None:
    alice.tick()
    tokens.issue("ya29.second")
    shown_before = len(door.shown)

    report = alice.tick(minutes=60)

    assert report.complete
    assert tokens.times_asked == 2
    assert door.shown[shown_before:].count("Bearer ya29.first") == 1
    assert set(door.shown[shown_before + 1 :]) == {"Bearer ya29.second"}
    alice.tick(minutes=5)
    assert tokens.times_asked == 2


def test_one_that_is_refused_for_good_pauses_the_account(
    alice: Installation, tokens: Tokens, door: Door
) -> None:
    tokens.valid = set()
    alice.tick()
    alice.tick(minutes=5)
    assert door.shown == ["Bearer ya29.first"]

    tokens.issue("ya29.second")
    assert alice.tick(minutes=5).complete


def test_a_helper_that_prints_another_one_each_time_is_asked_less_and_less(
    alice: Installation, tokens: Tokens, door: Door, tmp_path: Path
) -> None:
    tokens.valid = set()
    (tmp_path / "helper").write_text(
        f"echo x >> {tmp_path}/asked; echo ya29.$(wc -l < {tmp_path}/asked)"
    )
    alice.configure(json.dumps(tokens.command), json.dumps(["sh", f"{tmp_path}/helper"]))

    alice.tick()
    for minutes in (1, 1, 2, 4, 8, 16, 32, 60, 60):
        alice.restart()
        before = len(door.shown)
        if minutes > 1:
            alice.tick(minutes=minutes - 1)
        assert len(door.shown) == before
        alice.tick(minutes=1)
        assert len(door.shown) == before + 2
    tokens.valid = {f"ya29.{tokens.times_asked + 1}"}
    assert not alice.tick(minutes=59).complete
    assert alice.tick(minutes=1).complete
    tokens.valid = set()
    alice.tick(minutes=1)
    tokens.valid = {f"ya29.{tokens.times_asked + 1}"}
    assert alice.tick(minutes=1).complete, "what came before is over"
