"""An export as JSON: it comes back as it was, and whatever else comes is refused with reasons."""

import base64
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectd.domain.moving import Column, Record, Rows
from connectd.edges.smtp import Stage
from connectd.edges.store.mails import DELIVERED, DROPPED, QUEUED, REFUSED, UNKNOWN
from connectd.errors import ImportFileError
from connectd.formats.export_columns import STAGES
from connectd.formats.export_document import MAX_BYTES, Export, export_text, read_export

NEWEST = 2
INSTALLATION = "7e3c8f0e-6d5e-4a39-9d6d-2b3f6a8f5c11"
TEXT, MAYBE = Column(str, required=True), Column(str, required=False)
COUNT = Column(int, required=True)
SHAPE = {
    "former_contacts": {"contact": TEXT, "name": TEXT, "addresses": TEXT},
    "letters": {"key": TEXT, "message": Column(bytes, required=True), "stage": TEXT},
    "encounters": {"contact": TEXT, "on_day": TEXT, "meeting": MAYBE, "denied": COUNT},
}
BOB = {"contact": "bob-baker", "name": "Bob Baker", "addresses": '["bob@example.test"]'}
LETTER = {"key": "digest/2026-W49", "message": b"\r\n\xff", "stage": "queued"}
MET = {"contact": "bob-baker", "on_day": "2026-12-01", "meeting": None, "denied": 0}
ROWS: Rows = {"former_contacts": [BOB], "letters": [LETTER], "encounters": [MET]}


def shape(_version: int) -> dict[str, dict[str, Column]]:
    return SHAPE


def export(rows: Rows = ROWS, **files: str) -> Export:
    record = Record(INSTALLATION, "2026-11-01T08:00:00Z", rows)
    return Export(NEWEST, "connectd 1.0", "2026-12-01T09:00:00Z", files, record)


def changed(change: Callable[[dict[str, Any]], object]) -> bytes:
    """Return a good export after a change to its document."""
    document = json.loads(export_text(export()))
    change(document)
    return json.dumps(document).encode()


def problems(data: bytes) -> list[str]:
    with pytest.raises(ImportFileError) as refused:
        read_export(data, NEWEST, shape)
    return refused.value.problems


@settings(max_examples=40)
@given(st.text(), st.binary(), st.text(), st.integers(0, 1))
def test_it_comes_back_as_it_was(name: str, message: bytes, text: str, denied: int) -> None:
    whole = export(
        {
            "former_contacts": [{**BOB, "name": readable(name)}],
            "letters": [{**LETTER, "message": message}],
            "encounters": [{**MET, "denied": denied}],
        },
        **{"config.toml": readable(text)},
    )
    assert read_export(export_text(whole).encode(), NEWEST, shape) == whole


def readable(text: str) -> str:
    """Without lone surrogates, which no database holds."""
    return text.encode("utf-8", "replace").decode()


def test_the_document_is_as_the_page_describes_it() -> None:
    document = json.loads(export_text(export(**{"config.toml": "[me]"})))
    assert document.pop("records")["letters"] == [
        {**LETTER, "message": {"base64": base64.b64encode(b"\r\n\xff").decode()}}
    ]
    assert document == {
        "connectd_export": 1,
        "schema": NEWEST,
        "written_by": "connectd 1.0",
        "written_at": "2026-12-01T09:00:00Z",
        "installation": {"id": INSTALLATION, "installed_at": "2026-11-01T08:00:00Z"},
        "files": {"config.toml": "[me]"},
    }


def test_the_stages_are_those_of_the_outbox() -> None:
    assert {*Stage, QUEUED, DELIVERED, REFUSED, UNKNOWN, DROPPED} == STAGES


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is no JSON, or was cut off"),
        (b"\xff\xfe", "is no JSON, or was cut off"),
        (export_text(export()).encode()[:-40], "is no JSON, or was cut off"),
        (b"[" * 100_000, "is no JSON, or was cut off"),
        (b"9" * 10_000, "is no JSON, or was cut off"),
        (b"[]", "was not written by `connectd export`"),
        (b"name,email,category", "is no JSON"),
        (b'{"people": []}', "was not written by `connectd export`"),
        (b" " * (MAX_BYTES + 1), "is larger than 100 MB"),
    ],
    ids=["empty", "bytes", "cut off", "deep", "a number", "a list", "csv", "another", "large"],
)
def test_what_is_no_export_is_refused(data: bytes, words: str) -> None:
    (problem,) = problems(data)
    assert words in problem


