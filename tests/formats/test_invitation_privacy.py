"""Nothing that was written for the user alone is in any invitation, whoever does the asking.

Every private place holds a marker of its own; clients have copied the draft in their ways.
"""

# ruff: noqa: RUF001 (our titles have an en dash between their words)

import base64
import html
import re
from datetime import date
from urllib.parse import quote, unquote

import pytest
from client_rewrites import YESES, Rewrite, added, calcurse, cases, changed
from sample_drafts import (
    BOB,
    ME,
    MINE,
    NOW,
    SPAN,
    edited,
    lines,
    meeting,
    replaced,
    unfolded,
    with_lines,
)

from connectd.domain.agenda import Record, agenda_of
from connectd.domain.introductions import Introduction
from connectd.domain.model import Contact, Delivery, Encounter, Fact, Form, Span
from connectd.formats.amendments import marked
from connectd.formats.calendar_writer import Asked, draft, invitation
from connectd.formats.stored_event import read_stored
from connectd.formats.wording import DraftNotes, InvitationWords

REASONS = ("You owe him money since xqreason", "Carol Cole says he is xqsad")
BOOKS = (
    *(Fact(BOB.id, kind, f"xq{kind} of his", date(2026, 10, 5)) for kind in ("need", "offer")),
    Fact(BOB.id, "ask", "an xqask for a favour", date(2026, 10, 5)),
    Fact(BOB.id, "promised", "an xqpromise", date(2026, 10, 5), due=date(2026, 11, 5)),
)
CONFLICT = "“Therapy with Emil xqconflict”"
NOTE = "xqnote: talks too much"
CONTACT = BOB._replace(note=NOTE, tags=("xqtag",), birthday="--12-03")
DORA = Contact("dora-dow", "Dora Dow", ("dora@example.test",), "results", note="xqher")
AGENDA = (
    *("Ask about the xqdivorce", "xqshort"),
    *agenda_of(
        [CONTACT],
        SPAN.start.date(),
        Record(
            {DORA.id: DORA},
            [Encounter(BOB.id, date(2026, 10, 5))],
            BOOKS,
            [Introduction(DORA.id, BOB.id, NOW, "both fear the xqbecause")],
        ),
        ["Which xqquestion is yours?"],
    ).lines(),
)
MARKERS = (
    *("xqreason", "xqsad", "xqdivorce", "xqshort", "xqconflict", "xqnote", "xqalarm"),
    *("xqneed", "xqoffer", "xqask", "xqpromise", "xqtag", "xqbecause", "xqquestion"),
    *("too late", "last met", "birthday", "would be welcome", "one follow-up"),
    *("carol", "cole", "dora", "dow", "emil", "therapy", "owe him", "money"),
    *("draft by connectd", "never hears", "press accept", "say yes", "to talk about", "and why"),
    *("taken", "stays a draft", "lapse", "goes away"),
)


def private_draft(form: Form) -> str:
    notes = DraftNotes(Delivery.SERVER, SPAN.start, "Work", AGENDA)
    return draft(meeting(form, reasons=REASONS), [CONTACT], ME, notes, NOW)


def asked_with(
    stored: str, written: str, asked: Asked, span: Span = SPAN, words: str | None = None
) -> str:
    text = invitation(
        meeting(span=span, sequence=9, reasons=REASONS),
        [CONTACT],
        ME,
        stored,
        written=written,
        asked=asked,
        words=InvitationWords(words),
        now=NOW,
    )
    assert_nothing_private(text)
    return text


def assert_nothing_private(text: str) -> None:
    """Look for the markers in the object, also behind every encoding that a client may use."""
    plain = unfolded(text)
    readable = html.unescape(unquote(plain)).replace("\\n", " ").replace("\\", "")
    parts = [plain, readable, re.sub("<[^>]*>", "", readable)]
    for run in re.findall(r"[A-Za-z0-9+/]{16,}=*", plain):
        decoded = base64.b64decode(run + "=" * (-len(run) % 4), validate=False)
        parts.append(decoded.decode(errors="ignore"))
    for marker in MARKERS:
        for part in parts:
            assert marker not in " ".join(part.lower().split())


