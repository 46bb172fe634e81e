import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from config_texts import HERE, HOME, SMALLEST, parse

from connectd import config
from connectd.config import Mail
from connectd.config_keys import SECTIONS, Form
from connectd.domain.model import MeetingRules

EXAMPLE = Path(__file__).parents[1] / "config.example.toml"


def uncommented(text: str) -> str:
    """The example with every optional key and table switched on."""
    return re.sub(r"(?m)^# (?=\[|[a-z_]+ = )", "", text)


def test_it_loads_and_shows_the_defaults() -> None:
    example = config.load(EXAMPLE, HOME)
    smallest = parse(SMALLEST)

    assert example.policy == smallest.policy
    assert example.accounts == smallest.accounts
    assert example._replace(path=HERE, me=smallest.me) == smallest


def test_it_loads_with_every_optional_key_switched_on() -> None:
    text = "\n".join(
        line
        for line in uncommented(EXAMPLE.read_text()).splitlines()
        if not line.startswith("token_command")
    )

    full = parse(text)

    assert full.mail == Mail(
        host="smtp.example.test",
        port=465,
        security="tls",
        username="alice",
        from_="alice@example.test",
        password_command=("pass", "show", "smtp"),
        ca_file=Path("/etc/ssl/private-ca.pem"),
    )
    assert full.state == parse(SMALLEST).state
    assert full.goal_starts
    assert full.accounts[0].accepted
    assert full.feeds


@pytest.mark.parametrize("name", SECTIONS)
def test_it_has_every_key_with_its_default(name: str) -> None:
    document = tomllib.loads(uncommented(EXAMPLE.read_text()))
    section = SECTIONS[name]
    tables: list[dict[str, Any]] = {
        Form.SINGLE: lambda: [document[name]],
        Form.REPEATED: lambda: document[name],
        Form.NAMED: lambda: list(document[name].values()),
    }[section.form]()

    for table in tables:
        assert set(table) == {key.name for key in section.keys}
        for key in section.keys:
            if key.default is not None and name != "hours":
                assert key.check(table[key.name]) == key.default


def test_every_key_has_a_line_of_comment() -> None:
    for line in EXAMPLE.read_text().splitlines():
        if re.match(r"(# )?[a-z_]+ = ", line):
            assert re.search(r"\S  +# \S", line), line


def test_every_rule_of_the_domain_can_be_configured() -> None:
    configurable = {key.name for key in SECTIONS["meeting"].keys}

    assert configurable == set(MeetingRules._fields)


def test_the_configuration_is_read_without_heavy_imports() -> None:
    program = (
        "import sys, pathlib; from connectd import config\n"
        f"config.load(pathlib.Path({str(EXAMPLE)!r}), {{'HOME': '/'}})\n"
        "print(*sorted(sys.modules))"
    )
    finished = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    loaded = set(finished.stdout.split())
    heavy = {"caldav", "niquests", "icalendar", "keyring", "difflib", "asyncio", "email", "logging"}
    assert "connectd.config" in loaded
    assert not heavy & loaded
