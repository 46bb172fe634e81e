"""Which text is an e-mail address that may stand in a calendar, a mail or the configuration."""

import re

_ATOM = r"[A-Za-z0-9!$&'*+=_~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@{_LABEL}(?:\.{_LABEL})*")
_LONGEST = 254
_LONGEST_LOCAL_PART = 64


def valid_address(text: str) -> bool:
    """Whether ``text`` is exactly one plain ASCII address (RFC 5321 4.1.2, no quoted part).

    Narrower than the RFC on purpose: what would need escaping in a ``mailto:`` URI or a mail
    header (``?``, ``%``, ``,``, ``<``, quotes, blanks, control characters) is no address here.
    """
    if len(text) > _LONGEST:
        return False
    match = _ADDRESS.fullmatch(text)
    return match is not None and len(match[1]) <= _LONGEST_LOCAL_PART