@pytest.mark.parametrize("key", ["connectd_export", "schema"])
def test_a_newer_one_is_refused_with_what_to_do(key: str) -> None:
    (problem,) = problems(changed(lambda document: document.update({key: 3})))
    assert "newer connectd" in problem
    assert "upgrade" in problem


@pytest.mark.parametrize("wrong", [0, -1, True, 1.0, "1", None])
@pytest.mark.parametrize("key", ["connectd_export", "schema"])
def test_versions_are_whole_numbers(key: str, wrong: object) -> None:
    (problem,) = problems(changed(lambda document: document.update({key: wrong})))
    assert "whole numbers" in problem


def test_all_that_is_wrong_is_told_at_once_with_its_place() -> None:
    def spoil(document: dict[str, Any]) -> None:
        records = document["records"]
        records["former_contacts"] += [{**BOB, "contact": "../bob", "addresses": "[1]"}, 7]
        records["letters"][0]["message"] = {"base64": "!"}
        records["letters"][0]["stage"] = "flying"
        records["encounters"] += [{**MET, "on_day": "2026-13-01", "denied": 2}, {"contact": "b"}]
        records["secrets"] = []

    assert problems(changed(spoil)) == [
        "records: secrets is no table of records",
        "former_contacts, row 2: contact is no id like bob-baker",
        "former_contacts, row 2: addresses is no list of texts",
        "former_contacts, row 3: it is no object",
        "letters, row 1: message is not as it must be",
        "encounters, row 2: on_day is no day like 2026-12-01",
        "encounters, row 2: denied is neither 0 nor 1",
        "encounters, row 3: on_day is missing",
        "encounters, row 3: denied is missing",
    ]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda d: d.pop("files"), "files is missing"),
        (lambda d: d.update(more=1), "more is no key of an export"),
        (lambda d: d.update(installation=[]), "installation.id is no UUID"),
        (lambda d: d["installation"].update(id=INSTALLATION.upper()), "installation.id is no UUID"),
        (
            lambda d: d["installation"].update(installed_at="yesterday"),
            "installation.installed_at is no time like 2026-12-01T09:00:00Z",
        ),
        (lambda d: d.update(written_at=7), "written_at is no text"),
        (lambda d: d.update(files=[]), "files is no object"),
        (
            lambda d: d.update(files={"../.bashrc": ""}),
            "files: ../.bashrc is none of config.toml, questions.toml",
        ),
        (
            lambda d: d.update(files={"config.toml": 1}),
            "files: config.toml is no text, or far too long",
        ),
        (lambda d: d.update(records=[]), "records is no object"),
        (lambda d: d["records"].pop("letters"), "records: letters is missing, or no list"),
        (lambda d: d["records"].update(letters={}), "records: letters is missing, or no list"),
    ],
)
def test_what_is_wrong_around_the_rows_is_named(
    change: Callable[[dict[str, Any]], object], problem: str
) -> None:
    assert problems(changed(change)) == [problem]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.just("base64"), inner),
    max_leaves=4,
)


@settings(max_examples=60)
@given(st.data())
def test_whatever_stands_there_is_read_or_refused_never_a_fault(data: st.DataObject) -> None:
    document = json.loads(export_text(export()))
    places = [document, document["installation"], document["records"]]
    places += [rows[0] for rows in document["records"].values()]
    place = data.draw(st.sampled_from(places))
    place[data.draw(st.sampled_from(sorted(place)))] = data.draw(VALUES)
    with suppress(ImportFileError):
        read = read_export(json.dumps(document).encode(), NEWEST, shape)
        assert read.record.rows.keys() == SHAPE.keys()
