"""What this machine tells of its user's time zone, in whatever way its system keeps it."""

import os
import pwd
from pathlib import Path

import pytest

from connectd.edges.this_machine import time_zone, users_name


@pytest.mark.parametrize(
    ("link", "file", "variable", "zone"),
    [
        ("/usr/share/zoneinfo/Europe/Berlin", None, "", "Europe/Berlin"),
        ("../usr/share/zoneinfo/Europe/Berlin", "Europe/Paris\n", "", "Europe/Berlin"),
        (None, "Europe/Paris\n", "", "Europe/Paris"),
        ("/usr/share/zoneinfo/Europe/Berlin", None, "Asia/Tokyo", "Asia/Tokyo"),
        (None, None, ":/usr/share/zoneinfo/Asia/Tokyo", "Asia/Tokyo"),
        ("/somewhere/else", None, "", ""),
        (None, None, "", ""),
    ],
)
def test_the_time_zone(
    tmp_path: Path, link: str | None, file: str | None, variable: str, zone: str
) -> None:
    (tmp_path / "etc").mkdir()
    if link:
        (tmp_path / "etc/localtime").symlink_to(link)
    if file:
        (tmp_path / "etc/timezone").write_text(file)

    assert time_zone({"TZ": variable}, tmp_path) == zone


def test_the_name_of_the_user_is_the_first_part_of_what_the_system_knows() -> None:
    assert pwd.getpwuid(os.getuid()).pw_gecos.startswith(users_name())
    assert "," not in users_name()
