"""What the tests of the edges share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectd.edges.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "state" / "connectd.db") as opened:
        yield opened
