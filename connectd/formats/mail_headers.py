"""What stands in the headers of mails: names with addresses, and words (RFC 5322, RFC 2047)."""

from email.header import Header

from connectd.domain.addresses import valid_address
from connectd.errors import SenselessError
from connectd.formats.plain_text import clean

LONGEST_LINE = 76
_LONGEST_PLAIN = 60
_LONGEST_TEXT = 200


def mailbox(name: str, address: str) -> str:
    """A name with its address, as in From and To.

    Raises SenselessError if the address is none.
    """
    if not valid_address(address):
        raise SenselessError(f"{address!r} is not an e-mail address; please correct it.")
    shown = clean(name, _LONGEST_TEXT)
    if not shown:
        return address
    if _is_plain(shown):
        quoted = shown.replace("\\", "\\\\").replace('"', '\\"')
        phrase = f'"{quoted}"'
    else:
        phrase = _encoded(shown)
    gap = " " if len(phrase) + len(address) < _LONGEST_PLAIN else "\r\n "
    return f"{phrase}{gap}<{address}>"


def header_text(text: str) -> str:
    """A text as in Subject, on one line."""
    shown = clean(text, _LONGEST_TEXT)
    return shown if _is_plain(shown) else _encoded(shown)


def _is_plain(text: str) -> bool:
    """Whether it can stand in a header as it is: short ASCII that looks like no encoded word."""
    return text.isascii() and len(text) <= _LONGEST_PLAIN and "=?" not in text


def _encoded(text: str) -> str:
    """Encoded words, one a line (RFC 2047).

    Not by EmailMessage: it loses blanks between them, and it decodes what looks like one in a
    name, line breaks for further headers included.
    """
    header = Header(text.encode(), "utf-8", maxlinelen=LONGEST_LINE, header_name="Message-ID")
    return header.encode(linesep="\r\n")
