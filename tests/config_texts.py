"""Small configurations to build others from, and what the loader says about them."""

from pathlib import Path

import pytest

from connectd import config
from connectd.config import Config
from connectd.errors import ConfigError

HERE = Path("/home/alice/.config/connectd/config.toml")
HOME = {"HOME": "/home/alice"}

ME = """
[me]
name = "Alice Example"
emails = ["alice@example.test", "a.example@work.test"]
timezone = "Europe/Berlin"
"""
GOAL = """
[goal]
people_per_month = 3
months = 6
"""
ACCOUNT = """
[[account]]
name = "main"
url = "https://dav.example.test/"
username = "alice"
drafts = "Connections"
"""
SECOND = """
[[account]]
name = "work"
url = "https://dav.work.test/"
username = "a.example"
"""
SMALLEST = ME + GOAL + ACCOUNT


def parse(text: str) -> Config:
    return config.parse(text, HERE, HOME)


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse(text)
    assert caught.value.exit_status == 3
    return caught.value.problems


def problem(text: str) -> str:
    (only,) = problems(text)
    return only
