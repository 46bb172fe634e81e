"""What the answers of two people to one invitation come to."""

from collections.abc import Iterable, Sequence

from connectd.domain.model import Reply

_WEIGHT = (Reply.NONE, Reply.TENTATIVE, Reply.ACCEPTED, Reply.DECLINED)


def together(replies: Sequence[Reply]) -> Reply:
    """One answer for all: a single no is a no, and a yes takes everybody's."""
    if Reply.DECLINED in replies:
        return Reply.DECLINED
    if replies and all(reply is Reply.ACCEPTED for reply in replies):
        return Reply.ACCEPTED
    return Reply.TENTATIVE if Reply.TENTATIVE in replies else Reply.NONE


def strongest(replies: Iterable[Reply]) -> Reply:
    """The one that counts most, a no above all; NONE where there is none."""
    return max(replies, key=_WEIGHT.index, default=Reply.NONE)
