"""Writes down everything on record, and the user's files, for another machine."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from connectd import __version__
from connectd.config import Config
from connectd.domain.moving import Record
from connectd.edges.store import Store
from connectd.edges.store.columns import time_text
from connectd.edges.store.moving import read_record
from connectd.errors import ConfigError
from connectd.formats.export_document import FILES, Export, export_text
from connectd.formats.moved_config import without_secrets

CONFIGURATION, QUESTIONS = FILES


class Exported(NamedTuple):
    """The text of an export and what is in it. ``feeds`` are those whose addresses are not."""

    text: str
    record: Record
    feeds: tuple[str, ...]


def export(config: Config, store: Store, now: datetime) -> Exported:
    """Write all of it as of one moment; a daemon may run meanwhile.

    Raises ConfigError where one of the user's files cannot be read.
    """
    configuration, feeds = without_secrets(_text(config.path))
    files = {CONFIGURATION: configuration}
    questions = config.path.absolute().parent / QUESTIONS
    if questions.exists():
        files[QUESTIONS] = _text(questions)
    record = read_record(store)
    written_by = f"connectd {__version__}"
    whole = Export(store.database.version, written_by, time_text(now), files, record)
    return Exported(export_text(whole), record, feeds)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(["is not UTF-8 text; save it as UTF-8"], str(path)) from error
    except OSError as error:
        raise ConfigError([f"cannot be read: {error.strerror}"], str(path)) from error