def copied(text: str) -> str:
    """The draft with a copy of its description in every place where a client could keep one."""
    words = read_stored(text).description
    flat = words.replace("\n", " ").replace(",", "\\,").replace(";", "\\;")
    page = "".join(f"<p>{html.escape(line)}</p>" for line in words.split("\n"))
    encoded = base64.b64encode(words.encode()).decode()
    with_html = changed(
        text,
        ("^DESCRIPTION:", f'DESCRIPTION;ALTREP="data:text/html,{quote(page)}":'),
        ("^SUMMARY:", f'SUMMARY;ALTREP="cid:{quote(words)}";X-LABEL=xqreason:'),
    )
    return with_lines(
        with_html,
        f'LOCATION;ALTREP="data:text/plain,{quote(words)}":Café Central',
        f"X-ALT-DESC;FMTTYPE=text/html:<html><body>{page}</body></html>",
        f"X-ALT-DESC;FMTTYPE=text/html;ENCODING=BASE64:{encoded}",
        f"X-MICROSOFT-DESCRIPTION;ENCODING=BASE64:{encoded}",
        "X-ENTITIES:&#120;qreason &#79;we &#104;im",
        "X-SHORT:xqshort",
        f'X-PARAMETER;HINT="{words[:60].replace(chr(10), " ")}":1',
        "X-SPLIT:xq<b>reason</b>",
        f"COMMENT:{flat}",
        f"X-WR-CALDESC:{flat}",
        "CONTACT:Carol Cole",
        "RELATED-TO:xqreason",
        "RESOURCES:xqreason",
        f"STYLED-DESCRIPTION;VALUE=TEXT;FMTTYPE=text/html:{page.replace(',', '').replace(';', '')}",
        "REQUEST-STATUS:2.0;xqreason",
        "BEGIN:VALARM",
        "ACTION:EMAIL",
        "TRIGGER:-PT15M",
        f"DESCRIPTION:{flat}",
        "SUMMARY:xqalarm buy flowers",
        "ATTENDEE;CN=xqalarm:mailto:carol@example.test",
        f"X-NOTE:{flat}",
        "END:VALARM",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER:-PT1H",
        "DESCRIPTION:xqalarm take a present",
        "END:VALARM",
        "BEGIN:VLOCATION",
        "UID:1",
        "NAME:xqreason",
        "END:VLOCATION",
    )


@pytest.mark.filterwarnings("ignore:Timezone .* is a globally unique TZID")
@pytest.mark.parametrize("asked", list(Asked))
@pytest.mark.parametrize(("form", "rewrite"), cases(YESES).values(), ids=cases(YESES))
class TestFromEveryClient:
    def test_as_it_stored_the_draft(self, form: Form, rewrite: Rewrite, asked: Asked) -> None:
        written = private_draft(form)
        text = asked_with(rewrite(written), written, asked)
        assert lines(text, "SUMMARY") == ["SUMMARY:Coffee – Alice Example & Bob Baker"]

    def test_with_copies_of_the_draft_everywhere(
        self, form: Form, rewrite: Rewrite, asked: Asked
    ) -> None:
        written = private_draft(form)
        text = asked_with(copied(rewrite(written)), written, asked)
        assert text.count("BEGIN:VALARM") >= 2
        assert "LOCATION:Café Central" in text

    def test_with_its_time_taken(self, form: Form, rewrite: Rewrite, asked: Asked) -> None:
        written = private_draft(form)
        for said_yes in (False, True):
            stored = marked(
                copied(rewrite(written)), CONFLICT, MINE, said_yes=said_yes, written=written
            )
            ours = marked(written, CONFLICT, MINE, said_yes=said_yes, written=written)
            for last in (ours, stored, written):
                assert "!" not in lines(asked_with(stored, last, asked), "SUMMARY")[0]

    def test_where_the_last_version_is_lost(
        self, form: Form, rewrite: Rewrite, asked: Asked
    ) -> None:
        asked_with(copied(rewrite(private_draft(form))), "lost", asked)


