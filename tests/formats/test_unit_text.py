"""How a shipped unit comes to fit one installation."""

import shutil
import subprocess

import pytest
from missing import leave_out

from connectd.formats.unit_text import Particulars, can_stand_in_a_unit, timer_text, unit_text

SHIPPED = """# Kept as it is: ExecStart=
[Service]
ExecStartPre=+mkdir -p -m 0700 %h/.local/state/connectd
ExecStart=%h/.local/bin/connectd run
ReadWritePaths=%h/.local/state/connectd
MemoryDenyWriteExecute=yes
"""


def test_each_path_stands_where_it_belongs() -> None:
    particulars = Particulars(
        command=["/opt/100% $mine/connectd", "--config", "/etc/my $config.toml", "run"],
        environment={"XDG_STATE_HOME": "/srv/my $state"},
        writable=["/srv/my $state/connectd"],
    )
    assert unit_text(SHIPPED, particulars) == (
        "# Kept as it is: ExecStart=\n"
        "[Service]\n"
        'ExecStartPre=+mkdir -p -m 0700 "/srv/my $$state/connectd"\n'
        'Environment="XDG_STATE_HOME=/srv/my $state"\n'
        'ExecStart="/opt/100%% $mine/connectd" --config "/etc/my $$config.toml" run\n'
        'ReadWritePaths="/srv/my $state/connectd"\n'
        "MemoryDenyWriteExecute=yes\n"
    )


def test_commands_of_the_user_may_write_at_home_and_make_code() -> None:
    text = unit_text(SHIPPED, Particulars(command=["/c"], writable=["/s"], home="/home/a"))
    assert "ReadWritePaths=/s /home/a %t\n" in text
    assert "MemoryDenyWriteExecute" not in text


@pytest.mark.parametrize("word", ["a\nb", "a'b", 'a"b', "a\\b", "a\udcffb", ""])
def test_what_systemd_would_misread_cannot_stand_in_a_unit(word: str) -> None:
    assert not can_stand_in_a_unit(word)
    assert can_stand_in_a_unit("/home/ä b/100% $x")


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(1, "*:0/1"), (7, "*:0/7"), (59, "*:0/59"), (60, "0/1:00"), (150, "0/2:00"), (1440, "daily")],
)
def test_the_timer_comes_as_often_as_the_configuration_says(minutes: int, expected: str) -> None:
    text = timer_text("[Timer]\nOnCalendar=*:0/5\nPersistent=true\n", minutes)
    assert text == f"[Timer]\nOnCalendar={expected}\nPersistent=true\n"
    if shutil.which("systemd-analyze") is None:
        leave_out("systemd-analyze", "systemd")
    subprocess.run(["systemd-analyze", "calendar", expected], check=True, capture_output=True)
