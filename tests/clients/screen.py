"""A screen that nobody looks at, for programs with windows."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from processes import running


@contextmanager
def screen(folder: Path) -> Iterator[str]:
    """Start Xvfb and a window manager, without which dialogs get no focus; yields DISPLAY."""
    with ExitStack() as stack:
        display = stack.enter_context(_xvfb(folder / "xvfb.log"))
        environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "DISPLAY": display}
        stack.enter_context(running(["openbox"], folder / "openbox.log", environment))
        yield display


@contextmanager
def _xvfb(log: Path) -> Iterator[str]:
    """Let the server choose a free display and say which, as soon as it can be used."""
    told, tell = os.pipe()
    command = ["Xvfb", "-displayfd", str(tell), "-screen", "0", "1280x960x24", "-nolisten", "tcp"]
    with open(told, "rb") as number, running(command, log, pass_fds=(tell,)):  # noqa: PTH123 - a pipe
        os.close(tell)
        line = number.readline().strip().decode()
        if not line:
            raise RuntimeError(f"Xvfb did not start; see {log}")
        yield f":{line}"
