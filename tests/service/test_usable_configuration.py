"""Of a configuration that is wrong, what is right can be used still."""

from pathlib import Path

import tomlkit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectd.config_keys import SECTIONS
from connectd.service.doctor.usable import usable_part

HERE = Path("/home/alice/config.toml")
HOME = {"HOME": "/home/alice"}
ACCOUNT = '[[account]]\nname = "{}"\nurl = "https://dav.example.test/"\nusername = "alice"\n'
ME = '[me]\nname = "Alice"\nemails = ["alice@example.test"]\ntimezone = "Europe/Berlin"\n'
GOAL = "[goal]\npeople_per_month = 3\n"


def test_nothing_is_of_no_use() -> None:
    for text in (None, "", "[me\n", "me = 3"):
        config = usable_part(text, HERE, HOME)
        assert config.accounts == ()
        assert config.mail is None
        assert config.state == Path("/home/alice/.local/state/connectd/connectd.db")


def test_what_is_right_stays() -> None:
    wrong = 'colour = "red"\nbusy = 3\n'
    text = GOAL + ACCOUNT.format("one") + wrong + 'drafts = "Mine"\n' + ACCOUNT.format("two")
    config = usable_part(text + '[state]\npath = "x.db"\n[daemon]\nevery_minutes = 7\n', HERE, HOME)
    assert [(one.name, one.drafts) for one in config.accounts] == [("one", "Mine"), ("two", None)]
    assert config.accounts[0].busy == ("*",)
    assert config.state == Path("/home/alice/x.db")
    assert config.daemon.every_minutes == 7


def test_what_does_not_go_together_is_left_out() -> None:
    people = '[people]\ngroup = "x"\naccount = "nobody"\n'
    mail = '[mail]\nhost = "smtp.example.test"\nsecurity = "none"\n'
    text = ME + GOAL + ACCOUNT.format("one") + ACCOUNT.format("one") + people + mail
    config = usable_part(text, HERE, HOME)
    assert [(one.name, one.drafts) for one in config.accounts] == [("one", None)]
    assert config.people is None
    assert config.mail is None
    assert config.me.name == "Alice"


VALUES = st.recursive(
    st.one_of(st.integers(-5, 50), st.booleans(), st.sampled_from(["", "x", "none", "2026-11"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(st.sampled_from(["name", "x"]), inner, max_size=2),
    ),
    max_leaves=4,
)
KEYS = sorted({key.name for section in SECTIONS.values() for key in section.keys})
TABLES = st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=4)
RIGHT = tomlkit.parse(ME + GOAL + ACCOUNT.format("one") + 'drafts = "Mine"\n').unwrap()


@given(
    wrong=st.dictionaries(
        st.sampled_from([*SECTIONS, "else"]),
        st.one_of(VALUES, TABLES, st.lists(TABLES, max_size=2)),
        max_size=5,
    )
)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_wrong_something_can_be_used(wrong: dict[str, object]) -> None:
    usable_part(tomlkit.dumps(RIGHT | wrong), HERE, HOME)
