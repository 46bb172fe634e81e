"""The configuration on its way: no address of a feed, and no path of the old machine's database."""

import tomllib

import pytest

from connectd.formats.moved_config import (
    LEFT_OUT,
    feeds_without_address,
    for_another_place,
    without_secrets,
)

SECRET = "https://calendar.example.test/private/s3cr3t.ics"
TEXT = f"""\
# mine
[me]
name = "Alice"  # as others see it

[state]
path = "/home/alice/old.db"

[[feed]]
name = "work"
# was {SECRET} before, too
url = "{SECRET}"

[[feed]]
name = "tea"
url = "https://calendar.example.test/private/\\u0073.ics"
"""

FORMER = """\
url = "https://dav.example.test/#mine"  # was HTTPS://calendar.example.test/private/1
text = '''
# https://book.example.test/me
'''
#[[feed]]
# url = "webcal://calendar.example.test/private/2" # or https://calendar.example.test/private/3#a
"""


def test_no_address_stays_in_a_comment() -> None:
    told, feeds = without_secrets(FORMER)
    assert feeds == ()
    assert "private" not in told
    assert told.count(LEFT_OUT) == 3
    assert tomllib.loads(told) == tomllib.loads(FORMER)
    assert without_secrets(told) == (told, ())


def test_addresses_of_feeds_are_left_out_wherever_they_stand_and_all_else_stays() -> None:
    told, feeds = without_secrets(TEXT)
    assert feeds == ("work", "tea")
    assert "private" not in told
    assert told.startswith('# mine\n[me]\nname = "Alice"  # as others see it\n')
    expected = tomllib.loads(TEXT)
    for feed in expected["feed"]:
        feed["url"] = LEFT_OUT
    assert tomllib.loads(told) == expected


def test_the_feeds_that_need_an_address_are_known_until_they_have_one() -> None:
    told, _ = without_secrets(TEXT)
    assert feeds_without_address(told) == ("work", "tea")
    assert feeds_without_address(TEXT) == ()
    assert without_secrets(told) == (told, ())


def test_the_path_of_the_database_stays_behind() -> None:
    moved = tomllib.loads(for_another_place(TEXT))
    expected = tomllib.loads(TEXT)
    del expected["state"]["path"]
    assert moved == expected
    assert for_another_place('[me]\nname = "Alice"\n') == '[me]\nname = "Alice"\n'


@pytest.mark.parametrize("text", ["[me", "a = ", "[[feed]]\nurl", "x" * 20])
def test_what_is_no_toml_is_no_fault(text: str) -> None:
    for read in (without_secrets, for_another_place, feeds_without_address):
        with pytest.raises(ValueError, match=r"."):
            read(text)
