"""Everything on record as one JSON document, and back; ``docs/backup.md`` describes it."""

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from connectd.domain.moving import Column, Record, Row, Shape, Value
from connectd.errors import ImportFileError
from connectd.formats.export_columns import problems_of
from connectd.formats.plain_text import clean

FORMAT = 1
MAX_BYTES = 100_000_000
FILES = ("config.toml", "questions.toml")
"""The files of the user that move too, by their names beside each other."""

_KEYS = (
    "connectd_export",
    "schema",
    "written_by",
    "written_at",
    "installation",
    "files",
    "records",
)
_NO_EXPORT = (
    "the file was not written by `connectd export`; lists of people are for "
    "`connectd contacts import`"
)
_NEWER = (
    "the file was written by a newer connectd than this one: upgrade connectd here, then import "
    "it again"
)
_SHOWN = 60
_LONGEST_FILE = 1_000_000


class Export(NamedTuple):
    """A whole export: rows of the database's version ``schema``, and the user's files by name."""

    schema: int
    written_by: str
    written_at: str
    files: Mapping[str, str]
    record: Record


def export_text(export: Export) -> str:
    """Write it; the same is always written in the same way."""
    document = {
        "connectd_export": FORMAT,
        "schema": export.schema,
        "written_by": export.written_by,
        "written_at": export.written_at,
        "installation": {
            "id": export.record.installation,
            "installed_at": export.record.installed_at,
        },
        "files": dict(export.files),
        "records": {
            table: [{column: _json(value) for column, value in row.items()} for row in rows]
            for table, rows in export.record.rows.items()
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def read_export(data: bytes, newest: int, shape: Callable[[int], Shape]) -> Export:
    """Read one; ``shape`` gives the tables of each version of the database up to ``newest``.

    Raises ImportFileError with everything that is wrong with it.
    """
    document = _document(data)
    schema = _version(document, newest)
    problems = list(_frame_problems(document))
    if problems:
        raise ImportFileError(problems)
    rows: dict[str, list[Row]] = {}
    problems += _table_problems(document["records"], shape(schema))
    for table, columns in shape(schema).items():
        listed = document["records"].get(table)
        rows[table] = []
        for number, row in enumerate(listed if isinstance(listed, list) else [], 1):
            wrong, read = _row(row, columns)
            wrong = wrong or list(problems_of(table, read))
            problems += [f"{table}, row {number}: {clean(one)}" for one in wrong]
            rows[table].append(read)
    if problems:
        raise ImportFileError(problems)
    return Export(
        schema,
        document["written_by"],
        document["written_at"],
        document["files"],
        Record(document["installation"]["id"], document["installation"]["installed_at"], rows),
    )


def _json(value: Value) -> object:
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    return value


def _document(data: bytes) -> dict[str, Any]:
    if len(data) > MAX_BYTES:
        raise ImportFileError([f"the file is larger than {MAX_BYTES // 1_000_000} MB"])
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ImportFileError(
            [f"the file is no JSON, or was cut off: {clean(str(error))}"]
        ) from error
    if not isinstance(document, dict) or "connectd_export" not in document:
        raise ImportFileError([_NO_EXPORT])
    return document


def _version(document: dict[str, Any], newest: int) -> int:
    """The version of the database, once it is clear that this program can read it."""
    written, schema = (document.get(key) for key in ("connectd_export", "schema"))
    if type(written) is not int or type(schema) is not int or min(written, schema) < 1:
        raise ImportFileError(["connectd_export and schema must be whole numbers from 1 on"])
    if written > FORMAT or schema > newest:
        raise ImportFileError([_NEWER])
    return schema


def _frame_problems(document: dict[str, Any]) -> Iterator[str]:
    """What is wrong with everything but the rows."""
    yield from (f"{key} is missing" for key in _KEYS if key not in document)
    yield from (
        f"{clean(key, _SHOWN)} is no key of an export" for key in document.keys() - set(_KEYS)
    )
    for key in ("written_by", "written_at"):
        if not isinstance(document.get(key, ""), str):
            yield f"{key} is no text"
    installation = document.get("installation", {})
    if not isinstance(installation, dict) or not _is_uuid(installation.get("id")):
        yield "installation.id is no UUID"
    elif list(problems_of("installation", {"at": str(installation.get("installed_at"))})):
        yield "installation.installed_at is no time like 2026-12-01T09:00:00Z"
    yield from _file_problems(document.get("files", {}))
    if not isinstance(document.get("records", {}), dict):
        yield "records is no object"


def _file_problems(files: Any) -> Iterator[str]:  # noqa: ANN401 - whatever JSON has
    if not isinstance(files, dict):
        yield "files is no object"
        return
    for name, text in files.items():
        if name not in FILES:
            yield f"files: {clean(name, _SHOWN)} is none of {', '.join(FILES)}"
        elif not isinstance(text, str) or len(text) > _LONGEST_FILE:
            yield f"files: {name} is no text, or far too long"


def _table_problems(records: dict[str, Any], shape: Shape) -> Iterator[str]:
    for table in records.keys() - shape.keys():
        yield f"records: {clean(table, _SHOWN)} is no table of records"
    for table in shape:
        if not isinstance(records.get(table), list):
            yield f"records: {table} is missing, or no list"


def _row(row: Any, columns: Mapping[str, Column]) -> tuple[list[str], dict[str, Value]]:  # noqa: ANN401 - whatever JSON has
    """What is wrong with the types of a row, and the row; which is whole if nothing is."""
    if not isinstance(row, dict):
        return ["it is no object"], {}
    problems = [f"{clean(name, _SHOWN)} is no column" for name in row.keys() - columns.keys()]
    read: dict[str, Value] = {}
    for name, column in columns.items():
        value = _value(row.get(name))
        read[name] = value
        if value is None and (column.required or row.get(name) is not None):
            problems.append(
                f"{name} is missing" if name not in row else f"{name} is not as it must be"
            )
        elif value is not None and type(value) is not column.kind:
            problems.append(f"{name} is not as it must be")
    return problems, read


def _value(value: Any) -> Value:  # noqa: ANN401 - whatever JSON has
    """A text without what no database keeps, a whole number or bytes; None for all else."""
    if isinstance(value, dict) and value.keys() == {"base64"}:
        try:
            return base64.b64decode(value["base64"], validate=True)
        except (TypeError, ValueError, binascii.Error):
            return None
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    return value if type(value) is int else None


def _is_uuid(text: object) -> bool:
    try:
        return isinstance(text, str) and str(UUID(text)) == text
    except ValueError:
        return False
