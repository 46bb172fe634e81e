"""What is on record, as rows of tables that can move to another machine."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from connectd.domain.model import OPEN

Value = str | int | bytes | None
Row = Mapping[str, Value]
"""What the database holds, by column. Times are UTC and written ``2026-12-01T09:00:00Z``, so that
they compare as texts; days are ``2026-12-01``, truths 0 and 1, lists JSON."""

Rows = Mapping[str, Sequence[Row]]
"""Rows by the name of their table."""

OPEN_STATES = frozenset(state.value for state in OPEN)
ENDED_STAGES = frozenset({"sent", "refused", "unknown", "dropped"})
"""Where a mail or a letter stands that nobody hands over any more."""


class Column(NamedTuple):
    """What the database takes in a column: ``str``, ``int`` or ``bytes``, or nothing at all."""

    kind: type[str | int | bytes]
    required: bool


Shape = Mapping[str, Mapping[str, Column]]
"""The columns of each table that moves, in one version of the database."""


class Record(NamedTuple):
    """Everything on record in one place."""

    installation: str
    installed_at: str
    rows: Rows


class Change(NamedTuple):
    """A row to be added or, where ``where`` is a key, the columns to be set in the row it means.

    ``drop`` says that this row is to go instead.
    """

    table: str
    row: Row
    where: Row | None = None
    drop: bool = False


def text_of(row: Row, column: str) -> str:
    """What a column of texts holds, for a sentence."""
    return str(row[column])


def keyed(row: Row, key: Sequence[str]) -> tuple[Value, ...]:
    """What a row holds in the columns of a key."""
    return tuple(row[column] for column in key)
