"""The log on standard error: with priorities for the journal, with times for everybody else."""

import logging
import os
from pathlib import Path

import pytest

from connectd.cli.log_lines import JournalFormatter, is_journal


@pytest.mark.parametrize(
    ("level", "priority"),
    [("CRITICAL", 2), ("ERROR", 3), ("WARNING", 4), ("INFO", 6), ("DEBUG", 7)],
)
def test_each_level_has_its_priority(level: str, priority: int) -> None:
    number = logging.getLevelNamesMapping()[level]
    record = logging.makeLogRecord({"levelno": number, "msg": "all %s", "args": ("quiet",)})
    assert JournalFormatter("%(message)s").format(record) == f"<{priority}>all quiet"


def test_each_line_of_a_traceback_has_it_too() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        1 // 0  # noqa: B018 - any traceback will do
    told = (caught.type, caught.value, caught.tb)
    record = logging.makeLogRecord({"levelno": logging.ERROR, "msg": "it failed", "exc_info": told})
    lines = JournalFormatter("%(message)s").format(record).splitlines()
    assert lines[0] == "<3>it failed"
    assert lines[-1] == "<3>ZeroDivisionError: integer division or modulo by zero"
    assert all(line.startswith("<3>") for line in lines)


def test_the_journal_is_what_the_variable_says_is_written_to(tmp_path: Path) -> None:
    with (tmp_path / "said").open("w") as stream:
        status = os.fstat(stream.fileno())
        assert is_journal(stream, f"{status.st_dev}:{status.st_ino}")
        assert not is_journal(stream, f"{status.st_dev}:{status.st_ino + 1}")
        assert not is_journal(stream, "")
