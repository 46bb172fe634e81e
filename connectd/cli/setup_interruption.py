"""How `connectd setup` is stopped half-way: at once, and with time to take everything back."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_ENDING = (signal.SIGHUP, signal.SIGTERM)
_OF_A_SIGNAL = 128


@contextmanager
def interrupted_once() -> Iterator[None]:
    """Hear one signal: a second one must not stop what takes everything back after it.

    Ctrl-C raises KeyboardInterrupt inside, a terminal that is closed and SIGTERM raise SystemExit.
    """
    heeded = [one for one in _ENDING if signal.getsignal(one) is signal.SIG_DFL]

    def stop(number: int, _frame: FrameType | None) -> None:
        for one in (signal.SIGINT, *heeded):
            signal.signal(one, signal.SIG_IGN)
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(_OF_A_SIGNAL + number)

    before = {one: signal.signal(one, stop) for one in (signal.SIGINT, *heeded)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
