"""What the tests of the edges share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from store_builders import meeting

from connectd.edges.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "state" / "connectd.db") as opened:
        yield opened


@pytest.fixture
def known(store: Store) -> Store:
    """A store that knows two meetings."""
    for uid in ("m-1", "m-2"):
        store.save_meeting(meeting(uid), was=None)
    return store
