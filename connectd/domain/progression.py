"""The connection progression: which step a relation stands on."""

from collections.abc import Collection

from connectd.domain.model import Step

_MEETINGS_BEFORE_HELPING_THEM = 2


def step_of(meetings_held: int, recorded: Collection[str]) -> Step:
    """The step, from the number of meetings held and the kinds of facts recorded.

    ========== ====================================================
    connect    no meeting took place yet
    help_me    one did; they have not helped me yet
    help_them  two did, or they have helped me
    introduce  and I have helped them
    ========== ====================================================
    """
    if meetings_held == 0:
        return Step.CONNECT
    if meetings_held < _MEETINGS_BEFORE_HELPING_THEM and "helped_me" not in recorded:
        return Step.HELP_ME
    if "helped" not in recorded:
        return Step.HELP_THEM
    return Step.INTRODUCE
