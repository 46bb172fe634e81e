"""`connectd setup` where all is well, on each kind of server."""

import stat
import tomllib

import pytest
from servers import User
from shell import Shell


def options(user: User, **other: str | None) -> list[str]:
    """Return the words of a first setup for this user; None leaves an option out."""
    given: dict[str, str | None] = {
        "url": user.url,
        "username": user.name,
        "email": user.email,
        "name": "Alice Example",
        "timezone": "Europe/Berlin",
        "password-command": f"echo {user.password}",
        "ca-file": user.ca_file,
    } | other
    words = [word for name, value in given.items() if value for word in (f"--{name}", value)]
    return ["setup", "--yes", *words]


def mode(shell: Shell) -> tuple[int, int]:
    file, folder = shell.config, shell.config.parent
    return stat.S_IMODE(file.stat().st_mode), stat.S_IMODE(folder.stat().st_mode)


def test_a_first_setup_makes_all_that_is_needed(shell: Shell, user: User) -> None:
    before = set(user.dav.hrefs(user.home))

    done = shell.json(*options(user))

    (made,) = set(user.dav.hrefs(user.home)) - before
    assert done["config"] == str(shell.config)
    assert done["drafts"] == {"name": "Connections", "url": made, "created": True}
    assert done["server_schedules"] is user.schedules
    assert user.calendar in [calendar["url"] for calendar in done["calendars"]]
    assert user.dav.objects(made) == {}
    assert mode(shell) == (0o600, 0o700)
    assert [path.name for path in shell.config.parent.iterdir()] == ["config.toml"]
    assert shell.json("tick")["complete"] is True


def test_the_drafts_calendar_may_be_there_already(shell: Shell, alice: User) -> None:
    mine = f"{alice.home}mine/"
    alice.dav.mkcalendar(mine, "Mine").expect(201)
    before = alice.dav.hrefs(alice.home)

    done = shell.json(*options(alice, drafts="Mine", busy="Calendar"))

    assert done["drafts"] == {"name": "Mine", "url": mine, "created": False}
    assert alice.dav.hrefs(alice.home) == before
    assert alice.dav.objects(mine) == {}
    (account,) = tomllib.loads(shell.config.read_text())["account"]
    assert (account["busy"], account["drafts"]) == (["Calendar"], "Mine")


def test_words_for_people_say_how_to_say_yes_and_what_comes_next(shell: Shell, alice: User) -> None:
    said = shell.ok(*options(alice)).out

    assert "Drafts go to the calendar “Connections”, made for it." in said
    assert "Accept" in said
    assert "connectd contacts add" in said
    assert "connectd run" in said
    assert "connectd run" not in shell.ok("setup", "--yes", "--no-service").out


def test_a_second_run_changes_what_was_asked_and_keeps_the_rest(shell: Shell, alice: User) -> None:
    shell.ok(*options(alice))
    shell.reconfigure("months = 6", "months = 9  # until the move")
    shell.configure(shell.config.read_text() + "\n# my own words\n[meeting]\nminutes = 30\n")
    shell.config.chmod(0o644)
    before = shell.config.read_text()

    again = shell.json("setup", "--yes", "--busy", "Calendar", "--timezone", "Europe/Paris")

    assert again["drafts"]["created"] is False
    assert shell.config.read_text() == before.replace('"*"', '"Calendar"').replace(
        "Europe/Berlin", "Europe/Paris"
    )
    assert mode(shell) == (0o600, 0o700)


def test_a_configuration_that_is_a_link_stays_one(shell: Shell, alice: User) -> None:
    kept = shell.folder / "dotfiles" / "connectd.toml"
    shell.ok(*options(alice))
    kept.parent.mkdir()
    shell.config.rename(kept)
    shell.config.symlink_to(kept)

    shell.ok("setup", "--yes", "--months", "12")

    assert shell.config.is_symlink()
    assert tomllib.loads(kept.read_text())["goal"]["months"] == 12


def test_another_address_becomes_the_organizer_and_the_old_one_stays_mine(
    shell: Shell, alice: User
) -> None:
    shell.ok(*options(alice))

    shell.ok("setup", "--yes", "--email", "new@example.test")

    me = tomllib.loads(shell.config.read_text())["me"]
    assert me["emails"] == ["new@example.test", alice.email]


@pytest.mark.parametrize("missing", ["url", "email", "name", "timezone"])
def test_what_is_missing_is_named(shell: Shell, alice: User, missing: str) -> None:
    refused = shell.run(*options(alice, **{missing: None})).ends_with(2)

    assert f"Please give --{missing} as well." in refused.err
    assert shell.files() == {}
