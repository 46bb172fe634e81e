"""A private file is written whole or not at all, and over no other unless told to."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectd.edges.private_file import write_private
from connectd.errors import WrongInputError


@pytest.fixture(autouse=True)
def _open_mask() -> Iterator[None]:
    before = os.umask(0o000)
    yield
    os.umask(before)


def test_only_the_owner_may_read_it_whatever_the_mask(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    write_private(path, b"people")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"people", 0o600)
    assert list(tmp_path.iterdir()) == [path]


def test_another_file_is_kept_or_replaced_as_wished(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("old")
    with pytest.raises(WrongInputError, match="exists already"):
        write_private(path, b"new")
    assert path.read_text() == "old"
    write_private(path, b"new", overwrite=True)
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("new", 0o600)
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_leads_to_the_file_that_is_replaced(tmp_path: Path) -> None:
    target, link = tmp_path / "target.csv", tmp_path / "link.csv"
    target.write_text("old")
    link.symlink_to(target)
    write_private(link, b"new", overwrite=True)
    assert (link.is_symlink(), target.read_text()) == (True, "new")


@pytest.mark.parametrize("overwrite", [False, True])
def test_what_is_no_file_stays(tmp_path: Path, overwrite: bool) -> None:  # noqa: FBT001 - given by pytest
    for path in (tmp_path, Path("/dev/null"), tmp_path / "missing" / "people.csv"):
        with pytest.raises(WrongInputError, match="could not be written"):
            write_private(path, b"new", overwrite=overwrite)
    assert list(tmp_path.iterdir()) == []
