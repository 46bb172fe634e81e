"""The text of a configuration: a first one with comments, a changed one with all that was in it."""

import re
import tomllib
from pathlib import Path

import pytest

from connectd.errors import ConfigError
from connectd.formats.config_text import changed_config_text
from connectd.formats.new_config_text import KEY_COMMENTS, new_config_text

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
ME = {"name": "Alice “A” Example", "emails": ["a@example.test"], "timezone": "Europe/Berlin"}
ACCOUNT = {"name": "main", "url": "https://dav.example.test/", "busy": ["*"], "ignore": []}
MINE = """\
# my own words
[me]
name = "Alice"   # as my mother says

[[account]]
name = "work"

[[account]]
name = "main"
busy = ["*"]     # all

[categories.results]   # the boss
ideal_days = 14
longest_days = 20
[categories.business]

[delivery]
sender = "mail"
"""


def test_a_new_text_holds_what_is_given_each_key_with_its_comment() -> None:
    sections = {"me": ME, "account": ACCOUNT, "hours": {"monday": ["09:00-12:00"]}, "people": {}}

    text = new_config_text(sections, ["results", "My “people”"])

    cadence = {"ideal_days": 30, "longest_days": 60}
    assert tomllib.loads(text) == {
        "me": ME,
        "account": [ACCOUNT],
        "hours": {"monday": ["09:00-12:00"]},
        "categories": {"results": cadence, "My “people”": cadence},
    }
    keys = [line for line in text.splitlines() if " = " in line]
    assert [line for line in keys if " # " not in line] == []


def test_the_comments_are_those_of_the_example() -> None:
    stand_there = re.findall(r"^(?:# )?(\w+) = .*? +# (.*)$", EXAMPLE.read_text(), re.MULTILINE)

    written = {(key, text) for keys in KEY_COMMENTS.values() for key, text in keys.items()}
    assert written <= set(stand_there)


def test_what_is_changed_changes_and_all_else_stays() -> None:
    changed = changed_config_text(
        MINE, {"me": {"name": "Ada"}, "account": {"name": "main", "busy": ["Work"]}}, {}
    )

    assert changed == MINE.replace('"Alice"', '"Ada"').replace('["*"]', '["Work"]')


def test_what_is_the_same_is_not_touched() -> None:
    sections = {"me": {"name": "Alice"}, "account": {"name": "main", "busy": ["*"]}, "hours": {}}

    assert changed_config_text(MINE, sections, {}) == MINE


def test_what_was_not_there_is_added() -> None:
    sections = {"hours": {"monday": ["09:00-12:00"]}, "account": {"name": "main", "ignore": ["B"]}}

    document = tomllib.loads(changed_config_text(MINE, sections, {}))

    assert document["hours"] == {"monday": ["09:00-12:00"]}
    assert document["account"][1] == {"name": "main", "busy": ["*"], "ignore": ["B"]}


def test_categories_get_other_names_and_keep_their_places_and_values() -> None:
    names = {"results": "team", "organization": "house", "business": "clients"}

    changed = changed_config_text(MINE, {}, names)

    assert tomllib.loads(changed)["categories"] == {
        "team": {"ideal_days": 14, "longest_days": 20},
        "house": {"ideal_days": 30, "longest_days": 60},
        "clients": {},
    }
    before = MINE.replace(".results]", ".team]").replace(".business]", ".clients]")
    assert changed.startswith(before)


def test_categories_that_are_written_in_another_way_are_left_to_the_user() -> None:
    with pytest.raises(ConfigError, match=r"please write them as \[categories\.\"my team\"\]"):
        changed_config_text("[categories]\nresults = {}\n", {}, {"results": "my team"})


def test_what_is_no_toml_is_refused() -> None:
    with pytest.raises(ConfigError, match="not valid TOML"):
        changed_config_text("[me", {"me": ME}, {})
