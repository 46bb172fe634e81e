"""What the tests of the use cases share: installations of connectd on real servers."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from installation import NOW, CountedReader, Install, Installation, configuration
from servers import User


@pytest.fixture(scope="session")
def reader() -> Iterator[CountedReader]:
    with CountedReader() as reader:
        yield reader


@pytest.fixture
def install(tmp_path: Path, reader: CountedReader) -> Iterator[Install]:
    """Return what sets connectd up for a user; the options are those of ``configuration``."""
    made: list[Installation] = []

    def set_up(user: User, *, now: datetime = NOW, **options: object) -> Installation:
        folder = tmp_path / f"{len(made)}-{user.name}"
        folder.mkdir()
        text = configuration(user, folder, **options)  # type: ignore[arg-type] # passed on
        installation = Installation(folder, user, reader, text, now)
        made.append(installation)
        return installation

    yield set_up
    for installation in made:
        installation.close()


@pytest.fixture
def alice(user: User, install: Install) -> Installation:
    """Return connectd for somebody new, once on each kind of server."""
    return install(user)