DESCRIPTION = read_stored(private_draft(Form.PLAIN)).description
LINES = DESCRIPTION.split("\n")
PIECES = {
    "without our first line": "\n".join(LINES[1:]),
    "the reasons": "\n".join(line for line in LINES if "xqreason" in line or "xqsad" in line),
    "one point of the agenda": "Let us talk: ask about the xqdivorce, please.",
    "a short point of the agenda": "XQSHORT!",
    "what was promised": "an xqpromise",
    "whom they may meet": "meeting Dora Dow would be welcome: both fear the xqbecause",
    "a question": "Which xqquestion is yours?",
    "as HTML": f"<html><p>{DESCRIPTION}</p></html>".replace("\n", "<br>"),
    "as HTML with tags within": "<b>Ask</b> <i>about</i> the&nbsp;<u>xqdivorce</u>",
    "as HTML with tags within words": "A<b>sk</b> about t<i>h</i>e xqdivor<u>ce</u>",
    "as HTML entities": "&#65;sk about the xqdivorc&#101;",
    "on one line": DESCRIPTION.replace("\n", " "),
    "below own words": f"See you there!\n\n{DESCRIPTION}",
    "the conflict": f"This time is taken: {CONFLICT}.\nSay yes once more.",
    "the conflict quoted": f"> This time is taken: {CONFLICT}. Nothing has been sent.",
}


@pytest.mark.parametrize("asked", list(Asked))
@pytest.mark.parametrize("piece", PIECES)
def test_a_piece_of_the_draft_that_the_user_kept_is_not_sent(piece: str, asked: Asked) -> None:
    written = private_draft(Form.PLAIN)
    stored = edited(written, lambda event: replaced(event, "DESCRIPTION", PIECES[piece]))
    asked_with(stored, written, asked)
    taken = marked(stored, CONFLICT, MINE, said_yes=True, written=written)
    asked_with(taken, written, asked)
    asked_with(taken, marked(written, CONFLICT, MINE, said_yes=True), asked)
    asked_with(taken, taken, asked)


@pytest.mark.parametrize("asked", list(Asked))
def test_own_words_are_sent_but_no_copy_beside_them(asked: Asked) -> None:
    written = private_draft(Form.INVITATION)
    stored = edited(written, lambda event: replaced(event, "DESCRIPTION", "Bring the plans."))
    noted = with_lines(stored, "COMMENT:xqreason", "X-ALT-DESC:xqreason", "X-COPY:Bring the plans.")
    text = asked_with(noted, written, asked)
    assert lines(text, "DESCRIPTION") == ["DESCRIPTION:Bring the plans."]
    assert lines(text, "X-") == lines(text, "COMMENT") == []


@pytest.mark.parametrize("asked", list(Asked))
def test_a_look_alike_brings_nothing_along(asked: Asked) -> None:
    written = private_draft(Form.PLAIN)
    stored = copied(calcurse("OK ? Bob Baker – coffee")(written))
    asked_with(stored, written, asked)


@pytest.mark.parametrize("asked", list(Asked))
def test_an_invitation_that_is_written_again_brings_nothing_in(asked: Asked) -> None:
    written = private_draft(Form.PLAIN)
    first = asked_with(written, written, asked)
    pasted = edited(first, lambda event: replaced(event, "DESCRIPTION", PIECES["the reasons"]))
    noted = changed(pasted, added("X-ALT-DESC:xqreason", "COMMENT:xqnote"))
    marker = edited(first, lambda event: replaced(event, "DESCRIPTION", LINES[0]))
    for stored in (first, pasted, noted, marker):
        asked_with(stored, first, asked)


def test_own_words_of_the_configuration_know_nothing_private() -> None:
    everything = "{name} {first_name} {me} {activity} {minutes} {day} {time}"
    written = private_draft(Form.PLAIN)
    text = asked_with(written, written, Asked.BY_SERVER, words=everything)
    assert lines(text, "DESCRIPTION") == [
        "DESCRIPTION:Bob Baker Bob Alice Example coffee 45 Tuesday 1 December 10:00 (Europe/Berlin)"
    ]


def test_the_markers_are_in_what_the_invitations_are_made_of() -> None:
    """The tests above could not fail if the private places were empty."""
    stored = marked(copied(private_draft(Form.PLAIN)), CONFLICT, MINE, said_yes=False)
    text = " ".join(unfolded(stored).lower().replace("\\n", " ").split())
    missing = [m for m in MARKERS if m not in text]
    assert missing == ["press accept", "lapse"]
