"""What the tests with real calendar clients share: a draft in a user's calendar."""

from pathlib import Path

import pytest
from installation import Install, Installation
from servers import Radicale

pytest.register_assert_rewrite("outcomes")


@pytest.fixture
def form() -> str:
    """Return the form of the draft; tests choose another by a parameter of this name."""
    return "invitation"


@pytest.fixture
def alice(radicale: Radicale, install: Install, form: str) -> Installation:
    """Alice, in whose calendar a draft for a meeting with Bob stands."""
    alice = install(radicale.new_user(), account={"draft_form": form})
    alice.add()
    alice.tick()
    return alice


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return the home directory of a client that has never run."""
    home = tmp_path / "home"
    home.mkdir()
    return home
